import { migrate, type Migration } from '#postgres/migrate.js';
import type { Database } from '#postgres/pool.js';

const log = `
  DO $$ BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
      RAISE EXCEPTION 'the database keeps text as %, the event store needs UTF8', current_setting('server_encoding');
    END IF;
  END $$;

  -- One row. It is locked by each append and never rewritten by one, so that a long transaction elsewhere cannot pile
  -- up dead versions of it; where the log ends is asked of the log itself.
  CREATE TABLE head (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    incarnation integer NOT NULL DEFAULT 1 CHECK (incarnation >= 1),
    clock_offset interval NOT NULL DEFAULT '0'
  );
  INSERT INTO head DEFAULT VALUES;

  -- seq counts what was appended here, gapless and in commit order. The position (incarnation, number) was given at
  -- the first append, perhaps in another database. metadata and data are canonical JSON, byte for byte what hashes are
  -- made of.
  CREATE TABLE events (
    seq bigint PRIMARY KEY CHECK (seq >= 1),
    id uuid NOT NULL UNIQUE,
    stream text COLLATE "C" NOT NULL,
    revision bigint NOT NULL CHECK (revision >= 0),
    incarnation integer NOT NULL,
    number bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    schema_version smallint NOT NULL,
    type text COLLATE "C" NOT NULL,
    metadata text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL,
    UNIQUE (stream, revision)
  );

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% on %.% is refused: what is recorded never changes', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
  END $$;
  CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE events ENABLE ALWAYS TRIGGER events_never_change;
  CREATE TRIGGER head_never_goes BEFORE INSERT OR DELETE OR TRUNCATE ON head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE head ENABLE ALWAYS TRIGGER head_never_goes;

  CREATE FUNCTION refuse_earlier_incarnation() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.incarnation < OLD.incarnation THEN
      RAISE EXCEPTION 'the incarnation never falls (from % to %)', OLD.incarnation, NEW.incarnation;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER incarnation_never_falls BEFORE UPDATE ON head
    FOR EACH ROW EXECUTE FUNCTION refuse_earlier_incarnation();
  ALTER TABLE head ENABLE ALWAYS TRIGGER incarnation_never_falls;
`;

/**
 * The only way in. Items are the appends of a call (streams, expected, sizes; at most one a stream), the events of all
 * items follow in the items' order; which revision an event gets is worked out here, so that no caller can leave a gap.
 * Text comes as lines, which canonical JSON and names never
 * break: an array of text costs more to write and to parse than all the rest. Joins are avoided throughout: on arrays
 * the planner knows no sizes and would compare every event with every item.
 */
