import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FundView } from '#apps/ledger/src/in/funds.http.js';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { eventually } from '#testing/eventually.js';
import {
  attachmentOf,
  donationOf,
  entered,
  historyOf,
  mailsTo,
  pdfOf,
  receipted,
  receiptsOf,
  record,
  refusal,
  sha256,
  type Recorded,
  walkMs,
} from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork, vnd } from './fund-at-work.js';

const suoi = {
  class: 'individual',
  inProvince: true,
  name: 'Lương Thị Suối Thí Dụ',
  address: 'Thôn Suối Mẫu, xã Mẫu',
  email: 'suoi.thidu@example.org',
};

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open();
});
afterAll(() => work.close());

const fund = (): Promise<FundView> => work.people.accountant.api.get(`/v1/funds/${work.fundId}`);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('a named donation', () => {
  let donationId: string;
  let receipt: ReceiptView;

  it('is recorded by a cashier and there at once', async () => {
    const recorded = await record(work, {
      donor: { kind: 'named', details: suoi },
      memo: 'Cho các cháu vùng cao',
    });
    ({ donationId } = recorded);
    expect(await donationOf(work, donationId)).toMatchObject({
      donationId,
      status: 'standing',
      donor: { kind: 'named', class: 'individual', inProvince: true },
      amount: vnd(500_000),
      left: vnd(500_000),
      position: recorded.position,
    });
  });

  it('becomes an entry of the ledger', async () => {
    const [entry] = await entered(work, donationId, 1);
    expect(entry).toMatchObject({
      entryNumber: 1,
      kind: 'donation',
      effectiveOn: '2025-03-10',
      postings: [
        { account: 'cash', purpose: 'unrestricted', amount: vnd(500_000) },
        { account: 'income.donation', purpose: 'unrestricted', amount: vnd(-500_000) },
      ],
    });
  });

  it('gets the first number of its fund and year, and a PDF whose digest is on record', async () => {
    [receipt] = (await receipted(work, donationId, { mail: { state: 'sent' } })) as [ReceiptView];
    expect(receipt).toMatchObject({
      number: 'LS-2025-000001',
      entryId: `donation.${donationId}`,
      status: 'in-force',
      replaces: null,
    });
    const pdf = await pdfOf(work, receipt.number);
    expect(textOf(pdf)).toMatch(/^%PDF-1\.\d[\s\S]+%%EOF\s*$/);
    expect(receipt.pdf).toMatchObject({ state: 'rendered', sha256: sha256(pdf) });
  });

  it('comes to the donor’s mailbox, once, with the very bytes of the PDF', async () => {
    const [mail, ...more] = await mailsTo(work, suoi.email);
    expect(mail?.subject).toMatch(/^Biên lai số LS-2025-000001 - /);
    expect(more).toEqual([]);
    expect(sha256(await attachmentOf(work, mail!))).toBe(receipt.pdf.sha256);
  });

  it('has a history that tells who did what when and why, and which caused which', async () => {
    const history = await eventually(async () => {
      const entries = await historyOf(work, donationId);
      expect(entries).toHaveLength(5);
      return entries;
    }, walkMs);
    expect(history.map(({ service, type }) => `${service} ${type}`)).toEqual([
      'donations DonationRecorded',
      'ledger DonationPosted',
      'receipts ReceiptIssued',
      'receipts ReceiptRendered',
      'receipts ReceiptSent',
    ]);
    const [recorded, posted, issued, rendered, sent] = history;
    expect(recorded).toMatchObject({
      actor: (await donationOf(work, donationId)).recordedBy,
      reason: 'Cho các cháu vùng cao',
      causedBy: null,
    });
    expect(recorded?.actor).toMatch(/^staff:/);
    expect([posted, issued, rendered, sent].map((entry) => entry?.actor)).toEqual([
      'service:ledger',
      ...Array.from({ length: 3 }, () => 'service:receipts'),
    ]);
    expect([posted, issued, rendered, sent].map((entry) => entry?.causedBy)).toEqual(
      [recorded, posted, issued, rendered].map((entry) => entry?.eventId),
    );
    expect(new Set(history.map(({ correlationId }) => correlationId))).toEqual(new Set([donationId]));
    const instants = history.map(({ recordedAt }) => recordedAt);
    expect(instants).toEqual([...instants].sort());
    expect(instants[0]).toMatch(/^2025-03-10T/);
  });
});

describe('an anonymous donation', () => {
  it('gets a number and no mail, and its PDF when somebody first asks', async () => {
    const before = await mailsTo(work, '');
    const { donationId } = await record(work, { donor: { kind: 'anonymous' } });
    const [receipt] = await receipted(work, donationId, { payer: 'anonymous', mail: { state: 'none' } });
    expect(receipt?.pdf.sha256).toBeNull();
    const pdf = await pdfOf(work, receipt!.number);
    expect(textOf(pdf)).toMatch(/^%PDF-/);
    const [shown] = await receipted(work, donationId, { pdf: { state: 'rendered', sha256: sha256(pdf) } });
    expect(shown?.mail.state).toBe('none');
    expect(sha256(await pdfOf(work, receipt!.number))).toBe(sha256(pdf));
    expect(await mailsTo(work, '')).toEqual(before);
  });
});

