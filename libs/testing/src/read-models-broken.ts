import type { DataSource, EntityManager } from 'typeorm';
import { changed } from './changed.js';

/** What a statement gives back. */
interface Result {
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** Runs one statement of a transaction; what a fault does instead of that. */
type Statement = (text: string, parameters: readonly unknown[]) => Promise<Result>;
type Breaking = (run: Statement, later: (work: () => Promise<unknown>) => void) => Statement;

/** A database whose transactions run their statements as the fault has it, and what it puts off once they are committed. */
function breaking(sound: DataSource, fault: Breaking): DataSource {
  const transaction = async (work: (manager: EntityManager) => Promise<unknown>): Promise<unknown> => {
    const later: (() => Promise<unknown>)[] = [];
    const answer = await sound.transaction((manager) => {
      const { queryRunner } = manager;
      if (!queryRunner) throw new Error('a transaction without a connection');
      const run: Statement = (text, parameters) => queryRunner.query(text, [...parameters], true);
      const connection = connectionOf(fault(run, (put) => later.push(put)));
      const connect = (): Promise<typeof connection> => Promise.resolve(connection);
      return work(changed(manager, { queryRunner: changed(queryRunner, { connect }) }));
    });
    for (const put of later) await put();
    return answer;
  };
  return changed(sound, { transaction: transaction as DataSource['transaction'] });
}

/** The driver's connection, which read models send their statements through. */
function connectionOf(run: Statement) {
  return {
    query: async (asked: string | { readonly text: string; readonly values: readonly unknown[] }) => {
      const { text, values } = typeof asked === 'string' ? { text: asked, values: [] } : asked;
      return { rows: (await run(text, values)).records };
    },
  };
}

/** The row is written, and its checkpoint in the book `read_model`, or the watermark of its messages. */
const writesRows = /^INSERT INTO "pantry"."(jars|shelves)"/;
const looksAtCheckpoints = /^SELECT \* FROM "pantry"."read_model" /;
const movesCheckpoints = /^UPDATE "pantry"."read_model" SET cursor/;
const looksAtWatermarks = /^SELECT \* FROM "pantry"."read_model_watermark"/;

/** Where the slots stand as this process saw or left them last, whoever moved them since. */
function trustingItself(): Breaking {
  const seen: { records: Result['records'] } = { records: [] };
  return (run) => async (text, parameters) => {
    if (movesCheckpoints.test(text)) {
      const [, , cursor, incarnation, number, event_id] = parameters;
      const moved = { cursor, incarnation, number, event_id };
      seen.records = seen.records.map((record) => ({ ...record, ...moved }));
    }
    if (!looksAtCheckpoints.test(text)) return run(text, parameters);
    if (text.includes('FOR UPDATE') && seen.records.length > 0) return seen;
    return Object.assign(seen, { records: (await run(text, parameters)).records });
  };
}

/** Databases that make a projector wrong in one way each, by the fault; the contract must fail on every one. */
export const brokenDatabases = {
  'commits the checkpoint before the rows': (sound) =>
    breaking(sound, (run, later) => (text, parameters) => {
      if (!writesRows.test(text)) return run(text, parameters);
      later(() => sound.query(text, [...parameters]));
      return Promise.resolve({ records: [] });
    }),
  'moves the checkpoint without comparing it': (sound) => breaking(sound, trustingItself()),
  'takes in a message that comes again': (sound) =>
    breaking(
      sound,
      (run) => (text, parameters) =>
        looksAtWatermarks.test(text) ? Promise.resolve({ records: [] }) : run(text, parameters),
    ),
} as const satisfies Record<string, (sound: DataSource) => DataSource>;
