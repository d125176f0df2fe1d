import { createHash } from 'node:crypto';
import type { AccessDoor, Standing } from '#contracts/access-door.js';
import type { Clock } from '#platform/clock.js';

/** How long an answer of access is believed: a revocation counts within this time. */
export const standingMs = 1_000;

const entriesMax = 10_000;

/** Asks access who holds a secret, at most once in {@link standingMs}. */
export class Standings {
  readonly #entries = new Map<
    string,
    { readonly until: number; readonly standing: Promise<Standing | undefined> }
  >();

  constructor(
    private readonly door: AccessDoor,
    private readonly clock: Clock,
  ) {}

  /** How the holder stands; undefined when the secret is nobody's. */
  async find(secret: string): Promise<Standing | undefined> {
    const key = createHash('sha256').update(secret).digest('base64url');
    const now = this.clock.now().getTime();
    const known = this.#entries.get(key);
    if (known && known.until > now) return known.standing;
    const standing = this.door.authenticate(secret);
    this.#entries.delete(key);
    this.#entries.set(key, { until: now + standingMs, standing });
    this.#dropOld(now);
    try {
      return await standing;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }

  /** Forgets what was believed of a secret. */
  forget(secret: string): void {
    this.#entries.delete(createHash('sha256').update(secret).digest('base64url'));
  }

  /** Entries stand in the order of their end. */
  #dropOld(now: number): void {
    for (const [key, { until }] of this.#entries) {
      if (until > now && this.#entries.size <= entriesMax) return;
      this.#entries.delete(key);
    }
  }
}
