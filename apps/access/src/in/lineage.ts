import { enablersOf } from '#domain/staff/enabling.policy.js';
import type { Person } from '#domain/staff/staff.state.js';
import type { Credential } from '#domain/staff/standing.policy.js';
import type { Clock } from '#platform/clock.js';
import { findPerson, type Streams } from '../streams.js';

/** As long as the gateway believes a standing. */
const believedMs = 1_000;
const rememberedMax = 1_000;

/** Finds through whose hands somebody's access went, and through whose theirs: one person may have made a chain of them. */
export class Lineage {
  readonly #remembered = new Map<string, { readonly until: number; readonly enablers: readonly string[] }>();

  constructor(
    private readonly streams: Streams,
    private readonly clock: Clock,
  ) {}

  /** Everybody behind this credential, near and far, each once and without the person. */
  async enabledBy(person: Person, credential: Credential): Promise<readonly string[]> {
    const found = new Set(enablersOf(person, credential));
    // A set is gone through with what is added on the way.
    for (const staffId of found)
      for (const further of await this.#everEnabled(staffId))
        if (further !== person.staffId) found.add(further);
    return [...found];
  }

  /** Of those behind, all that ever was counts: what they made others with may be gone by now. */
  async #everEnabled(staffId: string): Promise<readonly string[]> {
    const now = this.clock.now().getTime();
    const known = this.#remembered.get(staffId);
    if (known && known.until > now) return known.enablers;
    const enablers = (await findPerson(this.streams, staffId))?.enablers ?? [];
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(staffId, { until: now + believedMs, enablers });
    return enablers;
  }
}
