import { afterEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itOnSmallDisk, SmallDisk } from '#testing/small-disk.js';
import { serverAccount } from './account.js';
import { binariesUnder, installedBinaries } from './binaries.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { EmbeddedPostgresFault, languageOf } from './faults.js';
import { reachablePrograms } from './programs.js';

const account = serverAccount();
const itAsRoot = account ? it : it.skip;
const undo: (() => void)[] = [];

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-faults-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A data directory on a disk of that size. */
function onSmallDisk(size: string): string {
  const disk = SmallDisk.open(size);
  undo.push(() => disk.close());
  return join(disk.folder, 'data');
}

async function faultOf(dataDirectory: string): Promise<EmbeddedPostgresFault> {
  const error: unknown = await startEmbeddedPostgres({ dataDirectory }).catch((thrown: unknown) => thrown);
  if (error instanceof EmbeddedPostgresFault) return error;
  throw new Error(`no fault: ${JSON.stringify(error)}`);
}

/** As somebody who is not root, for whom rights are asked. */
async function unprivileged<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!account) return work();
  process.seteuid?.(account.uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

describe('the embedded PostgreSQL refuses in one sentence', () => {
  it('a data directory that it may not write in', async () => {
    const folder = freshFolder();
    const data = join(folder, 'data');
    mkdirSync(data);
    chmodSync(data, 0o555);
    chmodSync(folder, 0o555);
    const fault = await unprivileged(() => faultOf(data));
    for (const path of [folder, data]) chmodSync(path, 0o755);
    expect(fault).toMatchObject({ code: 'no-rights', what: data });
  });

  it('a data directory that it may not make', async () => {
    const folder = freshFolder();
    chmodSync(folder, 0o555);
    const data = join(folder, 'data');
    expect(await unprivileged(() => faultOf(data))).toMatchObject({ code: 'no-rights', what: data });
  });

  itAsRoot("a data directory under a folder that PostgreSQL's own user may not enter", async () => {
    const home = freshFolder();
    const data = join(home, 'inner', 'data');
    expect(await faultOf(data)).toMatchObject({ code: 'not-passable', what: home });
  });

  itOnSmallDisk('a disk that is full before it begins', async () => {
    const data = onSmallDisk('32m');
    expect(await faultOf(data)).toMatchObject({ code: 'disk-full', what: data });
  });

  itOnSmallDisk('a disk that fills while it starts, and leaves nothing half made', async () => {
    const data = onSmallDisk('66m');
    expect(await faultOf(data)).toMatchObject({ code: 'disk-full', what: data });
    expect(existsSync(join(data, 'postgres.new'))).toBe(false);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  });

  it('a configuration that PostgreSQL does not take, with its own words', async () => {
    const folder = freshFolder();
    const server = await startEmbeddedPostgres({ dataDirectory: folder });
    await server.stop();
    writeFileSync(join(folder, 'postgres', 'postgresql.conf'), 'no_such_setting = on\n');
    const fault = await faultOf(folder);
    expect(fault.code).toBe('did-not-start');
    expect(fault.message).toContain('postgres.log');
  });

  it('in Vietnamese and in English, by the locale', () => {
    const fault = new EmbeddedPostgresFault('in-use', '42');
    expect(fault.sentence(languageOf('vi_VN.UTF-8'))).toContain('tiến trình 42');
    for (const locale of ['en_GB.UTF-8', 'C', undefined]) {
      expect(fault.sentence(languageOf(locale))).toContain('in use by process 42');
    }
  });
});

describe('programs in a folder that PostgreSQL may not enter', () => {
  itAsRoot('are copied once to where it may', () => {
    const home = freshFolder();
    cpSync(installedBinaries().root, join(home, 'native'), { recursive: true, verbatimSymlinks: true });
    const installed = binariesUnder(join(home, 'native'));
    const folder = freshFolder();
    const first = reachablePrograms(account, folder, installed);
    expect(first.copiedTo).toBe(join(folder, `postgres-${first.version}`));
    expect(execFileSync(first.binaries.postgres, ['--version'], { encoding: 'utf8' })).toContain(
      first.version,
    );
    expect(reachablePrograms(account, folder, installed).copiedTo).toBeUndefined();
  });
});