describe('a donation in kind', () => {
  it('is posted at its valuation, and by quantity only where nobody valued it', async () => {
    const { donationId } = await record(work, {
      donor: { kind: 'named', details: { ...suoi, email: 'hientat.thidu@example.org' } },
      method: 'in-kind',
      amount: undefined,
      items: [
        {
          item: 'milk',
          name: 'Sữa tươi',
          quantity: '120',
          unit: 'hộp',
          valuation: { value: vnd(960_000), basis: 'invoice' },
        },
        { item: 'books', name: 'Truyện tranh đã dùng', quantity: '7.5', unit: 'kg' },
      ],
    });
    const [receipt] = await receipted(work, donationId, { mail: { state: 'sent' } });
    expect(receipt).toMatchObject({ method: 'in-kind', amount: null });
    const [entry] = await entered(work, donationId, 1);
    expect(entry?.postings).toEqual([
      { account: 'stock.milk', purpose: 'unrestricted', amount: vnd(960_000) },
      { account: 'income.in-kind', purpose: 'unrestricted', amount: vnd(-960_000) },
    ]);
    expect(entry?.stock).toMatchObject([
      { item: 'milk', quantity: '120', unit: 'hộp' },
      { item: 'books', quantity: '7.5', unit: 'kg' },
    ]);
  });

  it('that nobody valued at all has a number and no money', async () => {
    const { donationId } = await record(work, {
      donor: { kind: 'anonymous' },
      method: 'in-kind',
      amount: undefined,
      items: [{ item: 'rice', name: 'Gạo', quantity: '25', unit: 'kg' }],
    });
    await receipted(work, donationId, { amount: null, number: expect.stringMatching(/^LS-2025-\d{6}$/) });
    expect(await entered(work, donationId, 1)).toMatchObject([{ postings: [], stock: [{ item: 'rice' }] }]);
  });
});

describe('the same key', () => {
  const twice = { donor: { kind: 'anonymous' }, amount: vnd(70_000) };

  it('and body is answered again as it was, and records nothing more', async () => {
    const first = await record(work, twice, { key: 'cash book 12/3 line 4' });
    await receipted(work, first.donationId, { status: 'in-force' });
    const { lastEntryNumber } = await fund();
    expect(await record(work, twice, { key: 'cash book 12/3 line 4' })).toEqual(first);
    const next = await record(work, { donor: { kind: 'anonymous' } });
    await receipted(work, next.donationId, { status: 'in-force' });
    expect((await fund()).lastEntryNumber).toBe(lastEntryNumber + 1);
  });

  it('with another body is refused, and nothing of it is recorded', async () => {
    const { donationId } = await record(work, twice, { key: 'cash book 12/3 line 5' });
    const other = { ...twice, amount: vnd(70_001) };
    await expect(record(work, other, { key: 'cash book 12/3 line 5' })).rejects.toEqual(
      refusal(422, 'idempotency/body-differs'),
    );
    expect((await donationOf(work, donationId)).amount).toEqual(vnd(70_000));
  });

  it('is another person’s own', async () => {
    const key = 'cash book 12/3 line 6';
    const [cashiers, accountants] = [
      await record(work, twice, { key }),
      await record(work, twice, { key, by: work.people.accountant }),
    ];
    expect(accountants.donationId).not.toBe(cashiers.donationId);
    await receipted(work, accountants.donationId, { status: 'in-force' });
  });

  it('sent fifty times at once makes one donation, one entry, one number', async () => {
    const { lastEntryNumber } = await fund();
    const body = { donor: { kind: 'named', details: { ...suoi, email: 'namchuc@example.org' } } };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => record(work, body, { key: 'cash book 12/3 line 7' })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const [{ donationId }] = answers as [Recorded];
    const [receipt] = await receipted(work, donationId, { mail: { state: 'sent' } });
    // Whatever else came of it would have been numbered before this one.
    const next = await record(work, { donor: { kind: 'anonymous' } });
    const [following] = await receipted(work, next.donationId, { status: 'in-force' });
    expect(numberIn(following!) - numberIn(receipt!)).toBe(1);
    expect((await fund()).lastEntryNumber).toBe(lastEntryNumber + 2);
    expect(await receiptsOf(work, donationId)).toHaveLength(1);
    expect(await mailsTo(work, 'namchuc@example.org')).toHaveLength(1);
  });
});

describe('in the end', () => {
  it('every table equals a fresh fold of the events, and every rule holds', async () => {
    await replayed(work);
  });
});

function numberIn({ number }: ReceiptView): number {
  return Number.parseInt(number.slice(-6), 10);
}
