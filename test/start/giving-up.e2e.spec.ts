import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '#platform/embedded-postgres/embedded-postgres.js';
import { commandLineOf, identityOf } from '#platform/embedded-postgres/processes.js';
import { createPool } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { build, Terminal } from '../terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'mangnon-given-up-'));
const dataDirectory = join(folder, 'data');
/** Looking up what has been migrated takes longer than anybody waits. */
const makesItHang = `
  CREATE SCHEMA event_store;
  CREATE VIEW event_store.migrations AS
    SELECT '' AS id, '' AS checksum, 0 AS applied_as FROM pg_sleep(600)`;

let last: Terminal | undefined;
/** Process number of its PostgreSQL. */
let postgres = 0;

async function ask(url: string, statement: string): Promise<readonly object[]> {
  const pool = createPool(url, { name: 'spec', connectionsMax: 1 });
  return pool
    .query<object>(statement)
    .then(({ rows }) => rows)
    .finally(() => pool.end());
}

beforeAll(async () => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  const database = await startEmbeddedPostgres({ dataDirectory });
  await ask(database.url, makesItHang).finally(() => database.stop());
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A start that has come as far as it will. */
async function hanging(environment: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const terminal = new Terminal(folder, environment);
  last = terminal;
  const { url } = await eventually(
    () => JSON.parse(readFileSync(join(dataDirectory, 'connection.json'), 'utf8')) as EmbeddedPostgres,
    { withinMs: 60_000 },
  );
  const sleeping = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
  await eventually(async () => expect(await ask(url, sleeping)).toHaveLength(1), { withinMs: 30_000 });
  postgres = Number(readFileSync(join(dataDirectory, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
  return terminal;
}
afterEach(async () => {
  last?.press('SIGKILL');
  await last?.ended();
  // A test that failed may have left it behind, or stopped.
  if (commandLineOf(postgres)?.includes(dataDirectory))
    for (const signal of ['SIGCONT', 'SIGQUIT'] as const) process.kill(postgres, signal);
});

describe('a start that hangs', () => {
  it('is given up by Ctrl-C within seconds, in one sentence, with its PostgreSQL', async () => {
    const terminal = await hanging();
    const began = performance.now();
    terminal.press('SIGINT');
    expect(await terminal.ended()).toBe(0);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(terminal.output).toBe('Stopping …\nStopped before it had started; nothing is running.\n');
    expect(identityOf(postgres)).toBeUndefined();
  });

  it('says so in Vietnamese too', async () => {
    const terminal = await hanging({ LC_ALL: 'vi_VN.UTF-8' });
    terminal.press('SIGTERM');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output).toBe('Đang dừng …\nĐã dừng trước khi khởi động xong; không còn gì đang chạy.\n');
  });

  it('ends at once by a second Ctrl-C, and its PostgreSQL as soon as it can', async () => {
    const terminal = await hanging();
    // It does not answer, so that the first Ctrl-C waits for it.
    process.kill(postgres, 'SIGSTOP');
    terminal.press('SIGINT');
    await eventually(() => expect(terminal.output).toContain('Stopping …'));
    const ended = () => {
      terminal.press('SIGINT');
      expect(terminal.exit).toBe(130);
    };
    const began = performance.now();
    await eventually(ended, { withinMs: 5_000, everyMs: 100 });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(terminal.output).toBe('Stopping …\nEnded at once; the next start recovers what is recorded.\n');
    process.kill(postgres, 'SIGCONT');
    await eventually(() => expect(identityOf(postgres)).toBeUndefined(), { withinMs: 10_000 });
  });
});
