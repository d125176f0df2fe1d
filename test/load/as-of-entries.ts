import type { PostedEntry } from '#apps/ledger/src/read/posted-entry.js';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { aSource, fundHistory, openLangSon, post, vnd } from '#testing/fund-stories.js';

const dayMs = 86_400_000;
/** The fund's zone is seven hours ahead, without summer time. */
const zoneMs = 7 * 3_600_000;
const days = 3_650;
/** One day in a hundred is one of those on which a whole country gives. */
const heavyDayEvery = 100;
const heavyDayWeight = 10;
const purposes = [
  'unrestricted',
  ...[1, 2, 3, 4].map((nth) => `0b1c0f52-6d0f-5b7e-8f1a-00000000000${String(nth)}`),
];
const accounts = ['bank.1900000001', 'cash'] as const;

/** What an entry is made from: everything of it follows from its number. */
export interface MadeEntry {
  readonly nth: number;
  readonly recordedMs: number;
  /** The day that it counts on, in days since 1970. */
  readonly effectiveDay: number;
  readonly account: string;
  readonly purpose: string;
  readonly amount: number;
}

/** A day of recording, in UTC, with the numbers of its entries. */
export interface MadeDay {
  readonly fromMs: number;
  readonly first: number;
  readonly count: number;
}

/** Ten years of donations to one fund that end yesterday, as SQL and as events: each knows all of it from the number alone. */
export class MadeEntries {
  readonly days: readonly MadeDay[];

  constructor(
    readonly fundId: string,
    readonly count: number,
    today: number,
  ) {
    const beginning = Math.floor(today / dayMs) * dayMs - days * dayMs;
    const weights = Array.from({ length: days }, (_, day) =>
      day % heavyDayEvery === 50 ? heavyDayWeight : 1,
    );
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    let [first, weighed] = [1, 0];
    this.days = weights.map((weight, day) => {
      weighed += weight;
      const next = 1 + Math.round((count * weighed) / all);
      const made = { fromMs: beginning + day * dayMs, first, count: next - first };
      first = next;
      return made;
    });
  }

  /** The entries of a day, in order. */
  *of({ fromMs, first, count }: MadeDay): Generator<MadeEntry> {
    for (let at = 0; at < count; at += 1) {
      const nth = first + at;
      const recordedMs = fromMs + Math.floor((at * dayMs) / count);
      const lateDays = nth % 10 === 0 ? 1 + (Math.floor(nth / 10) % 3) : 0;
      yield {
        ...{ nth, recordedMs },
        effectiveDay: Math.floor((recordedMs + zoneMs) / dayMs) - lateDays,
        account: accounts[nth % 4 === 0 ? 1 : 0],
        purpose: purposes[nth % 5] ?? 'unrestricted',
        amount: 10_000 + (nth % 990) * 1_000,
      };
    }
  }

  /** The entry as its event, such as the fund's decider makes it; `amount` may stand for the sum of several. */
  eventOf({ nth, recordedMs, effectiveDay, account, purpose, amount }: MadeEntry): PostedEntry {
    const effectiveOn = dateOf(effectiveDay);
    const donationId = idOf(nth);
    const source = aSource(donationId, {
      ...{ account, purpose, amount: vnd(amount), method: account === 'cash' ? 'cash' : 'bank' },
      receivedOn: effectiveOn,
    });
    const postings = moneyOf(source.account ?? '', purpose, amount);
    const data = {
      ...template.data,
      entryId: `donation.${donationId}`,
      entryNumber: nth,
      effectiveOn,
      postings,
      source,
    };
    return {
      ...template,
      ...{ stream: `fund-${this.fundId}`, revision: nth, position: { incarnation: 1, number: nth } },
      ...{ recordedAt: new Date(recordedMs).toISOString(), data },
    } as PostedEntry;
  }

  /** The same entries as rows of a query, with the columns `nth`, `recorded_at`, `effective_on`, `account`, `purpose`, `amount`. */
  get sql(): { readonly text: string; readonly values: readonly unknown[] } {
    const text = `SELECT nth, recorded_at, account, purpose, amount, '00000000-0000-4000-8000-' || lpad(to_hex(nth), 12, '0') AS id,
        ((recorded_at + interval '7 hours') AT TIME ZONE 'UTC')::date
          - CASE WHEN nth % 10 = 0 THEN 1 + (nth / 10 % 3)::integer ELSE 0 END AS effective_on
      FROM (
        SELECT d.first + at AS nth, 10000 + ((d.first + at) % 990) * 1000 AS amount,
          timestamptz 'epoch' + (d.from_ms + at * ${String(dayMs)} / d.count) * interval '1 millisecond' AS recorded_at,
          CASE WHEN (d.first + at) % 4 = 0 THEN 'cash' ELSE '${accounts[0]}' END AS account,
          ($4::text[])[1 + (d.first + at) % 5] AS purpose
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) d (from_ms, first, count), generate_series(0, d.count - 1) at
      ) made`;
    const of = (name: keyof MadeDay): readonly number[] => this.days.map((day) => day[name]);
    return { text, values: [of('fromMs'), of('first'), of('count'), purposes] };
  }
}

/** The id of a donation by its number. */
export function idOf(nth: number): string {
  return `00000000-0000-4000-8000-${nth.toString(16).padStart(12, '0')}`;
}

const postedTemplate = fundHistory(openLangSon(), post(aSource(idOf(1)))).at(-1);
if (postedTemplate?.type !== 'DonationPosted') throw new Error('a donation is not posted');
const template = {
  ...{
    id: idOf(1),
    schemaVersion: 1,
    actor: 'system:bench',
    commandId: idOf(1),
    correlationId: idOf(1),
    salt: '',
  },
  ...postedTemplate,
};

function moneyOf(account: string, purpose: string, amount: number): PostedEntry['data']['postings'] {
  const [first, second] = template.data.postings;
  if (!first || !second) throw new Error('an entry has two lines');
  const [debit, credit] = [vnd(amount), vnd(-amount)];
  return [
    { ...first, account, purpose, amount: debit },
    { ...second, purpose, amount: credit },
  ];
}

/** A day counted since 1970 as a date. */
export function dateOf(day: number): LocalDate {
  return localDate(new Date(day * dayMs).toISOString().slice(0, 10));
}
