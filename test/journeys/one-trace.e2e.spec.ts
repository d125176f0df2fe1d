import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { password } from '#apps/standalone/src/demo/people.js';
import { openTracing, type Tracing } from '#platform/tracing/open-tracing.js';
import { eventually } from '#testing/eventually.js';
import {
  startOtlpCollector,
  wayTo,
  type CollectedSpan,
  type OtlpCollector,
} from '#testing/otlp-collector.js';
import { mailsTo, receipted, record, walkMs, type Recorded } from './asking.js';
import { FundAtWork, vnd } from './fund-at-work.js';

const named = {
  donor: {
    kind: 'named',
    details: { class: 'individual', inProvince: true, name: 'Hoàng Thị Mẫu', email: 'mau@example.org' },
  },
};
const posted = 'POST /v1/* > POST /v1/donations > append';
const entered = `${posted} > process mangnon.donations.v1 > append`;
const numbered = `${entered} > process mangnon.ledger.v1 > append`;
const drawn = `${numbered} > process mangnon.receipts.v1 > draw receipt > append`;
const mailed = `${drawn} > mail receipt > append`;

let collector: OtlpCollector;
let tracing: Tracing;
let work: FundAtWork;
beforeAll(async () => {
  collector = await startOtlpCollector();
  tracing = await openTracing('mangnon', { url: `${collector.url}/v1/traces`, share: 1 });
  work = await FundAtWork.open({ gatewayApart: true });
});
afterAll(async () => {
  await work.close();
  await tracing.close();
  await collector.close();
});

/** What arrived once everything was sent. */
async function spans(): Promise<readonly CollectedSpan[]> {
  await tracing.flush();
  return collector.spans;
}

/** Records a donation as somebody does whose own work is traced already. */
async function recordIn(traceparent: string): Promise<Recorded> {
  const send = async (path: string, body: object, headers: object): Promise<unknown> => {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } };
    return (await fetch(`${work.url}${path}`, { ...init, body: JSON.stringify(body) })).json();
  };
  const { login } = work.people.cashier;
  const { secret } = (await send('/v1/sessions', { login, password }, {})) as { readonly secret: string };
  const asking = { traceparent, Authorization: `Bearer ${secret}`, 'Idempotency-Key': randomUUID() };
  const cash = { method: 'cash', amount: vnd(1_000), receivedOn: work.today };
  const donation = { fundId: work.fundId, ...cash, donor: { kind: 'anonymous' } };
  return (await send('/v1/donations', donation, asking)) as Recorded;
}

describe('a donation', () => {
  it('is one trace from the request to the mail, each step after the one that caused it', async () => {
    const { donationId } = await record(work, named);
    await receipted(work, donationId, { mail: { state: 'sent' } });
    expect(await mailsTo(work, 'mau@example.org')).toHaveLength(1);
    await eventually(async () => {
      const all = await spans();
      const traceId = all.findLast(({ name }) => name === 'mail receipt')?.traceId ?? '';
      const ways = new Set(all.map(({ name }) => wayTo(all, traceId, name)));
      expect([...ways]).toEqual(expect.arrayContaining([mailed]));
      const appended = all
        .filter((span) => span.traceId === traceId && span.name === 'append')
        .flatMap(({ attributes }) => String(attributes['mangnon.event.types']).split(' '));
      expect(appended).toEqual(
        expect.arrayContaining([
          ...['DonationRecorded', 'DonationPosted', 'ReceiptIssued', 'ReceiptRendered', 'ReceiptSent'],
        ]),
      );
    }, walkMs);
  });

  it('goes on in the trace of whoever asks', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const { donationId } = await recordIn(`00-${traceId}-00f067aa0ba902b7-01`);
    await receipted(work, donationId, {});
    await eventually(async () => {
      const all = await spans();
      const first = all.find((span) => span.traceId === traceId && span.name === 'POST /v1/*');
      expect(first?.parentSpanId).toBe('00f067aa0ba902b7');
      const numbers = all.filter((span) => span.attributes['mangnon.event.types'] === 'ReceiptIssued');
      expect(numbers.map((span) => span.traceId)).toContain(traceId);
    }, walkMs);
  });

  it('that its asker does not keep is not traced any further', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const before = (await spans()).length;
    const { donationId } = await recordIn(`00-${traceId}-00f067aa0ba902b7-00`);
    await receipted(work, donationId, {});
    const later = (await spans()).slice(before);
    expect(later.filter((span) => span.traceId === traceId)).toEqual([]);
    const streams = later.map(({ attributes }) => attributes['mangnon.stream']);
    expect(streams).not.toContain(`donation-${donationId}`);
  });

  it('leaves nothing of a person in any span', async () => {
    await spans();
    const said = collector.texts.join('\n');
    for (const word of ['Hoàng', 'mau@example.org', 'Bearer', work.people.cashier.login])
      expect(said).not.toContain(word);
  });
});
