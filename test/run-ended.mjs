import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Ends the embedded PostgreSQL of this test run, if a spec started one, and removes its files. */
export default async function stopPostgres() {
  const folder = join(tmpdir(), `mangnon-test-${process.pid}`);
  const pidFile = join(folder, 'data', 'postmaster.pid');
  if (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
    // One that ended by itself left the file behind.
    if (told(pid, 'SIGQUIT')) while (existsSync(pidFile) && told(pid, 0)) await delay(20);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether there is such a process to be told. */
function told(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
