import { instantAfter } from '#kernel/instants.js';

/** Failures in a row before nothing more is tried for a while. */
export const failuresMax = 5;
/** Networks that are remembered as a person's own, those signed in from last. */
export const knownMax = 5;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/**
 * The longest lock in minutes. Anybody may fail with a password, so that its lock ends soon; who fails with codes knew the
 * password.
 */
const lockMinutesMax = { password: 15, code: 24 * 60 } as const;

/** What was tried: passwords, which anybody may, or one-time codes, which only follow a right password. */
export type Factor = keyof typeof lockMinutesMax;

/** Failures in a row in one place, and until when nothing is tried there; instants are RFC 3339 in UTC. */
export interface Tries {
  readonly failures: number;
  /** Null while there are none, or where they are from before it was kept. */
  readonly lastFailedAt: string | null;
  readonly lockedUntil: string | null;
}

/** Tries from a network (by its keyed hash) that the account was signed in from. */
export interface KnownTries extends Tries {
  readonly source: string;
}

/**
 * What was tried on an account, apart by place, so that failures elsewhere do not lock out its owner: codes; passwords from
 * each network that it was signed in from, the last one first; passwords from anywhere else.
 */
export interface Tried extends Tries {
  readonly codes: Tries;
  readonly known: readonly KnownTries[];
}

/** Where something was tried. */
export interface Place {
  readonly factor: Factor;
  /** Keyed hash of the network that it came from, where that is known. */
  readonly source?: string | undefined;
}

/** No failures. */
export const noTries: Tries = { failures: 0, lastFailedAt: null, lockedUntil: null };
/** Nothing was tried yet. */
export const nothingTried: Tried = { ...noTries, codes: noTries, known: [] };

/**
 * Until when a place locks after this many failures in a row: one minute at {@link failuresMax}, doubling with each
 * further one, up to 15 minutes for passwords and a day for codes; undefined while it does not lock.
 */
export function lockedUntil(factor: Factor, failures: number, now: string): string | undefined {
  if (failures < failuresMax) return undefined;
  const minutes = Math.min(2 ** (failures - failuresMax), lockMinutesMax[factor]);
  return instantAfter(now, minutes * minuteMs);
}

/** The tries with one failure more; what failed a day before it is forgotten. */
export function failedAgain(tries: Tries, at: string | undefined): Tries {
  const { failures, lastFailedAt } = tries;
  const forgotten = at !== undefined && lastFailedAt !== null && instantAfter(lastFailedAt, dayMs) <= at;
  return { ...tries, failures: forgotten ? 1 : failures + 1, lastFailedAt: at ?? lastFailedAt };
}

/** What was tried in one place. */
export function triesAt(tried: Tried, { factor, source }: Place): Tries {
  if (factor === 'code') return tried.codes;
  return tried.known.find((known) => known.source === source) ?? tried;
}

/** The same with what was tried in one place changed. */
export function withTries(tried: Tried, place: Place, change: (tries: Tries) => Tries): Tried {
  const { factor, source } = place;
  if (factor === 'code') return { ...tried, codes: change(tried.codes) };
  if (!isKnown(tried, source)) return { ...tried, ...change(triesOf(tried)) };
  return {
    ...tried,
    known: tried.known.map((known) =>
      known.source === source ? { ...known, ...change(triesOf(known)) } : known,
    ),
  };
}

/** After a right password: its place has no failures, and its network is known. Those of codes stay, else they could be guessed for ever. */
export function afterPassword(tried: Tried, source: string | undefined): Tried {
  const fresh = isKnown(tried, source) ? tried : { ...tried, ...noTries };
  if (source === undefined) return fresh;
  const others = fresh.known.filter((known) => known.source !== source);
  return { ...fresh, known: [{ source, ...noTries }, ...others].slice(0, knownMax) };
}

/** No failures anywhere; the networks stay known. */
export function forgiven(tried: Tried): Tried {
  return { ...nothingTried, known: tried.known.map(({ source }) => ({ source, ...noTries })) };
}

/** All failures, and the latest instant until which some place is locked. */
export function sumOfTries(tried: Tried): Pick<Tries, 'failures' | 'lockedUntil'> {
  const all = [tried, tried.codes, ...tried.known];
  return {
    failures: all.reduce((sum, { failures }) => sum + failures, 0),
    lockedUntil: all.reduce<string | null>((latest, { lockedUntil: until }) => later(latest, until), null),
  };
}

function isKnown(tried: Tried, source: string | undefined): boolean {
  return tried.known.some((known) => known.source === source);
}

function triesOf({ failures, lastFailedAt, lockedUntil: until }: Tries): Tries {
  return { failures, lastFailedAt, lockedUntil: until };
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}
