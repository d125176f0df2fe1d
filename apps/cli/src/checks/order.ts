import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, formatPosition } from '#kernel/position.js';
import { isInboxEvent } from '#kernel/inbox.js';
import { Check } from './check.js';

/** Revisions run 0..n in each stream; positions rise, times never fall, ids are unique over all streams. */
export class OrderCheck extends Check {
  readonly #revisions = new Map<string, number>();
  readonly #ids = new Set<string>();
  #last: RecordedEvent | undefined;

  constructor() {
    super('order', {
      vi: 'Thứ tự: số phiên bản liên tục từ 0 trong mỗi luồng, vị trí tăng dần, thời điểm không lùi, mã không trùng',
      en: 'Order: revisions without gap from 0 in each stream, positions rise, times never fall, ids are unique',
    });
  }

  take(event: RecordedEvent): void {
    this.counted += 1;
    const next = (this.#revisions.get(event.stream) ?? -1) + 1;
    if (event.revision !== next)
      this.found(
        event,
        `phiên bản ${event.revision}, lẽ ra là ${next}`,
        `revision ${event.revision} instead of ${next}`,
      );
    this.#revisions.set(event.stream, event.revision);
    if (this.#ids.has(event.id)) this.found(event, `mã ${event.id} bị trùng`, `id ${event.id} stands twice`);
    this.#ids.add(event.id);
    if (this.#last) this.#compare(this.#last, event);
    this.#last = event;
  }

  #compare(last: RecordedEvent, event: RecordedEvent): void {
    const before = formatPosition(last.position);
    if (comparePositions(last.position, event.position) >= 0)
      this.found(event, `không đứng sau vị trí ${before}`, `does not come after position ${before}`);
    if (Date.parse(event.recordedAt) < Date.parse(last.recordedAt))
      this.found(event, `ghi trước vị trí ${before}`, `was recorded before position ${before}`);
  }
}

/** What a person asked for, or a message, is answered once in a stream: in one run of events, or parked and then replayed. */
export class OnceCheck extends Check {
  readonly #answered = new Map<string, { stream: string; last: number }>();

  constructor() {
    super('once', {
      vi: 'Một lần: mỗi lệnh và mỗi thông điệp chỉ được trả lời một lần trong một luồng',
      en: 'Once: each command and each message is answered once in a stream',
    });
  }

  take(event: RecordedEvent): void {
    if (isInboxEvent(event)) return;
    const { cause, stream, revision } = event;
    const what = cause.kind === 'message' ? `${cause.topic} ${cause.eventId}` : event.commandId;
    const answer = this.#answered.get(`${stream} ${what}`);
    if (!answer) this.counted += 1;
    else if (answer.last !== revision - 1)
      this.found(
        event,
        `${what} đã được trả lời ở phiên bản ${answer.last}`,
        `${what} was answered at revision ${answer.last} already`,
      );
    this.#answered.set(`${stream} ${what}`, { stream, last: revision });
  }
}
