-- A journal (storage/journal.py) as rows: logs of steps, blobs, summaries of logs, leases.
-- Names are compared byte by byte, so that a folder's are next to each other.

-- A log as it stands: its last step's number, hash and time. `tables` are what its first `folded`
-- steps come to; a reader folds the few lines since. Both are json, not jsonb, which would
-- lose the order of keys and refuse some texts.
create table logs (
    name        text    collate "C" primary key,
    version     integer not null,
    hash        text    not null,
    at          text    not null,
    folded      integer not null,
    folded_hash text    not null,
    tables      json    not null
) with (fillfactor = 80);

-- Inspections whose ids differ in upper and lower case only are the same, as in files everywhere.
create unique index logs_of_inspections on logs (lower(name)) where name like '%/inspection';

-- `line` is the line that the embedded store's file would hold: the hash is over its very bytes.
create table steps (
    log  text    collate "C" not null,
    n    integer not null,
    hash text    not null,
    line json    not null,
    primary key (log, n)
);

create table blobs (
    name    text  collate "C" primary key,
    content bytea not null
);

alter table blobs alter column content set storage external;  -- photos do not get smaller

-- A few figures of a log, apart from it so that a folder's are a narrow table's rows. `changed` says
-- by which transaction: whoever knows the rows up to one asks for those since.
create table summaries (
    log     text  collate "C" primary key,
    folder  text  collate "C" not null,
    changed xid8  not null,
    summary json
) with (fillfactor = 80);

create index summaries_by_folder on summaries (folder);

create table leases (
    name   text collate "C" primary key,
    holder text not null,
    until  text not null
);

-- Append one line to a log that is at version `expected` with the hash `prev`, or raise CW001. Without
-- a line, only hold the log there until the transaction ends.
create function append_line(
    log_name text, expected integer, prev text, step json, step_hash text, step_at text,
    checkpoint json, figures json
) returns void
language plpgsql as $$
begin
    if step is null and expected > 0 then
        perform from logs where name = log_name and version = expected and hash = prev for share;
    elsif expected > 0 then
        update logs set
            version = expected + 1, hash = step_hash, at = step_at,
            folded = case when checkpoint is null then folded else expected + 1 end,
            folded_hash = case when checkpoint is null then folded_hash else step_hash end,
            tables = coalesce(checkpoint, tables)
        where name = log_name and version = expected and hash = prev;
    else
        insert into logs (name, version, hash, at, folded, folded_hash, tables)
        values (log_name, 1, coalesce(step_hash, prev), coalesce(step_at, ''), 0, prev, '{}')
        on conflict do nothing;
    end if;
    if not found then
        raise exception 'another step' using errcode = 'CW001';
    end if;
    if step is not null then
        insert into steps (log, n, hash, line) values (log_name, expected + 1, step_hash, step);
    elsif expected = 0 then
        delete from logs where name = log_name;  -- others who make it have waited, and go on
    end if;
    if figures is not null then
        insert into summaries (log, folder, changed, summary)
        values (log_name, regexp_replace(log_name, '/[^/]*$', ''), pg_current_xact_id(), figures)
        on conflict (log) do update
        set changed = excluded.changed, summary = excluded.summary;
    end if;
end
$$;

-- The names directly under a folder, of logs, blobs and folders. It leaps over what is in a folder.
create function names_under(folder text) returns setof text
language plpgsql stable as $$
declare
    after text collate "C" := folder || '/';
    past  text collate "C" := folder || '0';  -- the sign after the slash
    child text;
begin
    loop
        select least(
            (select min(name) from logs where name >= after and name < past),
            (select min(name) from blobs where name >= after and name < past)
        ) into after;
        exit when after is null;
        child := split_part(substr(after, length(folder) + 2), '/', 1);
        return next child;
        if after = folder || '/' || child then
            after := after || chr(1);
        else
            after := folder || '/' || child || '0';
        end if;
    end loop;
end
$$;
