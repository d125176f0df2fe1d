import { join } from 'node:path';
import { topics } from '#contracts/topics.js';
import type { LogRestored } from '#event-store/restoring.js';
import { giveIncarnation } from '#platform/archive/incarnations.js';
import { restoreOntoEngines, type EnginesRestore } from '#platform/moving/restore-engines.js';
import { TopicDesk } from '#platform/topic-desk.js';
import { proveBackup } from './backup.js';
import { eventsFile, vaultRows } from './backup-files.js';
import type { Context } from './context.js';
import { apartConfigOf, faultOfMoving } from './engines.js';
import { readExport } from './export-file.js';
import { CliFault } from './fault.js';
import { figure } from './figures.js';
import { unlessAborted } from './interruption.js';
import { replayedServices } from './registry.js';
import { assertGivenKnown } from './restore.js';

/** What to restore onto the engines of separate services. */
export interface OntoEngines {
  /** Absolute path of the backup. */
  readonly from: string;
  /** Absolute path of the folder of keys, where every incarnation that was given is kept. */
  readonly keysDirectory: string;
  /** The highest incarnation that a copy of this log may have used, where what is kept beside the keys is lost. */
  readonly above?: number | undefined;
}

/**
 * `mangnon restore` where the environment names the engines of separate services: proves the backup, sees that nothing was
 * sent on Kafka yet, and fills the empty databases and the empty event store. Throws {@link CliFault}.
 */
export async function restoreEngines(context: Context, asked: OntoEngines): Promise<void> {
  const { kafka, databaseUrl, vaultUrl, eventStore } = apartConfigOf(context.environment);
  await assertGivenKnown(asked);
  await context.interruption.waitFor((signal) =>
    unlessAborted(
      assertNothingSent(new TopicDesk(kafka, topics)).catch((error: unknown) => {
        throw faultOfMoving(error);
      }),
      signal,
    ),
  );
  await fillEngines(context, { ...asked, to: { databaseUrl, vaultUrl, eventStore } });
}

/** Consumers would hold messages of the log that was lost for what comes of the restored one. */
async function assertNothingSent(desk: TopicDesk): Promise<void> {
  const topic = await desk.findUsed();
  if (topic === undefined) return;
  throw new CliFault('refused', {
    vi: `Chủ đề ${topic} đã có thông điệp của sổ cũ: hãy xoá các chủ đề, rồi chạy mangnon topics apply.`,
    en: `The topic ${topic} has messages of the log that was lost: delete the topics and run mangnon topics apply.`,
  });
}

/** All of it but what concerns Kafka. */
export async function fillEngines(
  context: Context,
  asked: OntoEngines & Pick<EnginesRestore, 'to'>,
): Promise<LogRestored> {
  const { from, to, keysDirectory, above = 0 } = asked;
  const manifest = await proveBackup(context, from);
  const restoring = (signal: AbortSignal): Promise<LogRestored> => {
    const work = restoreOntoEngines({
      from: {
        events: () => readExport(join(from, eventsFile), manifest.events),
        vaultRows: (table) => vaultRows(from, manifest, table),
      },
      to,
      services: replayedServices.map(({ name }) => name),
      give: (last) => giveIncarnation(keysDirectory, Math.max(last, above)),
      onProgress: ({ phase, events }) => showProgress(context, phase, events),
    });
    return unlessAborted(work, signal);
  };
  const restored = await context.interruption.waitFor(restoring).catch((error: unknown) => {
    throw context.interruption.signal.aborted ? givenUp() : faultOfMoving(error);
  });
  tell(context, restored, keysDirectory);
  return restored;
}

function givenUp(): CliFault {
  return new CliFault('refused', {
    vi: 'Đã ngừng khôi phục giữa chừng: kho sự kiện không nhận sự kiện nào cho đến khi lệnh này được chạy lại đến hết.',
    en: 'The restore was broken off: the event store takes no events until this command is run again to its end.',
  });
}

function showProgress({ terminal }: Context, phase: 'copying' | 'comparing', events: number): void {
  const count = figure(events, terminal.language);
  terminal.progress(() =>
    phase === 'copying'
      ? { vi: `Đang khôi phục: ${count} sự kiện`, en: `Restoring: ${count} events` }
      : { vi: `Đang đối chiếu: ${count} sự kiện`, en: `Comparing: ${count} events` },
  );
}

function tell({ terminal }: Context, { count, sha256, incarnation }: LogRestored, keys: string): void {
  const events = figure(count, terminal.language);
  terminal.tell({
    vi: `Đã khôi phục và đối chiếu ${events} sự kiện, SHA-256 ${sha256}; sự kiện mới thuộc đời ${incarnation}. Các bảng và các chủ đề được dựng lại khi các dịch vụ khởi động. Hãy sao lưu lại thư mục khoá ${keys}: nó đã ghi nhận đời này.`,
    en: `${events} events restored and compared, SHA-256 ${sha256}; new ones belong to incarnation ${incarnation}. Tables and topics are built when the services start. Copy the folder of keys ${keys} again: it knows of this incarnation now.`,
  });
}
