import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, formatPosition } from '#kernel/position.js';
import { ImportRefused, LogOrder, type Imported } from '../importing.js';
import { recordOf, type LogRecord } from '../log-record.js';
import { FilledServer, runsOf } from './filled-server.js';
import { marks } from './incarnations.js';
import type { KurrentDbAddress } from './names.js';
import type { Anchor } from './stored.js';

/** Which incarnation to open, above the one that it is told. */
type Give = (above: number) => Promise<number>;

const next: Give = (above) => Promise.resolve(above + 1);

/**
 * Fills an empty server with the events of another log, in their order and with the positions, times and ids that they
 * have, and opens the incarnation that `give` answers with, above the one that it is told. Until it is done no store over
 * the server takes an append; one that was broken off goes on where it stopped when it is called again with the same log.
 * Throws {@link ImportRefused} for a server that holds other events, for events that are out of order or leave a gap in a
 * stream and for an incarnation that is not above.
 */
export async function importEvents(
  address: KurrentDbAddress,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  give: Give = next,
): Promise<Imported> {
  const target = new FilledServer(address);
  try {
    await target.ready();
    const { incarnations } = target;
    const last = await target.last();
    if (last && !(last.copied && incarnations.filling))
      throw new ImportRefused('the event store is not empty; a restore needs an empty one');
    if (!incarnations.filling) await target.mark(marks.filling, {});
    const order = new LogOrder();
    for await (const page of pages) await copyPage(target, order.taken(page).map(recordOf), last?.at);
    return { events: order.count, incarnation: await open(target, order.incarnation, give) };
  } finally {
    await target.close();
  }
}

/**
 * Opens the next incarnation on a server whose files were restored from a backup, before any service appends to it, and
 * gives it back. Throws {@link ImportRefused} for one that is not above the last.
 */
export async function openIncarnation(address: KurrentDbAddress, give: Give = next): Promise<number> {
  const target = new FilledServer(address);
  try {
    await target.ready();
    const last = await target.last();
    return await open(target, last?.at.position.incarnation ?? 0, give);
  } finally {
    await target.close();
  }
}

async function open(target: FilledServer, standing: number, give: Give): Promise<number> {
  const above = Math.max(target.incarnations.current, standing);
  const incarnation = await give(above);
  if (incarnation <= above) throw new ImportRefused(`incarnation ${String(incarnation)} was given before`);
  await target.mark(marks.opened, { incarnation });
  return incarnation;
}

/** What stands already is left out; the event that it ends with must be one of the log's. */
async function copyPage(
  target: FilledServer,
  page: readonly LogRecord[],
  last: Anchor | undefined,
): Promise<void> {
  const fresh = page.filter((event) => !last || comparePositions(event.position, last.position) > 0);
  const meets = page.find((event) => last && comparePositions(event.position, last.position) === 0);
  if (meets && meets.id !== last?.eventId)
    throw new ImportRefused(`another event stands at ${formatPosition(meets.position)}`);
  for (const run of runsOf(fresh)) await target.copy(run);
}
