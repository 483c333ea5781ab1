-- Everything that changes is a log: a chain of steps, each with the hash of the one before, as in
-- the embedded store's files. A log is an inspection's (what it keeps beside its cases), a case's
-- or a chat's. Beside its steps stands what they come to: one row with its version.

create sequence logs;

create table steps (
    log   bigint  not null,
    n     integer not null,
    at    text    not null,
    by    text,
    event text    not null,
    why   text,
    patch json    not null,  -- not jsonb: the hash is over these very bytes
    hash  text    not null,
    primary key (log, n)
);

create table inspections (
    log      bigint  primary key default nextval('logs'),
    id       text    not null unique,
    folded   text    not null unique,  -- ids that differ in upper and lower case only are the same
    version  integer not null,
    hash     text    not null,
    document jsonb   not null,
    pack     json    not null          -- as it was on the first day; the document holds its hash
);

-- Who is in it, whom it invites, what it owes and its records: each by its table and id in the log.
create table documents (
    inspection bigint not null references inspections,
    kind       text   not null,
    name       text   not null,
    place      bigint generated always as identity,
    document   jsonb  not null,
    claimed_by text,  -- of a message that is owed: the process that is sending it, and since when
    claimed_at text,
    primary key (inspection, kind, name)
);

create index documents_by_name on documents (kind, name);

-- A case as its steps have made it. Cases were added in the order of their logs.
create table cases (
    log        bigint  primary key default nextval('logs'),
    inspection bigint  not null references inspections,
    same       text    not null,       -- one text for all the ways to write a reference
    reading    integer not null,
    version    integer not null,
    hash       text    not null,
    at         text    not null,
    document   jsonb   not null,       -- the tables of its log, but
    answers    jsonb   not null,       -- the long one: only a step that changes it rewrites it
    unique (inspection, same)
) with (fillfactor = 80);

-- How far each case is, apart from it so that an inspection's overview is a narrow table's rows.
-- `changed` says by which transaction: whoever knows the rows up to one asks for those since.
create table summaries (
    log        bigint primary key references cases,
    inspection bigint not null,
    changed    xid8   not null default pg_current_xact_id(),
    summary    jsonb  not null
) with (fillfactor = 80);

create index summaries_by_inspection on summaries (inspection, log);

-- Where each chat sits, and the last updates of it that took effect. Its row is what a step locks.
create table chats (
    chat       text     primary key,
    log        bigint   not null default nextval('logs'),
    inspection text     not null,
    opened     text,                   -- the case that is open, as in cases.same
    version    integer  not null,
    hash       text     not null,
    place      jsonb    not null,
    applied    bigint[] not null default '{}'
) with (fillfactor = 70);

create table files (
    inspection bigint not null references inspections,
    name       text   not null,
    content    bytea  not null,
    primary key (inspection, name)
);

alter table files alter column content set storage external;  -- photos do not get smaller

create table bot (
    only_one boolean primary key default true check (only_one),
    username text    not null
);
