import { migrate, type Migration } from '#postgres/migrate.js';
import type { Database } from '#postgres/pool.js';
import { appendSql } from './schema-append.js';

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

/** An append may name the event that it goes on from: after a restore another may stand at the same revision. */
const appendAfter = `
  DROP FUNCTION append;
  ${appendSql('event')}
  GRANT EXECUTE ON FUNCTION append TO mangnon_appender;
`;

/** A service that may not migrate has to see that all is applied. */
const seen = 'GRANT SELECT ON migrations TO mangnon_reader';

/**
 * Which streams a login writes, by how their names begin. Nobody but the schema's owner reads or changes it. Logins that
 * may act as the owner stand in no row.
 */
const writers = `
  CREATE TABLE writers (
    login name NOT NULL,
    prefix text COLLATE "C" NOT NULL CHECK (prefix ~ '^[a-z]+(-[a-z]+)*-$'),
    PRIMARY KEY (login, prefix)
  );
  DROP FUNCTION append;
  ${appendSql('writer')}
  GRANT EXECUTE ON FUNCTION append TO mangnon_appender;
`;

const migrations: readonly Migration[] = [
  { id: 'event-store/0001-log', sql: log },
  { id: 'event-store/0002-append', sql: appendSql('revision') },
  { id: 'event-store/0003-roles', sql: roles },
  { id: 'event-store/0004-append-after', sql: appendAfter },
  { id: 'event-store/0005-migrations-seen', sql: seen },
  { id: 'event-store/0006-writers', sql: writers },
];

/** The role that may append and nothing else. */
export const appenderRole = 'mangnon_appender';
/** The role that may read the log and nothing else. */
export const readerRole = 'mangnon_reader';

/**
 * Creates or updates the schema `event_store`; needs a role that may create schemas, and roles unless
 * {@link appenderRole} and {@link readerRole} exist. Where all is done a member of the reader's role will do. Throws
 * `MigrationRefused` as `migrate` does.
 */
export function migrateEventStore(database: Database): Promise<void> {
  return migrate(database, 'event_store', migrations);
}