const append = `
  CREATE FUNCTION append(
    stream_lines text, item_expected bigint[], item_sizes integer[],
    event_ids uuid[], type_lines text, event_versions smallint[], metadata_lines text, data_lines text
  )
  RETURNS TABLE (outcome text, stands_at bigint, last_incarnation integer, last_number bigint, last_recorded_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = event_store, pg_temp
  SET lock_timeout = '5s'
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  SET jit = off
  AS $$
  DECLARE
    current head;
    end_seq bigint;
    end_number bigint;
    stamp timestamptz;
    actual bigint[];
    item_streams text[] := string_to_array(stream_lines, E'\\n');
    event_types text[] := string_to_array(type_lines, E'\\n');
    event_metadata text[] := string_to_array(metadata_lines, E'\\n');
    event_data text[] := string_to_array(data_lines, E'\\n');
    event_items integer[];
    event_revisions bigint[];
    known integer[] := array_fill(0, ARRAY[cardinality(item_streams)]);
    same integer[] := known;
    accepted boolean[];
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'append needs the isolation level read committed';
    END IF;
    SELECT array_agg(i.n ORDER BY i.n, o), array_agg(i.expected + o ORDER BY i.n, o) INTO event_items, event_revisions
    FROM unnest(item_expected, item_sizes) WITH ORDINALITY i (expected, size, n), generate_series(1, i.size) o;
    IF cardinality(item_streams) <> cardinality(item_expected) OR cardinality(item_streams) <> cardinality(item_sizes)
      OR 1 > ANY (item_sizes) OR cardinality(event_items) <> ANY (ARRAY[cardinality(event_ids), cardinality(event_types),
        cardinality(event_versions), cardinality(event_metadata), cardinality(event_data)])
    THEN
      RAISE EXCEPTION 'the parts of the call differ in length';
    END IF;

    -- Whoever holds the head and falls silent is cut off, and what it did is undone.
    PERFORM set_config('idle_in_transaction_session_timeout', '1s', true);
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    SELECT * INTO current FROM head FOR UPDATE;

    -- Statements from here on see everything that earlier holders of the head have committed.
    SELECT e.seq, e.number, e.recorded_at INTO end_seq, end_number, stamp FROM events e ORDER BY e.seq DESC LIMIT 1;
    end_seq := coalesce(end_seq, 0);
    end_number := coalesce(end_number, 0);
    stamp := greatest(stamp, date_trunc('milliseconds', clock_timestamp() + current.clock_offset));

    actual := ARRAY(
      SELECT coalesce((SELECT e.revision FROM events e WHERE e.stream = i.stream ORDER BY e.revision DESC LIMIT 1), -1)
      FROM unnest(item_streams) WITH ORDINALITY i (stream, n) ORDER BY i.n);

    IF EXISTS (SELECT FROM events e WHERE e.id = ANY (event_ids)) THEN
      SELECT array_agg(c.known ORDER BY c.item), array_agg(c.same ORDER BY c.item) INTO known, same
      FROM (
        SELECT t.item, count(e.id)::integer AS known,
          (count(*) FILTER (WHERE e.stream = item_streams[t.item] AND e.revision = t.revision))::integer AS same
        FROM unnest(event_items, event_ids, event_revisions) t (item, id, revision)
        LEFT JOIN LATERAL (SELECT s.id, s.stream, s.revision FROM events s WHERE s.id = t.id OFFSET 0) e ON true
        GROUP BY t.item
      ) c;
    END IF;

    accepted := ARRAY(
      SELECT i.known = 0 AND i.actual = i.expected
      FROM unnest(known, actual, item_expected) WITH ORDINALITY i (known, actual, expected, n) ORDER BY i.n);

    INSERT INTO events (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
    SELECT end_seq + row_number() OVER (ORDER BY t.n), t.id, item_streams[t.item], t.revision, current.incarnation,
      end_number + row_number() OVER (ORDER BY t.n), stamp, t.version, t.type, t.metadata, t.data
    FROM unnest(event_items, event_revisions, event_ids, event_types, event_versions, event_metadata, event_data)
      WITH ORDINALITY t (item, revision, id, type, version, metadata, data, n)
    WHERE accepted[t.item]
    ORDER BY t.n;

    RETURN QUERY
    SELECT CASE WHEN i.accepted THEN 'appended' WHEN i.same = i.size THEN 'repeated' WHEN i.known > 0 THEN 'mixed' ELSE 'moved' END,
      i.actual,
      CASE WHEN i.accepted THEN current.incarnation ELSE e.incarnation END,
      CASE WHEN i.accepted THEN end_number + sum(i.size) FILTER (WHERE i.accepted) OVER (ORDER BY i.n) ELSE e.number END,
      CASE WHEN i.accepted THEN stamp ELSE e.recorded_at END
    FROM unnest(item_streams, item_expected, item_sizes, actual, known, same, accepted)
      WITH ORDINALITY i (stream, expected, size, actual, known, same, accepted, n)
    LEFT JOIN LATERAL (
      SELECT s.incarnation, s.number, s.recorded_at FROM events s
      WHERE i.same = i.size AND s.stream = i.stream AND s.revision = i.expected + i.size OFFSET 0
    ) e ON true
    ORDER BY i.n;
  END $$;
  REVOKE ALL ON FUNCTION append FROM PUBLIC;
`;

/** Group roles for logins to be made members of; where the migrating role may not create roles, an administrator does. */
const roles = `
  DO $$
  DECLARE
    wanted text;
  BEGIN
    FOREACH wanted IN ARRAY ARRAY['mangnon_appender', 'mangnon_reader'] LOOP
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
          EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
      EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE EXCEPTION 'the role % is missing and may not be created here; have an administrator run: CREATE ROLE % NOLOGIN',
            wanted, wanted;
      END;
    END LOOP;
  END $$;
  GRANT USAGE ON SCHEMA event_store TO mangnon_appender, mangnon_reader;
  GRANT EXECUTE ON FUNCTION append TO mangnon_appender;
  GRANT SELECT ON events, head TO mangnon_reader;
`;

const migrations: readonly Migration[] = [
  { id: 'event-store/0001-log', sql: log },
  { id: 'event-store/0002-append', sql: append },
  { id: 'event-store/0003-roles', sql: roles },
];

/** The role that may append and nothing else. */
export const appenderRole = 'mangnon_appender';
/** The role that may read the log and nothing else. */
export const readerRole = 'mangnon_reader';

/**
 * Creates or updates the schema `event_store`; needs a role that may create schemas, and roles unless
 * {@link appenderRole} and {@link readerRole} exist. Throws `MigrationRefused` as `migrate` does.
 */
export function migrateEventStore(database: Database): Promise<void> {
  return migrate(database, 'event_store', migrations);
}
