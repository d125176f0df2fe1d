import type { ServerFigures } from './status.http.js';
import type { Context } from './context.js';
import { CliFault } from './fault.js';
import { figure } from './figures.js';
import type { Bilingual } from './language.js';

type Waiting = ServerFigures['parked'];

/** Prints what operators watch, a line each. */
export function showFigures(context: Context, figures: ServerFigures): void {
  const { terminal } = context;
  for (const { seconds } of figures.withoutReceipt) terminal.tell(withoutReceipt(seconds));
  tellWaiting(context, { vi: 'Thông điệp xếp chờ (parked)', en: 'Parked messages' }, figures.parked);
  tellWaiting(context, { vi: 'Thông điệp bị giữ (held)', en: 'Held messages' }, figures.held);
  for (const { process, count, halfWithin, mostWithin } of figures.appends)
    if (count > 0) terminal.tell(appends(context, process, count, [halfWithin, mostWithin]));
  const lags = [
    ...figures.consumers.map(({ group, topic, seconds }) => [`${group} <- ${topic}`, seconds] as const),
    ...figures.publishers.map(({ topic, seconds }) => [`-> ${topic}`, seconds] as const),
  ];
  if (lags.length === 0) return;
  terminal.tell({ vi: 'Chậm bao lâu:', en: 'How far behind:' });
  const width = Math.max(...lags.map(([name]) => name.length));
  for (const [name, seconds] of lags) terminal.print(`  ${name.padEnd(width)}  ${told(seconds)}`);
}

/** Throws `CliFault` `differs` where something waits for a person. */
export function assertNothingWaits({ parked, held }: ServerFigures, stopped: number): void {
  const waiting = (parked === null ? 0 : sumOf(parked)) + (held === null ? 0 : sumOf(held)) + stopped;
  if (waiting === 0) return;
  throw new CliFault('differs', {
    vi: 'Có việc đang chờ người xử lý: xem docs/how-to/alerts.md.',
    en: 'Something waits for somebody to look: see docs/how-to/alerts.md.',
  });
}

function withoutReceipt(seconds: number | null): Bilingual {
  if (seconds === 0)
    return { vi: 'Mọi khoản đóng góp đều có biên nhận.', en: 'Every donation has its receipt.' };
  return {
    vi: `Khoản đóng góp chờ biên nhận lâu nhất: ${told(seconds)}`,
    en: `The donation that waits longest for its receipt: ${told(seconds)}`,
  };
}

function tellWaiting({ terminal }: Context, name: Bilingual, waiting: Waiting): void {
  const some = waiting?.filter(({ messages }) => messages > 0) ?? [];
  const each = some.map(({ service, messages }) => `${service} ${figure(messages, terminal.language)}`);
  const sum = waiting === null ? '?' : figure(sumOf(waiting), terminal.language);
  const list = each.length === 0 ? '' : ` (${each.join(', ')})`;
  terminal.tell({ vi: `${name.vi}: ${sum}${list}`, en: `${name.en}: ${sum}${list}` });
}

function appends(
  { terminal: { language } }: Context,
  process: string,
  count: number,
  [half, most]: readonly [number | null, number | null],
): Bilingual {
  const [many, halfMs, mostMs] = [figure(count, language), withinMs(half), withinMs(most)];
  return {
    vi: `Ghi sự kiện (${process}): ${many} lần, một nửa trong ${halfMs}, 99% trong ${mostMs}`,
    en: `Appends (${process}): ${many}, half of them within ${halfMs}, 99% within ${mostMs}`,
  };
}

function sumOf(waiting: NonNullable<Waiting>): number {
  return waiting.reduce((sum, { messages }) => sum + messages, 0);
}

/** Seconds to a tenth; a question mark where they are unknown. */
function told(seconds: number | null): string {
  return seconds === null ? '?' : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

function withinMs(seconds: number | null): string {
  return seconds === null ? '> 10 s' : `${String(seconds * 1_000)} ms`;
}
