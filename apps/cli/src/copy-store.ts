import { topics } from '#contracts/topics.js';
import { formatPosition } from '#kernel/position.js';
import { copyStore as moveStore, type CopyStep } from '#platform/moving/copy-store.js';
import { giveUpCopy } from '#platform/moving/source.js';
import { parkedProjection } from '#platform/operations/parked.projection.js';
import { connectionOfEnvironment, dataDirectory } from './config.js';
import type { Context } from './context.js';
import { openDatabases, type Databases } from './databases.js';
import { apartConfigOf, faultOfMoving } from './engines.js';
import { figure } from './figures.js';
import { unlessAborted } from './interruption.js';
import { replayedServices } from './registry.js';

/** What `mangnon copy-store` is told. */
export interface CopyStoreOptions {
  /** Data directory of the default run that is left. */
  readonly dataDir?: string;
  /** PostgreSQL of the events that are left, and of its vault, instead of a data directory. */
  readonly from?: string;
  readonly fromVault?: string;
  readonly giveUp?: boolean;
}

/** `mangnon copy-store`: moves the default run's data onto the engines that the environment names; throws {@link CliFault}. */
export async function copyStore(context: Context, given: CopyStoreOptions): Promise<void> {
  const { interruption } = context;
  await interruption.waitFor(async (signal) => {
    const source = await openSource(context, given, signal);
    const work = given.giveUp === true ? giveUp(context, source) : move(context, source);
    try {
      await unlessAborted(work, signal).catch((error: unknown) => {
        throw faultOfMoving(error);
      });
    } finally {
      await (signal.aborted ? source.abandon() : source.close());
    }
  });
}

function openSource(
  { environment, terminal }: Context,
  { dataDir, from, fromVault }: CopyStoreOptions,
  signal: AbortSignal,
): Promise<Databases> {
  if (from === undefined)
    return openDatabases(environment, terminal, {
      givenDirectory: dataDirectory(environment, dataDir),
      signal,
    });
  const named = { MANGNON_DATABASE_URL: from, MANGNON_VAULT_URL: fromVault };
  connectionOfEnvironment(named);
  return openDatabases(named, terminal, { givenDirectory: undefined, signal });
}

async function giveUp({ terminal }: Context, { url }: Databases): Promise<void> {
  await giveUpCopy(url);
  terminal.tell({
    vi: 'Đã thôi chuyển: sổ cũ lại nhận sự kiện.',
    en: 'Given up: the old store takes events again.',
  });
}

async function move(context: Context, { url: databaseUrl, vaultUrl }: Databases): Promise<void> {
  const { terminal, environment } = context;
  const {
    databaseUrl: target,
    vaultUrl: vault,
    eventStore,
    kafka,
    keysDirectory,
  } = apartConfigOf(environment);
  const copied = await moveStore({
    from: { databaseUrl, vaultUrl },
    to: { databaseUrl: target, vaultUrl: vault, eventStore, kafka },
    keysDirectory,
    topics,
    services: replayedServices.map(({ name, streams, publishers, projections }) => ({
      ...{ name, streams, publishers },
      projections: [...projections, parkedProjection(name, streams)],
    })),
    onProgress: (step) => show(context, step),
  });
  const count = figure(copied.count, terminal.language);
  const last = copied.lastPosition ? formatPosition(copied.lastPosition) : '–';
  terminal.tell({
    vi: `Đã chuyển và đối chiếu ${count} sự kiện, vị trí cuối ${last}, SHA-256 ${copied.sha256}, cùng ${copied.tables} bảng; sự kiện mới thuộc đời ${copied.incarnation}. Sổ cũ không nhận sự kiện nữa; hãy khởi động các dịch vụ trên sổ mới.`,
    en: `${count} events moved and compared, last position ${last}, SHA-256 ${copied.sha256}, with ${copied.tables} tables; new ones belong to incarnation ${copied.incarnation}. The old store takes none any more: start the services on the new one.`,
  });
}

function show({ terminal }: Context, step: CopyStep): void {
  if (step.kind === 'events') {
    const count = figure(step.events, terminal.language);
    terminal.progress(() =>
      step.phase === 'copying'
        ? { vi: `Đang chép: ${count} sự kiện`, en: `Copying: ${count} events` }
        : { vi: `Đang đối chiếu: ${count} sự kiện`, en: `Comparing: ${count} events` },
    );
    return;
  }
  terminal.progress(() => ({ vi: `${step.name}: đã khớp`, en: `${step.name}: the same` }));
}
