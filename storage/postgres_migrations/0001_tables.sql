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

-- Put in a log's row as it stands after all of its steps; false where there is one, and it is to stay.
create function put_log(
    log_name text, n integer, step_hash text, step_at text, all_tables json, replacing boolean
) returns boolean
language plpgsql as $$
begin
    insert into logs (name, version, hash, at, folded, folded_hash, tables)
    values (log_name, n, step_hash, step_at, n, step_hash, all_tables)
    on conflict (name) do update set
        version = excluded.version, hash = excluded.hash, at = excluded.at,
        folded = excluded.folded, folded_hash = excluded.folded_hash, tables = excluded.tables
    where replacing;
    return found;
end
$$;

-- Logs as they stand, by their places among `names`. Of a log that the reader knows at a version and
-- hash, which `is_known` then tells, only the lines since; else its tables, and the lines after them.
create function read_logs(names text[], versions integer[], hashes text[]) returns table (
    place bigint, version integer, hash text, at text, is_known boolean, folded integer,
    folded_hash text, tables text, lines text, last_hash text
)
language sql stable as $$
    select w.place, l.version, l.hash, l.at, known.is_so, l.folded, l.folded_hash,
        case when not known.is_so then l.tables::text end,
        case when not known.is_so or l.version > w.version then (
            select string_agg(s.line::text, E'\n' order by s.n) from steps s
            where s.log = l.name and s.n <= l.version
            and s.n > case when known.is_so then w.version else l.folded end
        ) end,
        (select s.hash from steps s where s.log = l.name and s.n = l.version)
    from unnest(names, versions, hashes) with ordinality as w (name, version, hash, place)
    join logs l on l.name = w.name
    cross join lateral (
        select exists (
            select from steps s where s.log = w.name and s.n = w.version and s.hash = w.hash
        ) as is_so
    ) known
$$;

-- Take or prolong a lease; false where another holder's is not over at `now`. Others' that are go.
create function take_lease(lease text, by_whom text, until_when text, now text) returns boolean
language plpgsql as $$
begin
    delete from leases where until <= now and name <> lease;
    insert into leases as known (name, holder, until) values (lease, by_whom, until_when)
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where known.holder = excluded.holder or known.until <= now;
    return found;
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
