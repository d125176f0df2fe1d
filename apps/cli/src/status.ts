import { formatPosition } from '#kernel/position.js';
import { tableOf } from '#read-models/projection.js';
import type { Context } from './context.js';
import type { Databases } from './databases.js';
import { figuresAtRest } from './figures-at-rest.js';
import { loggedIn } from './login.js';
import { replayedProjections } from './registry.js';
import { assertNothingWaits, showFigures } from './status-figures.js';

/** One line of a status. */
interface Standing {
  readonly name: string;
  readonly state: string;
  readonly position: string;
  readonly note?: string;
}

interface SlotRow {
  readonly name: string;
  readonly slot: string;
  readonly version: number;
  readonly position: string | null;
  readonly stopped: string | null;
}

/** `mangnon status` from the databases: what is recorded, whether or not the services run. Throws `CliFault` where something waits for a person. */
export async function statusOfDatabases(context: Context, { log }: Databases): Promise<void> {
  const head = await log.store.head();
  const ask = async <Row extends object>(table: string, statement: string): Promise<readonly Row[]> => {
    const { rows } = await log.database.query<{ there: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS there',
      [table],
    );
    return rows[0]?.there === true ? (await log.database.query<Row>(statement)).rows : [];
  };
  const schemas = [...new Set(replayedProjections().map((projection) => tableOf(projection).schema))];
  const slots = await Promise.all(
    schemas.map((schema) =>
      ask<SlotRow>(
        `${schema}.read_model`,
        // Tables fed by topics stand at the last message that concerned them.
        `SELECT name, slot, version, stopped, coalesce(incarnation || '.' || number,
           (SELECT w.incarnation || '.' || w.number FROM ${schema}.read_model_watermark w
             WHERE w.name = r.name AND w.slot = r.slot ORDER BY w.incarnation DESC, w.number DESC LIMIT 1)) AS position
         FROM ${schema}.read_model r ORDER BY name, slot`,
      ),
    ),
  );
  const consumers = await ask<{ name: string; position: string }>(
    'platform.checkpoints',
    `SELECT consumer AS name, incarnation || '.' || number AS position FROM platform.checkpoints ORDER BY consumer`,
  );
  show(context, head ? formatPosition(head.position) : '–', [
    ...slots.flat().map(standingOf),
    ...consumers.map(({ name, position }) => ({ name, state: 'consumer', position })),
  ]);
  const figures = await figuresAtRest({ log });
  showFigures(context, figures);
  assertNothingWaits(figures, slots.flat().filter(({ stopped }) => stopped !== null).length);
}

/** `mangnon status` from the server that somebody has logged in to; throws `CliFault` where something waits for a person. */
export async function statusOfServer(context: Context): Promise<void> {
  const { head, projections, stopped, figures } = await (await loggedIn(context)).status();
  const standings = projections.map(({ name, version, state, position, reason, rebuild }) => ({
    name: `${name} v${String(version)}`,
    state: rebuild ? `${state}, ${rebuild.phase} ${rebuild.position ?? '–'}` : state,
    position: position ?? '–',
    ...(reason === null ? {} : { note: reason }),
  }));
  show(context, head ?? '–', standings);
  for (const [name, reason] of Object.entries(stopped)) context.terminal.print(`${name}  stopped: ${reason}`);
  showFigures(context, figures);
  const models = projections.filter(({ state }) => state === 'stopped').length;
  assertNothingWaits(figures, models + Object.keys(stopped).length);
}

function standingOf({ name, slot, version, position, stopped }: SlotRow): Standing {
  const state = slot === 'next' ? 'building' : stopped === null ? 'live' : 'stopped';
  return {
    name: `${name} v${String(version)}`,
    state,
    position: position ?? '–',
    ...(stopped === null ? {} : { note: stopped }),
  };
}

function show({ terminal }: Context, head: string, standings: readonly Standing[]): void {
  terminal.tell({ vi: `Sự kiện cuối: ${head}`, en: `Last event: ${head}` });
  const width = Math.max(0, ...standings.map(({ name }) => name.length));
  for (const { name, state, position, note } of standings)
    terminal.print(
      `${name.padEnd(width)}  ${position.padStart(12)}  ${state}${note === undefined ? '' : `: ${note}`}`,
    );
}
