import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { figure } from './figures.js';
import { loggedIn } from './login.js';
import type { ServerStatus } from './status.http.js';

/** `mangnon parked list`. */
export async function listParked(context: Context): Promise<void> {
  const items = await (await loggedIn(context)).parked();
  if (items.length === 0)
    context.terminal.tell({ vi: 'Không có thông điệp nào đang chờ.', en: 'No message waits.' });
  for (const { stream, topic, type, subject, reason, source_position, parked_at } of items)
    context.terminal.print(
      [parked_at, stream, subject, type, `${topic}@${source_position}`, reason].join('\t'),
    );
}

/** `mangnon parked replay`: prints what fails still, and on what; throws `CliFault` where anything stays parked. */
export async function replayParked(context: Context, stream: string, subject?: string): Promise<void> {
  const replay = await (await loggedIn(context)).replayParked(stream, subject);
  context.terminal.tell({
    vi: `${replay.replayed} thông điệp đã được xử lý lại.`,
    en: `${replay.replayed} messages went through.`,
  });
  for (const failing of replay.failed)
    context.terminal.print([failing.subject, failing.type, failing.reason].join('\t'));
  if (replay.waiting > 0)
    throw new CliFault('refused', {
      vi: `${replay.waiting} thông điệp vẫn chờ: thông điệp đầu của mỗi khoản vẫn lỗi như trên; chi tiết nằm trong nhật ký của máy chủ.`,
      en: `${replay.waiting} messages stay parked: the first of each subject still fails as above; the server's log has the details.`,
    });
}

/** `mangnon held list`. */
export async function listHeld(context: Context): Promise<void> {
  const items = await (await loggedIn(context)).held();
  if (items.length === 0) context.terminal.tell({ vi: 'Không có khoá nào bị giữ.', en: 'No key is held.' });
  for (const { group, topic, key, reason, heldAt, messages } of items)
    context.terminal.print([heldAt, group, key, topic, String(messages), reason].join('\t'));
}

/** `mangnon held release`. */
export async function releaseHeld(context: Context, group: string, key: string): Promise<void> {
  const count = await (await loggedIn(context)).release(group, key);
  context.terminal.tell({
    vi: `${count} thông điệp được đưa lại để xử lý.`,
    en: `${count} messages are fed back.`,
  });
}

/** `mangnon rebuild`: begins it and looks on until it is swapped, unless nobody waits. */
export async function rebuild(context: Context, name: string, wait: boolean): Promise<void> {
  const api = await loggedIn(context);
  await api.rebuild(name);
  if (!wait) {
    context.terminal.tell({ vi: `Đang dựng lại ${name}.`, en: `${name} is being rebuilt.` });
    return;
  }
  for (;;) {
    await delay(500);
    const row = (await api.status()).projections.find((projection) => projection.name === name);
    if (!row?.rebuild) {
      tellEnd(context, name, row);
      return;
    }
    showRebuild(context, name, row.rebuild);
  }
}

type Row = ServerStatus['projections'][number];

function tellEnd(context: Context, name: string, row: Row | undefined): void {
  const fault = row?.rebuildFault ?? (row?.state === 'stopped' ? row.reason : undefined);
  if (fault)
    throw new CliFault('refused', {
      vi: `Không dựng lại được ${name}: ${fault}`,
      en: `${name} could not be rebuilt: ${fault}`,
    });
  context.terminal.tell({ vi: `Đã dựng lại ${name}.`, en: `${name} is rebuilt.` });
}

function showRebuild(
  context: Context,
  name: string,
  { phase, position, head, eventsPerSecond }: NonNullable<Row['rebuild']>,
): void {
  if (phase === 'waiting') {
    context.terminal.progress(() => ({
      vi: `${name} đang chờ tới lượt dựng lại.`,
      en: `${name} waits for its turn to be rebuilt.`,
    }));
    return;
  }
  const rate = figure(eventsPerSecond, context.terminal.language);
  context.terminal.progress(() => ({
    vi: `Đang dựng lại ${name}: vị trí ${position ?? '–'}/${head ?? '–'}, ${rate} sự kiện/giây`,
    en: `Rebuilding ${name}: position ${position ?? '–'} of ${head ?? '–'}, ${rate} events/s`,
  }));
}
