import { describe, expect, it } from '@jest/globals';
import { accessPublisher } from '#apps/access/src/out/access.publisher.js';
import { donationsPublisher } from '#apps/donations/src/out/donations.publisher.js';
import { ledgerPublisher } from '#apps/ledger/src/out/ledger.publisher.js';
import { receiptsPublisher } from '#apps/receipts/src/out/receipts.publisher.js';
import { accessContracts } from '#contracts/access.v1.js';
import { donationsContracts } from '#contracts/donations.v1.js';
import { ledgerContracts } from '#contracts/ledger.v1.js';
import { receiptsContracts } from '#contracts/receipts.v1.js';
import { encodeEvent, decodeEvent } from '#event-store/encoding.js';
import { messageOf } from '#kernel/message-of.js';
import { aggregates, inboxVersions } from './aggregates.js';
import { byStream, plain, readRecordings } from './recordings.js';

const recordings = readRecordings();
const recorded = (aggregate: string): ReadonlySet<string> =>
  new Set(
    recordings
      .filter((recording) => recording.aggregate === aggregate)
      .flatMap(({ events }) => events.map(({ type, schemaVersion }) => `${type} ${String(schemaVersion)}`)),
  );
const missing = (versions: Readonly<Record<string, number>>, found: ReadonlySet<string>): readonly string[] =>
  Object.entries(versions)
    .map(([type, version]) => `${type} ${String(version)}`)
    .filter((event) => !found.has(event));

describe.each(recordings)('the recording $name', ({ aggregate, events, states }) => {
  it('folds to what it folded to when it was recorded', () => {
    const { fold } = aggregates[aggregate as keyof typeof aggregates];
    const folded = Object.fromEntries([...byStream(events)].map(([stream, own]) => [stream, fold(own)]));
    expect(plain(folded)).toEqual(states);
  });

  it('comes out of the encoding of a store as it went in', () => {
    expect(events.map((event) => decodeEvent(encodeEvent(event), event))).toEqual(events);
  });

  it('has the revisions of its streams from 0 without gap', () => {
    for (const own of byStream(events).values())
      expect(own.map(({ revision }) => revision)).toEqual(own.map((_, at) => at));
  });
});

describe('the recordings', () => {
  it.each(Object.entries(aggregates))(
    'of %s have every type of event as it is written now',
    (name, { versions }) => {
      expect(missing(versions, recorded(name))).toEqual([]);
    },
  );

  it('have what any stream keeps of messages', () => {
    expect(missing(inboxVersions, recorded('fund'))).toEqual([]);
  });

  it.each([
    ['access', accessPublisher, accessContracts],
    ['donations', donationsPublisher, donationsContracts],
    ['ledger', ledgerPublisher, ledgerContracts],
    ['receipts', receiptsPublisher, receiptsContracts],
  ])('can be told on the topic of %s by its contracts, every one of them', (_name, publisher, contracts) => {
    const told = recordings.flatMap(({ events }) =>
      events.flatMap((event) => messageOf(publisher, event) ?? []),
    );
    for (const { type, data } of told) {
      const contract = contracts[type as keyof typeof contracts] as { parse(data: unknown): unknown };
      expect(contract.parse(data)).toEqual(data);
    }
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(Object.keys(contracts)));
  });
});
