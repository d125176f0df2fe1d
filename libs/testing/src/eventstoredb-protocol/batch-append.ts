import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Expected } from './append-rules.js';
import { answerOf, appendSizeMax, badRequest, notReady, timedOut, tooLarge } from './batch-answers.js';
import type { Faults } from './faults.js';
import type { ProposedEvent } from './stored-event.js';
import type { StoredLog } from './stored-log.js';
import { expectedOf, identifierOf, proposedOf, streamOf } from './wire.js';

/** An append of which parts have come. */
interface Pending {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: ProposedEvent[];
}

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What the limit of one append counts. */
export function bytesOf(events: readonly ProposedEvent[]): number {
  return events.reduce((sum, { data }) => sum + data.length, 0);
}

/** Takes the appends of one connection as they come, and answers each where it is done. */
export class BatchAppend {
  readonly #pending = new Map<string, Pending>();

  constructor(
    private readonly log: StoredLog,
    private readonly faults: Faults,
    private readonly call: Call,
  ) {}

  /** Answers until the client ends. */
  begin(): void {
    this.call.on('data', (request: BatchAppendReq) => void this.#take(request));
    this.call.on('end', () => this.call.end());
    this.call.on('error', () => undefined);
  }

  async #take(request: BatchAppendReq): Promise<void> {
    const id = request.getCorrelationId()?.getString() ?? '';
    const pending = this.#begun(id, request) ?? this.#pending.get(id);
    const answer = pending && (await this.#answer(pending, request));
    if (!answer) return;
    this.#pending.delete(id);
    answer.setStreamIdentifier(identifierOf(pending.stream));
    if (!this.call.cancelled) this.call.write(answer.setCorrelationId(request.getCorrelationId()));
  }

  /** Nothing where there is more to come. */
  async #answer(pending: Pending, request: BatchAppendReq): Promise<BatchAppendResp | undefined> {
    const early = this.#add(pending, request);
    if (early || !request.getIsFinal()) return early;
    return this.#decide(pending);
  }

  /** The first part of an append carries its options. */
  #begun(id: string, request: BatchAppendReq): Pending | undefined {
    const options = request.getOptions();
    if (!options) return undefined;
    const expected = expectedOf(options, options.getStreamPosition());
    const pending = { stream: streamOf(options), expected, events: [] };
    this.#pending.set(id, pending);
    return pending;
  }

  /** What ends the append before it is whole. */
  #add({ events }: Pending, request: BatchAppendReq): BatchAppendResp | undefined {
    try {
      events.push(...request.getProposedMessagesList().map(proposedOf));
    } catch (error) {
      return badRequest((error as Error).message);
    }
    return bytesOf(events) > appendSizeMax ? tooLarge() : undefined;
  }

  async #decide({ stream, expected, events }: Pending): Promise<BatchAppendResp | undefined> {
    if (this.faults.starting) return notReady();
    const ended = this.faults.endOf('batchAppend');
    if (ended) {
      this.call.emit('error', ended);
      return undefined;
    }
    const key = [stream, ...events.map(({ id }) => id)].join(' ');
    if (await this.faults.underWay(key)) return timedOut();
    return this.faults.answered(key, () =>
      answerOf(stream, expected, this.log.append(stream, expected, events)),
    );
  }
}
