import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { createPool, type Database } from '#postgres/pool.js';
import type { AnyProjection } from '#read-models/projection.js';
import { eventually } from '#testing/eventually.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { aCount, count, jars, jarsTopic, shelves } from '#testing/read-models.js';
import { runServices, type RunningServices } from '../run-services.js';

@Module({})
class PantryModule {}

let database: TestDatabase;
let vault: TestDatabase;
let keysDirectory: string;
let beside: Database;
let letGo = (): Promise<void> => Promise.resolve();
let running: RunningServices | undefined;

beforeEach(async () => {
  database = await testDatabase();
  vault = await testDatabase();
  keysDirectory = mkdtempSync(join(tmpdir(), 'mangnon-keys-'));
  beside = createPool(database.url, { name: 'spec', connectionsMax: 1, idleInTransactionTimeoutMs: 0 });
  await start(jars());
  const store = running?.platform.store;
  for (let n = 0; store && n < 3; n += 1) await count(store, 'jar-a', aCount('1'));
  await running?.platform.readModels.settled(10_000);
  await stop();
});

afterEach(async () => {
  await letGo();
  await beside.end();
  await stop();
  await database.drop();
  await vault.drop();
  rmSync(keysDirectory, { recursive: true });
});

async function start(...projections: readonly AnyProjection[]): Promise<void> {
  const pantry = { name: 'pantry', module: PantryModule, publishers: [jarsTopic], streams: [], projections };
  running = await runServices([pantry], {
    databaseUrl: database.url,
    vaultUrl: vault.url,
    keysDirectory,
    host: '127.0.0.1',
    port: 0,
    onTrouble: () => undefined,
  });
}

async function stop(): Promise<void> {
  const started = running;
  running = undefined;
  await started?.stop();
}

/** Keeps everybody else from what the statement locks until {@link letGo}. */
async function hold(statement: string): Promise<void> {
  const session = await beside.connect();
  await session.query('BEGIN');
  await session.query(statement);
  letGo = async () => {
    letGo = () => Promise.resolve();
    await session.query('ROLLBACK');
    session.release();
  };
}

const rebuildOf = (name: string) =>
  `SELECT pg_advisory_xact_lock(hashtextextended('read-models rebuild ${name}', 0))`;

async function ready(): Promise<{ readonly status: number; readonly behind: readonly string[] }> {
  const answer = await fetch(`http://127.0.0.1:${String(running?.port)}/health/ready`);
  const { behind } = (await answer.json()) as { readonly behind: readonly string[] };
  return { status: answer.status, behind };
}
const isReady = () =>
  eventually(async () => expect(await ready()).toEqual({ status: 200, behind: [] }), { withinMs: 20_000 });
const stateOf = () => running?.platform.readModels.status().map(({ state }) => state);

describe('a process', () => {
  it('is ready on the old table while the next version is built beside it', async () => {
    await hold(rebuildOf('pantry.jars'));
    await start(jars({ version: 2 }));
    expect(stateOf()).toEqual(['outdated']);
    expect(await ready()).toEqual({ status: 200, behind: [] });
    await letGo();
    await eventually(() => expect(stateOf()).toEqual(['live']), { withinMs: 20_000 });
    expect(await ready()).toEqual({ status: 200, behind: [] });
  });

  it('is not ready while a table is built that never was, and is once it is', async () => {
    await hold(rebuildOf('pantry.shelves'));
    await start(jars(), shelves());
    await eventually(async () => expect((await ready()).behind).toEqual(['pantry.shelves']));
    expect((await ready()).status).toBe(503);
    await letGo();
    await isReady();
  });

  it('is not ready while a table lacks what was recorded before it began, and is once it has it', async () => {
    const store = new PostgresEventStore({ url: database.url });
    await count(store, 'jar-b', aCount('1'));
    await store.close();
    await hold('SELECT FROM pantry.read_model FOR UPDATE');
    await start(jars());
    await eventually(async () => expect(await ready()).toEqual({ status: 503, behind: ['pantry.jars'] }));
    await letGo();
    await isReady();
  });
});
