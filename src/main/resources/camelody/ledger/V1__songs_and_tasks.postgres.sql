-- The ledger in PostgreSQL. What differs from the one in SQLite: texts that are compared are ordered by their bytes, as there,
-- and events get their numbers as their transactions commit.

-- One row: the migration that the tables are of, and the oldest program that may work on them, which is known by how many
-- migrations it has. A ledger keeps its id wherever it is copied.
CREATE TABLE ledger_version (
    version        INTEGER NOT NULL,
    oldest_program INTEGER NOT NULL,
    ledger_id      TEXT    NOT NULL
);
INSERT INTO ledger_version (version, oldest_program, ledger_id) VALUES (0, 1, gen_random_uuid()::text);

-- One row a song, from acceptance to delivery. Times are epoch milliseconds, prices micro-dollars, JSON is text.
CREATE TABLE song (
    id            TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    state         TEXT    NOT NULL,
    state_at      BIGINT  NOT NULL,
    reason        TEXT,
    message       TEXT,
    vendor        TEXT COLLATE "C"    NOT NULL,
    lyrics_vendor TEXT COLLATE "C",
    step          TEXT    NOT NULL,
    step_vendor   TEXT COLLATE "C"    NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    due_at        BIGINT  NOT NULL,
    claimed_by    TEXT,
    claimed_until BIGINT,
    intended_at   BIGINT,
    polled_at     BIGINT,
    timeout_at    BIGINT,
    settling_at   BIGINT,
    streaming_at  BIGINT,
    accepted_at   BIGINT  NOT NULL,
    submitted_at  BIGINT,
    generated_at  BIGINT,
    finished_at   BIGINT,
    announced_at  BIGINT,
    untold_until  BIGINT  NOT NULL DEFAULT 0,
    sandbox       INTEGER NOT NULL,
    batch         TEXT COLLATE "C",
    source        TEXT,
    notes         TEXT    NOT NULL,
    movable       INTEGER NOT NULL,
    webhook       INTEGER NOT NULL DEFAULT 0,
    request       TEXT    NOT NULL,
    written       TEXT,
    clips         TEXT    NOT NULL DEFAULT '[]',
    sinks         TEXT    NOT NULL DEFAULT '{}',
    CONSTRAINT song_state_is_known
        CHECK (state IN ('accepted', 'submitted', 'generated', 'in-doubt', 'delivered', 'failed', 'cancelled')),
    CONSTRAINT song_step_is_known CHECK (step IN ('lyrics', 'song')),
    CONSTRAINT song_finished_iff_final CHECK ((finished_at IS NOT NULL) = (state IN ('delivered', 'failed', 'cancelled'))),
    CONSTRAINT song_reason_iff_failed CHECK ((reason IS NOT NULL) = (state = 'failed')),
    CONSTRAINT song_claim_is_whole CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CONSTRAINT song_intended_only_before_submitted CHECK (intended_at IS NULL OR state = 'accepted')
) WITH (fillfactor = 50); -- a claim and an intent change no index where their page has room for the row once more

-- Claims: what is due in a state, by vendor, oldest first; and what a vendor has under way.
CREATE INDEX song_due_idx ON song (state, step_vendor, sandbox, due_at, timeout_at);
-- The same for the songs of one batch, and its progress and end.
CREATE INDEX song_batch_idx ON song (batch, state, step_vendor, sandbox, due_at, reason);
-- song:finished, what nobody has been told yet.
CREATE INDEX song_unannounced_idx ON song (untold_until, finished_at) WHERE finished_at IS NOT NULL AND announced_at IS NULL;
-- Lists, in the order of acceptance.
CREATE INDEX song_accepted_idx ON song (accepted_at, id);
-- The same for the songs of one batch.
CREATE INDEX song_batch_accepted_idx ON song (batch, accepted_at, id) WHERE batch IS NOT NULL;
-- The same for the songs in one state, which may be few among many.
CREATE INDEX song_state_idx ON song (state, accepted_at, id);

-- Each change of a song's state, in the order of their commits; besides, streaming: the song can be heard before it has ended.
-- What writes one has just written the song's row, so no rule looks for that once more.
CREATE TABLE event (
    number  BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    song_id TEXT    COLLATE "C" NOT NULL,
    state   TEXT    NOT NULL,
    reason  TEXT,
    at      BIGINT  NOT NULL
);

-- A song's life.
CREATE INDEX event_song_idx ON event (song_id, number);

-- Songs that one statement has brought, until its transaction commits.
CREATE TABLE arrival (
    number   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    song_ids TEXT[] NOT NULL,
    state    TEXT   NOT NULL,
    reason   TEXT,
    at       BIGINT NOT NULL
);

CREATE FUNCTION songs_came() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO arrival (song_ids, state, reason, at)
    SELECT array_agg(id), state, reason, state_at FROM came GROUP BY state, reason, state_at;
    RETURN NULL;
END $$;

