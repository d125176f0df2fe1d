import { readFileSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

const memory = '/dev/shm';
const neededBytes = 4 * 2 ** 30;

/**
 * Tells every worker which test run it belongs to; libs/testing keeps one PostgreSQL a run. Folders of tests lie in
 * memory where there is enough of it: to make a cluster or a database is to write thousands of files, and nothing of it
 * is to outlive the run. TMPDIR says otherwise.
 */
export default function runBegan() {
  process.env.MANGNON_TEST_RUN = String(process.pid);
  if (!process.env.TMPDIR && isRoomy()) process.env.TMPDIR = memory;
}

function isRoomy() {
  try {
    const { bavail, bsize } = statfsSync(memory);
    // A container may forbid to run programs from there, and PostgreSQL's may have to be copied.
    const runs = !/^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(readFileSync('/proc/self/mounts', 'utf8'));
    return runs && bavail * bsize >= neededBytes && freemem() >= 2 * neededBytes;
  } catch {
    return false;
  }
}
