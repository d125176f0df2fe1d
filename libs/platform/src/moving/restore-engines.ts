import type { CopyProgress, CopyTarget } from '#event-store/copying.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { recordsOfEvents } from '#event-store/log-record.js';
import { PostgresCopyTarget } from '#event-store/postgres/copy-target.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { restoreLog, type LogRestored } from '#event-store/restoring.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { plainName, type Database } from '#postgres/pool.js';
import { patientPool } from '../archive/event-log.js';
import { digestRows, digestVault, restoreVault, type VaultRows } from '../archive/vault-rows.js';
import { MoveRefused } from './move-refused.js';
import { aloneWith, assertNobodyRuns } from './source.js';

/** What a backup holds, read anew as often as it is asked for. */
export interface BackedUp {
  readonly events: () => AsyncIterable<readonly RecordedEvent[]>;
  /** Sealed rows of a table of the vault. */
  readonly vaultRows: (table: string) => VaultRows;
}

/** What to restore, and onto which engines. */
export interface EnginesRestore {
  readonly from: BackedUp;
  readonly to: {
    /** Of the read models, and of the events unless they are on KurrentDB. */
    readonly databaseUrl: string;
    readonly vaultUrl: string;
    readonly eventStore?: KurrentDbAddress | undefined;
  };
  /** Names of the services, which are those of their schemas. */
  readonly services: readonly string[];
  /** Gives an incarnation above the one that it is told and above all that were ever given. */
  readonly give: (above: number) => Promise<number>;
  readonly onProgress?: (progress: CopyProgress) => void;
}

/**
 * Fills empty engines of separate services with a backup: the vault's sealed rows all or none, then the events, which are
 * compared on the engine with the backup one by one and whole, and at last the next incarnation. Until then the event
 * store takes no append and no service starts on it; one that was broken off goes on when it is called again with the same
 * backup. Tables and topics are none of it: the services make them anew from the events. Throws {@link MoveRefused},
 * `ImportRefused` for an event store that is not empty, `CopyDiffers`.
 */
export async function restoreOntoEngines(asked: EnginesRestore): Promise<LogRestored> {
  const { to, from, services, give, onProgress } = asked;
  const database = patientPool(to.databaseUrl, 3);
  try {
    return await aloneWith(database, 'restore', async () => {
      await assertNobodyRuns(database, 'target');
      await assertNothingRead(database, services);
      const target = await targetOf(to.eventStore, database);
      try {
        if ((await target.state()) !== 'open') await fillVault(to.vaultUrl, from);
        return await restoreLog(() => recordsOfEvents(from.events()), target, give, onProgress);
      } finally {
        await target.close();
      }
    });
  } finally {
    await database.end();
  }
}

async function targetOf(address: KurrentDbAddress | undefined, database: Database): Promise<CopyTarget> {
  if (!address) {
    await migrateEventStore(database);
    return new PostgresCopyTarget(database, 'by mangnon restore');
  }
  const { KurrentDbCopyTarget } = await import('#event-store/kurrentdb/copy-target.js');
  return new KurrentDbCopyTarget(address);
}

/** Where a service has kept what it knows of a log: of the one that was lost, since the new one has no events yet. */
const traces = [
  ['read_model', 'event_id IS NOT NULL'],
  ['read_model_watermark', 'true'],
  ['publisher_places', 'true'],
  ['checkpoints', 'true'],
  ['snapshots', 'true'],
  ['held_messages', 'true'],
] as const;

/** Whoever started on them would stop, since the events that they stand on are not in the restored log. */
async function assertNothingRead(database: Database, services: readonly string[]): Promise<void> {
  for (const schema of ['platform', ...services].map(plainName))
    for (const [table, where] of traces) {
      const name = `${schema}.${table}`;
      const { rows } = await database.query<{ there: boolean }>(
        'SELECT to_regclass($1) IS NOT NULL AS there',
        [name],
      );
      if (rows[0]?.there !== true) continue;
      const { rowCount } = await database.query(`SELECT FROM ${name} WHERE ${where} LIMIT 1`);
      if (rowCount !== 0)
        throw new MoveRefused(
          `the database holds tables of another log (${name} has rows): a restore needs an empty one`,
        );
    }
}

/** Filled in one go; what a restore that was broken off has left there has to be the backup's. */
async function fillVault(url: string, { vaultRows }: BackedUp): Promise<void> {
  const standing = await digestVault(url);
  if (standing.length === 0) {
    await restoreVault(url, vaultRows);
    return;
  }
  if (JSON.stringify(standing) !== JSON.stringify(await digestRows(vaultRows)))
    throw new MoveRefused('the vault holds other rows already: a restore needs an empty one');
}