CREATE TRIGGER songs_came AFTER INSERT ON song REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION songs_came();

-- So that no statement and no process can forget an event. The time is the statement's, of the program's own clock. What writes
-- events runs as its transaction commits, and one at a time to the end of the commit: whoever has seen a number has seen every lower
-- one that will ever be, and nobody holds the lock while it waits for a client. Who listens is told once a transaction and state.
CREATE FUNCTION songs_arrived() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    is_done BOOLEAN;
BEGIN
    is_done := pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || '.camelody.event', 0)) IS NOT NULL;
    -- one statement for a thousand songs costs a fifth of one for each
    INSERT INTO event (song_id, state, reason, at) SELECT unnest(NEW.song_ids), NEW.state, NEW.reason, NEW.at;
    DELETE FROM arrival WHERE number = NEW.number;
    is_done := pg_notify('camelody_' || TG_TABLE_SCHEMA, NEW.state) IS NOT NULL;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER songs_arrived AFTER INSERT ON arrival DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION songs_arrived();

-- A song streams once, however often it is made. A receiver that is gone, and nothing else, failed the song: it is not told so.
CREATE FUNCTION song_happened() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    happened TEXT := CASE WHEN NEW.state = OLD.state THEN 'streaming' ELSE NEW.state END;
    is_done  BOOLEAN;
BEGIN
    -- of what a change costs this is a good part: an expression is no statement
    is_done := pg_advisory_xact_lock(hashtextextended(TG_TABLE_SCHEMA || '.camelody.event', 0)) IS NOT NULL;
    INSERT INTO event (song_id, state, reason, at)
    VALUES (NEW.id, happened, CASE happened WHEN NEW.state THEN NEW.reason END,
        CASE happened WHEN NEW.state THEN NEW.state_at ELSE NEW.streaming_at END);
    is_done := pg_notify('camelody_' || TG_TABLE_SCHEMA, NEW.state) IS NOT NULL;
    -- not a trigger on events: its condition would be read anew for each
    IF NEW.webhook = 1 AND happened IN ('failed', 'in-doubt', 'streaming') THEN
        INSERT INTO notice (song_id, type, happened_at, receiver, sandbox)
        SELECT id, 'song.' || happened, CASE happened WHEN NEW.state THEN NEW.state_at ELSE NEW.streaming_at END,
            COALESCE(request::json ->> 'webhook', ''), sandbox
        FROM song
        WHERE id = NEW.id AND (happened <> 'streaming' OR NOT EXISTS (
            SELECT 1 FROM notice WHERE song_id = NEW.id AND type = 'song.streaming'))
            AND (NEW.reason IS DISTINCT FROM 'sink-failed' OR (
                SELECT string_agg(key, ',') FROM json_each(sinks::json) WHERE value ->> 'state' = 'failed')
                IS DISTINCT FROM 'webhook');
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER song_went_on AFTER UPDATE OF state ON song DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION song_happened();

CREATE CONSTRAINT TRIGGER song_streams AFTER UPDATE OF streaming_at ON song DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.streaming_at IS NOT NULL AND NEW.state = OLD.state) EXECUTE FUNCTION song_happened();

-- In its turn, since what has happened to a song until it was deleted is written at the commit too.
CREATE FUNCTION song_is_gone() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM event WHERE song_id = OLD.id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER song_is_gone AFTER DELETE ON song DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION song_is_gone();

-- One row a task that was intended at a vendor, in the order of the intents.
CREATE TABLE task (
    song_id     TEXT COLLATE "C"    NOT NULL REFERENCES song (id),
    number      INTEGER NOT NULL,
    step        TEXT    NOT NULL,
    vendor      TEXT COLLATE "C"    NOT NULL,
    outcome     TEXT    NOT NULL,
    task_id     TEXT,
    price       BIGINT  NOT NULL,
    sandbox     INTEGER NOT NULL,
    status      TEXT,
    clips       TEXT    NOT NULL DEFAULT '[]',
    error       TEXT,
    missing     INTEGER NOT NULL DEFAULT 0,
    superseded  INTEGER NOT NULL DEFAULT 0,
    intended_at BIGINT  NOT NULL,
    ended_at    BIGINT,
    answer      TEXT,
    callback    TEXT COLLATE "C",
    called_back_at BIGINT,
    PRIMARY KEY (song_id, number),
    CONSTRAINT task_outcome_is_known CHECK (outcome IN ('intended', 'made', 'not-made', 'unknown'))
) WITH (fillfactor = 60); -- nor does a report

-- Whom a callback is about, by the SHA-256 of its token.
CREATE UNIQUE INDEX task_callback_idx ON task (callback) WHERE callback IS NOT NULL;
-- Paid calls under way, to find those that nobody hears any more.
CREATE INDEX task_intended_idx ON task (song_id) WHERE outcome = 'intended';
-- What was spent since a moment: budgets, and the bill.
CREATE INDEX task_spent_idx ON task (sandbox, intended_at, vendor, outcome, price);

