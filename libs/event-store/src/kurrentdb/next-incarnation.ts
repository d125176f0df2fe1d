import { ImportRefused, LogNotWhole } from '../importing.js';
import { FilledServer } from './filled-server.js';
import { marks } from './incarnations.js';
import type { KurrentDbAddress } from './names.js';

/**
 * Opens the incarnation that `give` answers with, above the one that it is told, on a server whose own files were restored
 * from a backup, before any service appends to it. Throws {@link ImportRefused} for one that is not above, and
 * `LogNotWhole`.
 */
export async function openIncarnation(
  address: KurrentDbAddress,
  give: (above: number) => Promise<number> = (above) => Promise.resolve(above + 1),
): Promise<number> {
  const target = new FilledServer(address);
  try {
    await target.ready();
    if (target.incarnations.filling) throw new LogNotWhole();
    const above = await target.lastIncarnation();
    const incarnation = await give(above);
    if (incarnation <= above) throw new ImportRefused(`incarnation ${String(incarnation)} was given before`);
    await target.mark(marks.opened, { incarnation });
    return incarnation;
  } finally {
    await target.close();
  }
}
