import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '#testing/eventually.js';
import type { Life } from './life.js';
import type { Fault } from './fault.js';

/** Waits until so many requests are acknowledged, so that there is load, and none of it is over. */
async function underLoad(life: Life): Promise<void> {
  const enough = 1 + life.draws.below(8);
  await eventually(
    () => {
      life.assertNotRefused();
      if (life.acknowledgedNow < enough) throw new Error('nothing is acknowledged yet');
    },
    { withinMs: 30_000, everyMs: 2 },
  );
}

/** Nobody chooses the moment. */
const processKilled: Fault = {
  name: 'kill -9 of the process at any moment',
  strike: async (life) => {
    await life.start();
    const played = life.play();
    await underLoad(life);
    await delay(life.draws.below(300));
    life.terminal.press('SIGKILL');
    await life.terminal.ended();
    await life.start();
    await played;
  },
};

/** The process cannot go on, ends and says so; the next start recovers. */
const postgresKilled: Fault = {
  name: 'kill -9 of PostgreSQL under load',
  strike: async (life) => {
    await life.start();
    const played = life.play();
    await underLoad(life);
    process.kill(life.postgres, 'SIGKILL');
    const exit = await life.terminal.ended();
    says(life, exit === 1, /PostgreSQL ended by itself/);
    await life.start();
    await played;
  },
};

/** PostgreSQL starts all its connections anew, and the process goes on by itself. */
const backendKilled: Fault = {
  name: 'kill -9 of one connection’s process of PostgreSQL under load',
  strike: async (life) => {
    await life.start();
    const played = life.play();
    await underLoad(life);
    const backends = await life.query<{ readonly pid: number }>(
      `SELECT pid FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND application_name LIKE 'mangnon%' ORDER BY backend_start`,
    );
    const victim = backends[life.draws.below(backends.length)];
    if (!victim) throw new Error('nobody is connected');
    process.kill(victim.pid, 'SIGKILL');
    await played;
  },
};

/** The log cannot grow any more: PostgreSQL ends, no start comes up, and once there is room nothing is lost. */
export const diskFull: Fault = {
  name: 'the disk full under PostgreSQL',
  strike: async (life) => {
    const full = /The disk of .* is full: free some room and start again\./;
    const filler = join(life.folder, 'filler');
    await life.start();
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'ignore' });
    const played = life.play();
    await delay(life.draws.below(300));
    // A log segment that is full asks for the next, for which there is no room.
    const ended = async (): Promise<void> => {
      await life.query('SELECT pg_switch_wal()').catch(() => undefined);
      if (life.terminal.exit === undefined) throw new Error('it still has room');
    };
    await eventually(ended, { withinMs: 30_000, everyMs: 100 });
    says(life, life.terminal.exit === 1, full);
    const refused = life.open();
    says(life, (await refused.ended()) === 1, full);
    rmSync(filler);
    await life.start();
    await played;
  },
};

/** The database's clock steps back by an hour and comes right again; the process takes no new work meanwhile. */
const clockSteppedBack: Fault = {
  name: 'the clock stepped back by an hour',
  strike: async (life) => {
    const stepTo = (offset: string) =>
      life.query('UPDATE event_store.head SET clock_offset = $1::interval', [offset]);
    const readiness = async (wanted: number): Promise<void> => {
      const { status, body } = await life.client.get('administrator', '/health/ready');
      if (status !== wanted) throw new Error(`${String(status)} ${JSON.stringify(body)}`);
      if (wanted === 503 && !JSON.stringify(body).includes('"clock-off"'))
        throw new Error('not by its clock');
    };
    await life.start();
    const played = life.play();
    await underLoad(life);
    await stepTo('-1 hour');
    await eventually(() => readiness(503));
    await played;
    await stepTo('0');
    await eventually(() => readiness(200));
    await life.play({ donations: 4, credits: 0 });
  },
};

/** The second refuses and does no harm. */
const twoProcesses: Fault = {
  name: 'two standalones on one data directory',
  strike: async (life) => {
    await life.start();
    const first = life.terminal;
    const played = life.play();
    await underLoad(life);
    const second = life.site.start(life.folder, { PORT: '0' });
    const exit = await second.ended();
    if (exit !== 1 || !/^The data directory is in use by process \d+: /.test(second.output))
      throw new Error(`${String(exit)}: ${second.output}`);
    if (first.exit !== undefined) throw new Error(first.output);
    await played;
  },
};

function says({ terminal }: Life, ended: boolean, words: RegExp): void {
  if (!ended || !words.test(terminal.output)) throw new Error(`${String(terminal.exit)}: ${terminal.output}`);
}

/** Every fault of the machine beneath the process, but {@link diskFull}, which needs a disk of its own. */
export const ofTheMachine: readonly Fault[] = [
  processKilled,
  postgresKilled,
  backendKilled,
  clockSteppedBack,
  twoProcesses,
];