-- A vendor that takes no songs for now, for everybody: no credits, or a key that it refused.
CREATE TABLE vendor_pause (
    vendor       TEXT COLLATE "C"    NOT NULL,
    sandbox      INTEGER NOT NULL,
    cause        TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    paused_until BIGINT  NOT NULL,
    PRIMARY KEY (vendor, sandbox)
);

-- What all nodes go by in calling a vendor: how fast, how often it failed in a row, for how long it is left alone, which call tries
-- it, the songs claimed to be submitted, as JSON, and for how long it wants no status calls.
CREATE TABLE vendor_pace (
    vendor      TEXT COLLATE "C" NOT NULL,
    sandbox     INTEGER          NOT NULL,
    speed       DOUBLE PRECISION NOT NULL DEFAULT 1,
    tokens      DOUBLE PRECISION NOT NULL DEFAULT 0,
    filled_at   BIGINT           NOT NULL DEFAULT 0,
    failures    INTEGER          NOT NULL DEFAULT 0,
    closed_at   BIGINT           NOT NULL DEFAULT 0,
    closed_ms   BIGINT           NOT NULL DEFAULT 0,
    trial_song  TEXT,
    trial_claim TEXT,
    claimed     TEXT             NOT NULL DEFAULT '[]',
    rest_at     BIGINT           NOT NULL DEFAULT 0,
    rest_ms     BIGINT           NOT NULL DEFAULT 0,
    PRIMARY KEY (vendor, sandbox)
);

-- How often a file of requests has been asked for anew: part of the ids that are made from it.
CREATE TABLE source (
    path       TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL
);

-- One row a file that was dropped into an inbox. The batch is that of its songs, and part of the ids that are made for them. The
-- inbox is known by its name, and path and kept_as as seen from there, since nodes may have it at different places.
CREATE TABLE dropped_file (
    batch         TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
    inbox         TEXT COLLATE "C"    NOT NULL,
    path          TEXT COLLATE "C"    NOT NULL,
    sandbox       INTEGER NOT NULL,
    taken_at      BIGINT  NOT NULL,
    claim         INTEGER NOT NULL,
    claimed_by    TEXT    NOT NULL,
    claimed_until BIGINT  NOT NULL,
    kept_as       TEXT,
    standing      INTEGER NOT NULL DEFAULT 0,
    refused       INTEGER NOT NULL DEFAULT 0,
    moved_at      BIGINT,
    moved_by      TEXT,
    reported_at   BIGINT
);

-- The drops that are being read: one of a path, and one that goes to a place.
CREATE UNIQUE INDEX dropped_file_open_idx ON dropped_file (inbox, path, sandbox) WHERE moved_at IS NULL;
CREATE UNIQUE INDEX dropped_file_leaving_idx ON dropped_file (inbox, kept_as) WHERE moved_at IS NULL;
-- What was moved last from a path.
CREATE INDEX dropped_file_moved_idx ON dropped_file (inbox, path, sandbox, moved_at);
-- Those whose songs have not all ended yet.
CREATE INDEX dropped_file_unreported_idx ON dropped_file (moved_at) WHERE moved_at IS NOT NULL AND reported_at IS NULL;

-- One row, written by who asks whether the ledger can be written.
CREATE TABLE pulse (
    number  INTEGER NOT NULL PRIMARY KEY,
    beat_at BIGINT  NOT NULL
);

-- The last transaction of each that ever wrote: what a node asks that has lost its connection over a commit.
CREATE TABLE node_mark (
    node      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number    BIGINT      NOT NULL,
    marked_at TIMESTAMPTZ NOT NULL
);

-- What the webhook of a song is to be told before the song's end, and of a bad end; a delivery is told by the sink. Written in
-- the transaction of what it is about. The receiver is the request's own, or none for that of the settings.
CREATE TABLE notice (
    number      BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    song_id     TEXT COLLATE "C"    NOT NULL REFERENCES song (id) ON DELETE CASCADE,
    type        TEXT    NOT NULL,
    happened_at BIGINT  NOT NULL,
    receiver    TEXT COLLATE "C"    NOT NULL,
    sandbox     INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'due',
    attempt     INTEGER NOT NULL DEFAULT 0,
    due_at      BIGINT  NOT NULL DEFAULT 0,
    taken_by    TEXT,
    taken_until BIGINT  NOT NULL DEFAULT 0,
    message     TEXT,
    CONSTRAINT notice_type_is_known CHECK (type IN ('song.failed', 'song.in-doubt', 'song.streaming')),
    CONSTRAINT notice_state_is_known CHECK (state IN ('due', 'sent', 'outdated', 'given-up'))
);

-- The next ones of each receiver.
CREATE INDEX notice_due_idx ON notice (sandbox, receiver, due_at, number) WHERE state = 'due';
-- Those of a song, of a batch, and of one that is deleted.
CREATE INDEX notice_song_idx ON notice (song_id, type);
