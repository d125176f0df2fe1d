import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstAdministrator, type Person } from '#apps/standalone/src/demo/people.js';
import { systemClock } from '#platform/clock.js';
import { findImpassable, serverAccount } from '#platform/embedded-postgres/account.js';
import { describeOnSmallDisk, SmallDisk } from '#testing/small-disk.js';
import { build, Terminal } from '../terminal.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Somebody else than root, for whom rights are asked; undefined for an ordinary user. */
const account = serverAccount();
const folder = mkdtempSync(join(tmpdir(), 'mangnon-cannot-'));

const terminals: Terminal[] = [];
function npmStart(environment: Readonly<Record<string, string>>, by?: typeof account): Terminal {
  const typed = { command: process.execPath, flags: ['scripts/start.mjs'], account: by };
  const terminal = new Terminal(folder, environment, typed);
  terminals.push(terminal);
  return terminal;
}

beforeAll(() => {
  build();
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.press('SIGINT');
    await terminal.ended();
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('npm start without rights', () => {
  // Where nobody but root may enter the repository, nobody else can start it.
  const itRestricted = account && findImpassable(repository, account) !== undefined ? it.skip : it;

  itRestricted('in the data directory says so in one sentence', async () => {
    const data = join(folder, 'locked');
    mkdirSync(data, { mode: 0o555 });
    const terminal = npmStart({ MANGNON_DATA_DIR: data }, account);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toBe(
      `No right to write in ${data}: change its owner, or set MANGNON_DATA_DIR.\n`,
    );
  });

  itRestricted(
    'for the folder of keys says so in one sentence, and leaves no PostgreSQL behind',
    async () => {
      const own = join(folder, 'own');
      const keys = join(folder, 'locked', 'keys');
      mkdirSync(own);
      chmodSync(own, 0o777);
      const places = { MANGNON_DATA_DIR: join(own, 'data'), MANGNON_KEYS_DIR: keys };
      const terminal = npmStart(places, account);
      expect(await terminal.ended()).toBe(1);
      expect(terminal.output).toBe(
        `Made a new data directory in ${join(own, 'data')}.\nNo right to read or write ${keys}: change its owner.\n`,
      );
      expect(() => readFileSync(join(own, 'data', 'postgres', 'postmaster.pid'))).toThrow('ENOENT');
    },
  );
});

describe('npm start where files may not grow', () => {
  it('says what PostgreSQL said in one sentence', async () => {
    const limited = ['-c', 'ulimit -f 8192; exec "$0" scripts/start.mjs', process.execPath];
    const terminal = new Terminal(folder, {}, { command: '/bin/sh', flags: limited });
    expect(await terminal.ended()).toBe(1);
    expect(terminal.output).toMatch(/^The embedded PostgreSQL did not start: .*postgres\.log\)\n$/);
  });
});

describeOnSmallDisk('npm start on a disk that is full', () => {
  let disk: SmallDisk | undefined;
  let data: string;
  let filler: string;
  const full = /^The disk of .* is full: free some room and start again\.$/;
  let port = '0';
  let administrator: Person;
  const start = (): Terminal => npmStart({ MANGNON_DATA_DIR: data, PORT: port });
  /** What it says to people; what is tried again in the background stands in between as JSON. */
  const linesOf = ({ output }: Terminal): readonly string[] =>
    output
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('{'));

  beforeAll(() => {
    disk = SmallDisk.open('72m');
    [data, filler] = [join(disk.folder, 'data'), join(disk.folder, 'filler')];
  });
  afterAll(() => disk?.close());

  it('before its tables are made says so in one sentence', async () => {
    const terminal = start();
    expect(await terminal.ended()).toBe(1);
    const lines = linesOf(terminal).filter((line) => !line.startsWith('Made a new data directory'));
    expect(lines).toEqual([expect.stringMatching(full)]);
  });

  it('begins again where it was broken off once there is room', async () => {
    disk?.resize('160m');
    const terminal = start();
    const address = await terminal.address();
    const link = await terminal.setupPath();
    administrator = await firstAdministrator(address, systemClock, link);
    ({ port } = new URL(address));
  });

  it('says so and ends when PostgreSQL ends for want of room', async () => {
    const terminal = start();
    await terminal.address();
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M']);
    const pid = Number.parseInt(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    // When the room in its own log ends too is PostgreSQL's own affair; it then ends like this.
    process.kill(pid, 'SIGKILL');
    expect(await terminal.ended()).toBe(1);
    const last = linesOf(terminal).slice(-3);
    // The sentence comes by stderr, the rest by stdout: which is read first is chance.
    expect(last).toEqual(expect.arrayContaining([expect.stringMatching(full), 'Stopping …']));
    expect(last[2]).toBe('Stopped.');
  });

  it('says so when it is started again on the full disk, and has lost nothing once there is room', async () => {
    const refused = start();
    expect(await refused.ended()).toBe(1);
    expect(linesOf(refused)).toEqual([expect.stringMatching(full)]);
    rmSync(filler);
    const terminal = start();
    await terminal.address();
    expect(await administrator.api.get('/v1/me')).toMatchObject({ staffId: expect.any(String) });
  });
});
