import type { DomainEvent, NewEvent } from '#kernel/domain-event.js';
import type { Inbox } from '#kernel/inbox.js';
import { isInboxNews } from '#kernel/inbox-news.js';
import type { Message } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import { appendFirmly } from './appending.js';
import { Conflicts } from './conflicts.js';
import { appendBytesMax, type EventStore } from './event-store.js';
import { isHopeless, isOutage, KeyUnusable, NewerEvent } from './handle-errors.js';
import { MessageAnswers, type Answering, type ParkedMessage, type ToCommand } from './message-answers.js';
import type { Folded } from './stream-fold.js';

/** What one append carries: the answers to some messages, never part of one. */
interface Part<State> {
  readonly events: NewEvent[];
  bytes: number;
  /** The stream once it is appended. */
  folded: Folded<State>;
  readonly parked: ParkedMessage[];
}

/** The door for messages of other services, as `Handler.messages` promises it. */
export class MessageDoor<State, Command, Event extends DomainEvent> {
  constructor(
    private readonly store: EventStore,
    private readonly answering: Answering<State, Command, Event>,
    private readonly conflictDeadlineMs: number,
  ) {}

  async handle(stream: string, messages: readonly Message[], toCommand: ToCommand<Command>): Promise<void> {
    const answers = new MessageAnswers(this.answering, stream, toCommand);
    // News that a message waits would wait behind it, be told as news again, and so on for ever.
    const asking = messages.filter((message) => !isInboxNews(message));
    if (asking.length === 0) return;
    try {
      await this.settle(stream, asking, answers);
    } catch (error) {
      if (error instanceof NewerEvent) throw error;
      throw isHopeless(error) ? new KeyUnusable(stream, 'cannot be folded or appended to', error) : error;
    }
  }

  /** An append proves the cache that it was decided on; what writes nothing is decided again on freshly read state. */
  private async settle(
    stream: string,
    messages: readonly Message[],
    answers: MessageAnswers<State, Command, Event>,
  ): Promise<void> {
    const { fold } = this.answering;
    const conflicts = new Conflicts(this.conflictDeadlineMs);
    let cached = fold.cached(stream);
    for (;;) {
      try {
        const folded = cached ?? (await fold.fresh(stream));
        const parts = plan(folded, messages, answers);
        await this.append(stream, folded, parts, conflicts);
        if (parts.length > 0 || !cached) return;
      } catch (error) {
        if (!cached || isOutage(error)) await conflicts.after(error);
      }
      cached = undefined;
    }
  }

  private async append(
    stream: string,
    folded: Folded<State>,
    parts: readonly Part<State>[],
    conflicts: Conflicts,
  ): Promise<void> {
    const { fold, onParked } = this.answering;
    let standing = folded;
    for (const part of parts) {
      await appendFirmly(this.store, stream, part.events, standing.revision, standing.lastEventId);
      conflicts.progressed();
      standing = part.folded;
      part.parked.forEach(onParked);
    }
    if (standing !== folded) await fold.keep(stream, standing);
  }
}

function plan<State, Command, Event extends DomainEvent>(
  folded: Folded<State>,
  messages: readonly Message[],
  answers: MessageAnswers<State, Command, Event>,
): readonly Part<State>[] {
  const parts: Part<State>[] = [];
  let standing = folded;
  for (const message of messages) {
    if (isAnswered(standing.inbox, message)) continue;
    const answer = answers.decideOrPark(standing, message);
    if (answer.events.length === 0) continue;
    standing = answer.folded;
    const parked = answer.parked ? [answer.parked] : [];
    const part = parts.at(-1);
    if (!part || part.bytes + answer.bytes > appendBytesMax) {
      parts.push({ ...answer, events: [...answer.events], parked });
    } else {
      part.events.push(...answer.events);
      part.parked.push(...parked);
      part.bytes += answer.bytes;
      part.folded = answer.folded;
    }
  }
  return parts;
}

function isAnswered(inbox: Inbox, message: Message): boolean {
  const watermark = inbox.watermarks[message.topic];
  return watermark !== undefined && comparePositions(message.position, watermark) <= 0;
}
