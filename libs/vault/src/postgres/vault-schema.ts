import type { VaultKind } from '../vault.js';

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
