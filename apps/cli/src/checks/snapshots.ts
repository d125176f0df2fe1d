import { stateCodec, type Snapshot } from '#event-store/snapshots.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { emptyInbox, evolveInbox, isInboxEvent, recordOfInbox, type Inbox } from '#kernel/inbox.js';
import { canonicalJson } from '#kernel/json.js';
import { Check } from './check.js';
import { kindOf, type Kind } from './folds.js';

/** A stream folded as far as its snapshot. */
interface Folding {
  readonly snapshot: Snapshot;
  readonly kind: Kind;
  state: unknown;
  inbox: Inbox;
}

/** Every snapshot that is still begun from is what its stream folds to at that revision. */
export class SnapshotsCheck extends Check {
  readonly #folding = new Map<string, Folding>();

  constructor(snapshots: readonly Snapshot[]) {
    super('snapshots', {
      vi: 'Ảnh chụp: mỗi ảnh chụp trạng thái đúng bằng kết quả dựng lại từ sự kiện đầu tiên',
      en: 'Snapshots: each is what its stream folds to from the first event on',
    });
    for (const snapshot of snapshots) {
      const kind = kindOf(snapshot.stream);
      if (kind?.stateVersion !== snapshot.deciderVersion) continue;
      this.#folding.set(snapshot.stream, { snapshot, kind, state: kind.initial, inbox: emptyInbox });
    }
  }

  take(event: RecordedEvent): void {
    const folding = this.#folding.get(event.stream);
    if (!folding) return;
    try {
      advance(folding, event);
    } catch {
      // That it does not fold is told by the check of folds.
      this.#folding.delete(event.stream);
      return;
    }
    if (event.revision < folding.snapshot.revision) return;
    this.#folding.delete(event.stream);
    this.counted += 1;
    this.#compare(event, folding);
  }

  #compare(event: RecordedEvent, { snapshot, state, inbox }: Folding): void {
    if (event.id !== snapshot.eventId)
      this.found(event, `ảnh chụp đứng trên sự kiện khác`, `the snapshot stands on another event`);
    else if (canonicalJson(stateCodec.toJson(state)) !== canonicalJson(snapshot.state))
      this.found(event, `trạng thái trong ảnh chụp khác`, `the state in the snapshot differs`);
    else if (canonicalJson(recordOfInbox(inbox)) !== canonicalJson(snapshot.inbox))
      this.found(event, `hộp thư trong ảnh chụp khác`, `the inbox in the snapshot differs`);
  }

  /** A snapshot beyond the end of its stream stands on nothing. */
  override end(): void {
    for (const { snapshot } of this.#folding.values())
      this.found(
        undefined,
        `${snapshot.stream}: ảnh chụp ở phiên bản ${snapshot.revision} vượt quá luồng`,
        `${snapshot.stream}: the snapshot at revision ${snapshot.revision} is beyond the stream`,
      );
  }
}

function advance(folding: Folding, event: RecordedEvent): void {
  if (!isInboxEvent(event)) folding.state = folding.kind.evolve(folding.state, event);
  folding.inbox = evolveInbox(folding.inbox, event);
}
