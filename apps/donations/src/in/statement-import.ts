import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { ImportedRows, StatementEvent } from '#domain/statement/statement.events.js';
import type { EventStore } from '#event-store/event-store.js';
import { uuidV5 } from '#event-store/command-id.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { ADMISSION, EVENT_STORE } from '#platform/tokens.js';
import type { Admission } from '#platform/transport/admission.js';
import { CampaignQuery } from '../read/campaign/campaign.query.js';
import { destinationsBy } from '../statement/named-appeals.js';
import { StatementFiles } from '../statement/statement-files.js';
import { inBatches } from '../statement/statement-walk.js';
import { Facts } from './facts.js';
import { posting } from './posting.js';
import { added, RowRecording, type Recording } from './row-recording.js';
import { STREAMS, type Streams } from './streams.js';

/** How often it is looked whether the books keep up, in milliseconds. */
const lookAgainMs = 500;

/** Reads a statement's rows again and has them recorded: what comes next is sealed while the rows before are appended. */
@Injectable()
export class Rows {
  constructor(
    private readonly files: StatementFiles,
    private readonly recording: RowRecording,
    @Inject(ADMISSION) private readonly admission: Admission,
  ) {}

  /** Throws the reason of `stopping` between two batches; what is recorded by then stays. */
  async record(recording: Recording, stopping: AbortSignal): Promise<ImportedRows> {
    const { upload } = recording;
    const reading = { actor: recording.context.actor, purpose: 'statement imported' } as const;
    const { rows } = await this.files.reread(upload, reading);
    let appended = Promise.resolve<ImportedRows>({ donations: 0, debits: 0, unexplained: 0, known: 0 });
    for await (const batch of inBatches(this.files.walk(upload, upload.currency), rows)) {
      await this.#waitForRoom(stopping);
      const sealed = await this.recording.seal(recording, batch);
      const before = await appended;
      appended = this.recording.record(recording, sealed).then((recorded) => added(before, recorded));
      // Waited for after the next batch is sealed.
      appended.catch(() => undefined);
    }
    return appended;
  }

  /** A statement can wait; a cashier at the counter cannot. */
  async #waitForRoom(stopping: AbortSignal): Promise<void> {
    stopping.throwIfAborted();
    while (!(await this.admission.hasRoom(posting)))
      await delay(lookAgainMs, undefined, { signal: stopping });
  }
}

/** Records every row of a confirmed statement, however often it is begun. */
@Injectable()
export class StatementImport {
  constructor(
    @Inject(STREAMS) private readonly streams: Streams,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly facts: Facts,
    private readonly campaigns: CampaignQuery,
    private readonly rows: Rows,
  ) {}

  /** Goes on until every row is recorded and the statement says so, or `stopping`; nothing to do where it says so already. */
  async run(statementId: string, stopping: AbortSignal): Promise<void> {
    const stream = `statement-${statementId}`;
    const { state } = await this.streams.statements.load(stream);
    if (state.status !== 'confirmed') return;
    const { upload, confirmedBy, otherHalves = [] } = state;
    const { id: afterEventId, correlationId } = await this.#confirmation(stream);
    const appeals = await this.campaigns.appeals(upload.fundId);
    const recording: Recording = {
      upload,
      fund: await this.facts.fund(upload.fundId),
      destinationOf: destinationsBy(appeals, upload.account),
      otherHalves: new Set(otherHalves.map(({ rowId }) => rowId)),
      context: { actor: `staff:${confirmedBy}`, correlationId, afterEventId },
    };
    const imported = await this.rows.record(recording, stopping);
    await this.streams.statements.command(
      stream,
      { type: 'CompleteImport', ...imported },
      {
        actor: 'service:donations',
        commandId: uuidV5(afterEventId, 'imported'),
        correlationId,
        afterEventId,
      },
    );
  }

  async #confirmation(stream: string): Promise<RecordedEvent> {
    for await (const page of this.store.read(stream)) {
      const found = page.find(({ type }) => type === ('StatementConfirmed' satisfies StatementEvent['type']));
      if (found) return found;
    }
    throw new Error(`${stream} was not confirmed`);
  }
}
