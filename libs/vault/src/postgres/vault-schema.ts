import type { VaultKind } from '../vault.js';

/** The role that may use the room of a kind, and nothing else. */
export function vaultRole(kind: VaultKind): string {
  return `mangnon_vault_${kind}`;
}

/**
 * The tables of one kind in a schema of its own, with a role that may use them and nothing else. A person's data key
 * is stored wrapped; without the master key file the rows are noise.
 */
export function vaultSchemaSql(kind: VaultKind): string {
  return `
    CREATE TABLE ${kind}.persons (
      subject_id uuid PRIMARY KEY,
      wrapped_key bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE ${kind}.records (
      record_id uuid PRIMARY KEY,
      subject_id uuid NOT NULL REFERENCES ${kind}.persons ON DELETE CASCADE,
      content_kind text NOT NULL CHECK (content_kind IN ('json', 'bytes')),
      sealed bytea NOT NULL,
      scope text NOT NULL,
      words bigint[] NOT NULL,
      sequence bigint GENERATED ALWAYS AS IDENTITY,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX records_subject ON ${kind}.records (subject_id);
    CREATE INDEX records_created ON ${kind}.records (created_at, record_id);
    CREATE INDEX records_words ON ${kind}.records USING gin (words) WHERE words <> '{}';
    CREATE TABLE ${kind}.erased (
      subject_id uuid PRIMARY KEY,
      erased_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE ${kind}.access_log (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT now(),
      actor text NOT NULL,
      purpose text NOT NULL,
      record_id uuid
    );
    CREATE INDEX access_log_record ON ${kind}.access_log (record_id, at);
    CREATE TABLE ${kind}.key_check (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      hash text NOT NULL
    );
    DO $roles$ BEGIN
      CREATE ROLE mangnon_vault_${kind} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $roles$;
    GRANT USAGE ON SCHEMA ${kind} TO mangnon_vault_${kind};
    GRANT SELECT, INSERT, DELETE ON ${kind}.persons, ${kind}.records TO mangnon_vault_${kind};
    GRANT SELECT, INSERT ON ${kind}.erased, ${kind}.access_log, ${kind}.key_check TO mangnon_vault_${kind};
    GRANT UPDATE (subject_id) ON ${kind}.persons TO mangnon_vault_${kind};
  `;
}

/** What a refused insert of an erased person names as its constraint. */
export const erasedConstraint = 'erased_stays_erased';

/**
 * Keeps an erased person from being written again by whoever waited for the erasure: the look at who was erased is taken
 * after the insert and its waiting, not with the snapshot of the statement. An empty key is no person but the place that
 * an erasure takes. A record that is put again counts as new, so that no sweep takes it for an orphan.
 */
export function stayErasedSql(kind: VaultKind): string {
  return `
    DELETE FROM ${kind}.persons WHERE subject_id IN (SELECT subject_id FROM ${kind}.erased);
    CREATE FUNCTION ${kind}.refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
      IF EXISTS (SELECT FROM ${kind}.erased WHERE subject_id = NEW.subject_id) THEN
        RAISE EXCEPTION 'this subject was erased'
          USING ERRCODE = 'check_violation', CONSTRAINT = '${erasedConstraint}';
      END IF;
      RETURN NULL;
    END $body$;
    CREATE TRIGGER ${erasedConstraint} AFTER INSERT ON ${kind}.persons
      FOR EACH ROW WHEN (NEW.wrapped_key <> '') EXECUTE FUNCTION ${kind}.refuse_erased();
    GRANT UPDATE (created_at) ON ${kind}.records TO mangnon_vault_${kind};
  `;
}
