import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { createPool } from '#postgres/pool.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventually } from '#testing/eventually.js';
import type { Life } from './life.js';
import type { Fault } from './fault.js';
import { changing } from './strikes.js';
import { receipts } from './unfinished.js';

/** A backup that is older than what consumers saw, brought back wrongly, and then rightly. */
export const restored: Fault = {
  name: 'a backup restored that is older than what consumers saw',
  isAlone: true,
  strike: async (life) => {
    await life.start();
    await life.play();
    const before = await life.settled();
    const backup = join(life.folder, 'backup');
    await mangnon(life, 'backup', backup);
    await life.play({ donations: 6, credits: 0 });
    const given = numbersOf(await life.settled());
    await life.stop();
    await backToOldLog(life, before.length);
    await stopsAndSaysSo(life);
    await life.stop();
    await mangnon(life, 'restore', backup, '--data-dir', join(life.folder, 'restored/data'));
    life.goOnFrom(before, join(life.folder, 'restored'));
    await life.start();
    await life.play({ donations: 6, credits: 0 });
    const after = numbersOf(await life.settled()).slice(receipts(before).length);
    if (after.length === 0) throw new Error('no receipt was numbered after the restore');
    for (const number of after)
      if (given.includes(number) || !/^LS-\d{4}[A-Z]-\d{6}$/.test(number))
        throw new Error(`${number} is no number of a new series`);
  },
};

function numbersOf(events: readonly RecordedEvent[]): readonly string[] {
  return receipts(events).map(({ data }) => data.number);
}

/** As whoever restores the events alone: what was recorded last is gone, and what has read it stays. */
async function backToOldLog({ dataDirectory }: Life, events: number): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDirectory });
  const pool = createPool(postgres.url, { name: 'faults', connectionsMax: 1 });
  try {
    await pool.query(changing(`DELETE FROM event_store.events WHERE seq > ${String(events)}`));
  } finally {
    await pool.end();
    await postgres.stop();
  }
}

/** Nothing is numbered or mailed by a process whose consumers have seen what is no longer there. */
async function stopsAndSaysSo(life: Life): Promise<void> {
  const mails = life.peer.mails.length;
  await life.start();
  const readiness = async (): Promise<void> => {
    const { status, body } = await life.client.get('administrator', '/health/ready');
    const { stopped } = body as { readonly stopped: readonly string[] };
    const missing = consumers.filter((name) => !stopped.includes(name));
    if (status !== 503 || missing.length > 0) throw new Error(`${String(status)}: ${missing.join()} go on`);
  };
  await eventually(readiness, { withinMs: 30_000 });
  if (!life.terminal.output.includes('the store was restored from before it'))
    throw new Error(`it does not say why: ${life.terminal.output}`);
  if (life.peer.mails.length !== mails) throw new Error('a mail went out');
}

const consumers = [
  'ledger <- mangnon.donations.v1',
  'donations <- mangnon.ledger.v1',
  'receipts <- mangnon.ledger.v1',
  'receipts-render <- mangnon.receipts.v1',
] as const;

async function mangnon(life: Life, ...argv: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    MANGNON_DATA_DIR: life.dataDirectory,
    MANGNON_KEYS_DIR: join(life.folder, 'keys'),
  };
  const child = spawn(process.execPath, ['bin/mangnon.js', ...argv], { env });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (exit !== 0) throw new Error(`mangnon ${argv.join(' ')} ended with ${String(exit)}:\n${out}${err}`);
}
