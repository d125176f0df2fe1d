import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '#testing/eventually.js';
import { serverAccount } from './account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { identityOf } from './processes.js';
import { reachablePrograms } from './programs.js';
import { initialise, startServer, type ServerOptions } from './server.js';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const reason = new Error('nobody waits any more');
const folders: string[] = [];
let running: EmbeddedPostgres | undefined;

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-given-up-'));
  // PostgreSQL's own user passes through when this is root.
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

/** Gives up as soon as a program is started, and tells which one that was. */
function givingUpAtOnce(): { readonly options: ServerOptions; readonly pids: readonly number[] } {
  const folder = freshFolder();
  const account = serverAccount();
  const { binaries } = reachablePrograms(account, folder);
  const giveUp = new AbortController();
  const pids: number[] = [];
  const onProcess = (pid: number): void => {
    pids.push(pid);
    giveUp.abort(reason);
  };
  const directory = join(folder, 'postgres');
  const logFile = join(folder, 'log');
  return { options: { binaries, account, directory, logFile, signal: giveUp.signal, onProcess }, pids };
}

afterEach(async () => {
  const left = running;
  running = undefined;
  await left?.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('a start that is given up', () => {
  it('while the cluster is made ends that program', async () => {
    const { options, pids } = givingUpAtOnce();
    await expect(initialise(options, 'secret')).rejects.toBe(reason);
    expect(pids).toHaveLength(1);
    expect(identityOf(pids[0] ?? 0)).toBeUndefined();
  });

  it('while the server comes up ends the server', async () => {
    const { options, pids } = givingUpAtOnce();
    await initialise({ ...options, signal: undefined, onProcess: undefined }, 'secret', [], ['--no-sync']);
    await expect(startServer(options, { shared_buffers: '16MB' })).rejects.toBe(reason);
    expect(pids).toHaveLength(1);
    expect(identityOf(pids[0] ?? 0)).toBeUndefined();
    expect(existsSync(join(options.directory, 'postmaster.pid'))).toBe(false);
  });

  it('half way leaves a data directory that the next start makes whole', async () => {
    const dataDirectory = freshFolder();
    const giveUp = new AbortController();
    const starting = startEmbeddedPostgres({ dataDirectory, signal: giveUp.signal });
    starting.catch(() => undefined);
    await eventually(() => expect(existsSync(join(dataDirectory, 'postgres.new'))).toBe(true));
    giveUp.abort(reason);
    await expect(starting).rejects.toBe(reason);
    expect(existsSync(join(dataDirectory, 'lock'))).toBe(false);
    running = await startEmbeddedPostgres({ dataDirectory });
    expect(identityOf(running.pid)).toBeDefined();
  });

  it('while it waits for the one before to leave lets that one go on', async () => {
    const dataDirectory = freshFolder();
    running = await startEmbeddedPostgres({ dataDirectory });
    running.leave();
    const giveUp = new AbortController();
    const next = startEmbeddedPostgres({ dataDirectory, signal: giveUp.signal });
    giveUp.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(identityOf(running.pid)).toBeDefined();
    expect(existsSync(join(dataDirectory, 'lock'))).toBe(true);
  });
});

describe('a process that ends without having stopped its server', () => {
  it('takes it along, and what was recorded is there at the next start', async () => {
    const dataDirectory = freshFolder();
    const program = `
      import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
      const { pid } = await startEmbeddedPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)} });
      process.stdout.write(String(pid), () => process.exit(3));`;
    const loader = join(repository, 'test/typescript.mjs');
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--import', loader, '--input-type=module', '--eval', program],
      { cwd: repository, encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([3, expect.stringMatching(/^\d+$/)]);
    await eventually(() => expect(identityOf(Number(stdout))).toBeUndefined());
    running = await startEmbeddedPostgres({ dataDirectory });
    expect(readFileSync(join(dataDirectory, 'postgres.log'), 'utf8')).toContain('automatic recovery');
  });
});
