-- One step of a conversation in one call, and so in one transaction: the case, the chat's place and
-- the update that caused it, all or nothing. What is null does not change. A row is expected to be
-- at a version, and after a step with a hash: the same that the new step's own was worked out with.

-- A log's table with a step's changes: by id a new document, or null to take it away.
create function patched_table(documents jsonb, changes jsonb) returns jsonb
language plpgsql immutable as $$
declare
    gone text[] := array(select key from jsonb_each(changes) where value = 'null');
begin
    documents := coalesce(documents, '{}') || changes;
    if cardinality(gone) > 0 then
        documents := documents - gone;
    end if;
    return documents;
end
$$;

-- The same for several tables.
create function patched(tables jsonb, changes jsonb) returns jsonb
language plpgsql immutable as $$
declare
    name   text;
    change jsonb;
begin
    for name, change in select * from jsonb_each(changes) loop
        tables := tables || jsonb_build_object(name, patched_table(tables -> name, change));
    end loop;
    return tables;
end
$$;

-- A case's step alone (a lead's change, an import), and a part of keep_step.
create function keep_case_step(
    case_log bigint, expected integer, after text, changes jsonb, summarised jsonb,
    step_at text, step_by text, step_event text, step_why text, step_patch json, step_hash text
) returns void
language plpgsql as $$
begin
    update cases set
        version = version + 1, hash = step_hash, at = step_at,
        document = patched(document, changes - 'answers'),
        answers = case when changes ? 'answers'
                  then patched_table(answers, changes -> 'answers') else answers end
    where log = case_log and version = expected and hash = after;
    if not found then
        raise exception 'another case' using errcode = 'CW001';
    end if;
    update summaries set
        changed = pg_current_xact_id(),
        summary = coalesce(summarised, summary || jsonb_build_object('at', step_at))
    where log = case_log;
    insert into steps (log, n, at, by, event, why, patch, hash) values
        (case_log, expected + 1, step_at, step_by, step_event, step_why, step_patch, step_hash);
end
$$;

-- A chat's step alone (it takes a seat), and a part of keep_step.
create function keep_chat_step(
    chat_name text, now_inspection text, now_opened text, now_place jsonb,
    step_at text, step_by text, step_event text, step_patch json, step_hash text
) returns void
language plpgsql as $$
begin
    with moved as (
        update chats set
            version = version + 1, hash = step_hash,
            inspection = now_inspection, opened = now_opened, place = now_place
        where chat = chat_name
        returning log, version
    )
    insert into steps (log, n, at, by, event, patch, hash)
    select log, version, step_at, step_by, step_event, step_patch, step_hash from moved;
end
$$;

create function keep_step(
    chat_name text, chat_expected integer, chat_after text, update_id bigint,
    step_at text, step_by text, step_event text,
    case_log bigint, case_expected integer, case_after text, case_changes jsonb, summarised jsonb,
    case_patch json, case_hash text,
    now_inspection text, now_opened text, now_place jsonb, chat_patch json, chat_hash text
) returns void
language plpgsql as $$
declare
    known bigint[];
begin
    -- Whoever else has something of this chat waits here; then it finds the chat changed.
    select applied into known from chats
    where chat = chat_name and version = chat_expected and hash = chat_after for update;
    if not found or update_id = any (known) then
        raise exception 'another chat' using errcode = 'CW001';
    end if;
    if case_log is not null then
        perform keep_case_step(
            case_log, case_expected, case_after, case_changes, summarised,
            step_at, step_by, step_event, null, case_patch, case_hash
        );
    end if;
    if now_place is not null then
        perform keep_chat_step(
            chat_name, now_inspection, now_opened, now_place,
            step_at, step_by, step_event, chat_patch, chat_hash
        );
    end if;
    if update_id is not null then
        update chats set applied = (known || update_id)[greatest(cardinality(known) - 198, 1):]
        where chat = chat_name;
    end if;
end
$$;
