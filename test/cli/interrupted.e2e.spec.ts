import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { identityOf } from '#platform/embedded-postgres/processes.js';
import { createPool } from '#postgres/pool.js';
import { newEvent } from '#testing/events.js';
import { build } from '../terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-interrupted-'));
const data = join(folder, 'data');

/** More than a pipe holds, so that an export waits in the middle for its reader. */
beforeAll(async () => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  const { url, stop } = await startEmbeddedPostgres({ dataDirectory: data });
  const pool = createPool(url, { name: 'spec' });
  await migrateEventStore(pool).finally(() => pool.end());
  const store = new PostgresEventStore({ url });
  const events = Array.from({ length: 1_000 }, () => newEvent('Noted', { text: 'măng non'.repeat(50) }));
  await store.append('note-1', events, 'no_stream').finally(() => store.close());
  await stop();
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Exporting {
  readonly child: ChildProcessWithoutNullStreams;
  /** Process number of the PostgreSQL that it has started. */
  readonly postgres: number;
  /** Exit code and everything said beside the result. */
  readonly end: Promise<readonly [number | null, string]>;
}

/** An export of which the first lines have been read. */
async function exporting(): Promise<Exporting> {
  const flags = ['bin/mangnon.js', 'export', 'events', '--data-dir', data];
  const child = spawn(process.execPath, flags, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const end = Promise.all([ended.then(([code]) => code), text(child.stderr)]);
  await once(child.stdout, 'readable');
  expect(String(child.stdout.read())).toMatch(/^\{"format":"mangnon\.events"/);
  const pidFile = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8');
  return { child, postgres: Number.parseInt(pidFile, 10), end };
}

/** It was stopped properly, and the data directory is free. */
function expectNothingLeft(postgres: number): void {
  expect(identityOf(postgres)).toBeUndefined();
  for (const file of ['postgres/postmaster.pid', 'lock', 'connection.json'])
    expect([file, existsSync(join(data, file))]).toEqual([file, false]);
}

describe('a command that has started its own PostgreSQL', () => {
  it('stops it when nobody reads any more, as with head, and that is no fault', async () => {
    const { child, postgres, end } = await exporting();
    child.stdout.destroy();
    expect(await end).toEqual([0, '']);
    expectNothingLeft(postgres);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops it on %s, and says so in one sentence', async (signal, code) => {
    const { child, postgres, end } = await exporting();
    child.kill(signal);
    expect(await end).toEqual([code, `Ended before it was done (${signal}).\n`]);
    expectNothingLeft(postgres);
  });
});
