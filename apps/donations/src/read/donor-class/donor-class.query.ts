import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventStore } from '#event-store/event-store.js';
import { formatPosition } from '#kernel/position.js';
import { recordedBeforeOf, takenIn } from '#platform/as-recorded.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, EVENT_STORE, READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';

/** Which donations of a fund are counted; dates are inclusive. */
export interface ClassQuestion {
  readonly fundId: string;
  readonly from?: string;
  readonly to?: string;
  readonly recordedAt?: string;
}

/** Donations of one class and place in one currency, or in kind; received = refunded + voided + left, in minor units. */
export interface ClassSums {
  readonly donorClass: string;
  readonly place: string;
  /** Null in kind, where all sums are nothing. */
  readonly currency: string | null;
  readonly donations: number;
  readonly received: bigint;
  readonly refunds: number;
  readonly refunded: bigint;
  readonly voids: number;
  readonly voided: bigint;
  readonly left: bigint;
}

/** Sums in the order of class, place and currency, and the position that they stand at. */
export interface ClassAnswer {
  readonly position: string | null;
  readonly sums: readonly ClassSums[];
}

// Of each donation the last that was recorded by then.
const statement = `
WITH told AS (
  SELECT d.received_on, s.value AS standing, s.ordinality AS place_in_order, d.donation_id
  FROM donations.donor_class d CROSS JOIN LATERAL jsonb_array_elements(d.standings::jsonb) WITH ORDINALITY s
  WHERE d.fund_id = $1 AND ($4::timestamptz IS NULL OR (s.value->>'recordedAt')::timestamptz < $4)),
stand AS (
  SELECT DISTINCT ON (donation_id) standing FROM told
  WHERE ($2::date IS NULL OR received_on >= $2) AND ($3::date IS NULL OR received_on <= $3)
  ORDER BY donation_id, place_in_order DESC),
cut AS (
  SELECT standing->>'position' AS position FROM told
  ORDER BY string_to_array(standing->>'position', '.')::bigint[] DESC LIMIT 1),
sums AS (
  SELECT standing->>'donorClass' AS donor_class, standing->>'place' AS place, standing->>'currency' AS currency,
    count(*)::integer AS donations, sum((standing->>'received')::numeric)::text AS received,
    sum((standing->>'refunds')::integer)::integer AS refunds, sum((standing->>'refunded')::numeric)::text AS refunded,
    (count(*) FILTER (WHERE (standing->>'isVoid')::boolean))::integer AS voids,
    sum((standing->>'voided')::numeric)::text AS voided
  FROM stand GROUP BY 1, 2, 3)
SELECT (SELECT position FROM cut) AS position, s.* FROM (SELECT 1) one LEFT JOIN sums s ON true
ORDER BY s.donor_class, s.place, s.currency NULLS LAST`;

interface SumsRecord {
  readonly position: string | null;
  readonly donor_class: string | null;
  readonly place: string;
  readonly currency: string | null;
  readonly donations: number;
  readonly received: string;
  readonly refunds: number;
  readonly refunded: string;
  readonly voids: number;
  readonly voided: string;
}

/** Who gave, by class and place. */
@Injectable()
export class DonorClassQuery {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts and sums of a fund's donations received in a period, as recorded. Throws `http/busy` where the tables lag too far behind. */
  async sums({ fundId, from, to, recordedAt }: ClassQuestion): Promise<ClassAnswer> {
    const { readModels, store, clock } = this;
    await takenIn({ readModels, store, clock }, 'donations', recordedAt);
    const records: readonly SumsRecord[] = await this.database.query(statement, [
      fundId,
      from ?? null,
      to ?? null,
      recordedBeforeOf(recordedAt),
    ]);
    const now = this.readModels.position('donations');
    const current = now ? formatPosition(now) : null;
    return {
      position: recordedAt === undefined ? current : (records[0]?.position ?? null),
      sums: records.flatMap((record) =>
        record.donor_class === null ? [] : [sumsOf(record, record.donor_class)],
      ),
    };
  }
}

function sumsOf(record: SumsRecord, donorClass: string): ClassSums {
  const { place, currency, donations, refunds, voids } = record;
  const [received, refunded, voided] = [record.received, record.refunded, record.voided].map(BigInt) as [
    bigint,
    bigint,
    bigint,
  ];
  const left = received - refunded - voided;
  return { donorClass, place, currency, donations, received, refunds, refunded, voids, voided, left };
}
