import type { Migration } from '#postgres/migrate.js';

/** The list of the local mailbox: ids and times alone; the mails themselves are sealed in the vault. */
export const receiptsMigrations: readonly Migration[] = [
  {
    id: 'receipts/0001-inbox',
    sql: `CREATE TABLE inbox_mails (
      id uuid PRIMARY KEY,
      arrival bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
      received_at timestamptz NOT NULL
    )`,
  },
];
