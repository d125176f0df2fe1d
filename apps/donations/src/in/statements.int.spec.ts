import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement, type MadeRow } from '#testing/made-statement.js';
import { madeWorkbook } from '#testing/made-workbook.js';
import { KnownRowsQuery } from '../read/statement/known-rows.query.js';
import type { Answer, Sending } from '#testing/service-under-test.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const elsewhere = staff(newId(), { role: 'accountant', fundId: newId() });
const viewer = staff(newId(), { role: 'viewer', fundId });
const cashier = staff(newId(), { role: 'cashier', fundId });

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-03-10T03:00:00Z');
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const csv = (text: string) => ({ type: 'text/csv', bytes: Buffer.from(text) });
let accounts = 0;
/** An account that no statement was sent of. */
const freshAccount = (): string => `bank.${String(++accounts)}`;

function upload(account: string, file: Sending['file'], more: Partial<Sending> & { query?: object } = {}) {
  const { query = {}, ...sending } = more;
  const asked = new URLSearchParams({ fundId, account, ...query });
  return service.post(`/v1/statements?${asked.toString()}`, {
    as: accountant,
    ...(file && { file }),
    ...sending,
  });
}

/** Nearly every account here is a fresh one, and nearly every file the same. */
const seen = { doubts: ['account-new', 'same-file'] };
const confirm = (statementId: unknown, body: object = {}, as = accountant): Promise<Answer> =>
  service.post(`/v1/statements/${String(statementId)}/confirmation`, { as, body: { ...seen, ...body } });

const shown = (statementId: unknown, as = accountant): Promise<Answer> =>
  service.get(`/v1/statements/${String(statementId)}`, as);

const imported = (statementId: unknown) =>
  eventually(async () => {
    const { json } = await shown(statementId);
    expect(json).toMatchObject({ status: 'imported' });
    return json as unknown as { imported: object; progress: Record<string, number> };
  });

/** The ledger says that money stands on the account. */
async function posted(account: string, amount: number, effectiveOn = '2025-03-01'): Promise<string> {
  const entryId = `opening.${newId()}`;
  await service.say('ledger', 'EntryPosted.v1', {
    ...{ fundId, entryId, entryNumber: 1, effectiveOn, kind: 'opening' },
    postings: [
      { account, purpose: 'unrestricted', amount: { amount: String(amount), currency: 'VND' } },
      {
        account: 'equity.opening',
        purpose: 'unrestricted',
        amount: { amount: String(-amount), currency: 'VND' },
      },
    ],
  });
  return entryId;
}

/** What the vault keeps of a statement's file. */
const fileOf = (recordId: string) =>
  service.vault.room('donors').findBytes(recordId, { actor: 'system:spec', purpose: 'spec' });

const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
const rows: readonly MadeRow[] = [
  { moved: 50_000, on: '2025-03-03', details: 'NGUYEN THI DU ung ho' },
  { moved: 0, unexplained: 100_000, on: '2025-03-04', details: 'THAO_GD: khong ro' },
  { moved: -11_000, on: '2025-03-04', details: 'Phi dich vu' },
  { moved: 70_000, on: '2025-03-05', details: 'TRAN VAN DU chuyen tien' },
];

describe('a statement that is sent', () => {
  it('is read and counted, its flaw named by line, and nothing of it is recorded', async () => {
    const account = freshAccount();
    await posted(account, 24_700);
    const answer = await eventually(async () => {
      const sent = await upload(account, csv(madeStatement(24_700, rows)));
      expect(sent.json).toMatchObject({ preview: { bookBalance: vnd(24_700) } });
      return sent;
    });
    expect(answer).toMatchObject({
      status: 201,
      json: {
        ...{ fundId, account, profile: 'plain', event: 'StatementUploaded' },
        preview: {
          ...{ rows: 4, firstOn: '2025-03-03', lastOn: '2025-03-05' },
          ...{ opening: vnd(24_700), credits: vnd(120_000), debits: vnd(11_000), closing: vnd(233_700) },
          breaks: [
            {
              ...{ line: 3, date: '2025-03-04', expected: vnd(74_700), found: vnd(174_700) },
              difference: vnd(100_000),
            },
          ],
          ...{ bookBalance: vnd(24_700), openingDifference: vnd(0), known: 0 },
          willRecord: { donations: 2, debits: 1, unexplained: 1 },
          ...{ campaigns: [], misdirected: 0, warnings: ['balances-broken'] },
        },
      },
    });
    const { statementId } = answer.json;
    expect((await service.events(`statement-${String(statementId)}`)).map(({ type }) => type)).toEqual([
      'StatementUploaded',
    ]);
    expect(await shown(statementId)).toMatchObject({ status: 200, json: { status: 'uploaded' } });
  });

  it('gets the same answer to the same key and file, and another file none', async () => {
    const [account, key] = [freshAccount(), newId()];
    const first = await upload(account, csv(madeStatement(0, rows)), { key });
    expect(await upload(account, csv(madeStatement(0, rows)), { key })).toEqual(first);
    const differs = { status: 422, json: { code: 'idempotency/body-differs' } };
    expect(await upload(account, csv(madeStatement(1, rows)), { key })).toMatchObject(differs);
    expect(await upload(freshAccount(), csv(madeStatement(0, rows)), { key })).toMatchObject(differs);
  });

  it('may be gzipped, a workbook, or read by a profile that comes along', async () => {
    const packed = { type: 'application/gzip', bytes: gzipSync(madeStatement(0, rows)) };
    expect(await upload(freshAccount(), packed)).toMatchObject({
      status: 201,
      json: { preview: { rows: 4 } },
    });
    const text = (words: readonly string[]) =>
      words.map((word) => `<c t="inlineStr"><is><t>${word}</t></is></c>`).join('');
    const head = text(['date', 'reference', 'details', 'debit', 'credit', 'balance']);
    const body = `${text(['2025-03-03', '7', 'ung ho', ''])}<c><v>5000</v></c><c><v>5000</v></c>`;
    const book = {
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      bytes: madeWorkbook({ rows: `<row>${head}</row><row>${body}</row>` }),
    };
    expect(await upload(freshAccount(), book)).toMatchObject({ status: 201, json: { preview: { rows: 1 } } });
    const profile = JSON.stringify({
      name: 'another bank',
      columns: { date: 'Ngay', details: 'Noi dung', amount: 'So tien', balance: 'So du' },
      ...{ dateFormat: 'dd/mm/yyyy', thousands: '.', decimal: ',' },
    });
    const other = csv('Ngay;Noi dung;So tien;So du\n03/03/2025;ung ho;50.000;50.000\n');
    expect(await upload(freshAccount(), other, { query: { profile } })).toMatchObject({
      status: 201,
      json: { profile: 'another bank', preview: { closing: vnd(50_000) } },
    });
  });

  const plain = madeStatement(0, rows);
  const types = { gzip: 'application/gzip', bytes: 'application/octet-stream' };
  const wide = `${'a,'.repeat(1_000_000)}b\n`;
  const faults: readonly (readonly [string, number, string, string, Uint8Array])[] = [
    ['in another encoding', 422, 'statement/not-utf8', types.bytes, Buffer.from(`${plain}\xe9`, 'latin1')],
    ['cut', 422, 'statement/gzip-cut', types.gzip, gzipSync(plain).subarray(0, 40)],
    ['of a million columns', 422, 'statement/too-many-columns', types.bytes, Buffer.from(wide)],
    ['empty', 422, 'statement/file-empty', types.bytes, Buffer.alloc(0)],
    ['a PDF', 415, 'statement/format-unknown', types.bytes, Buffer.from('%PDF-1.7')],
    ['of no known header', 422, 'statement/header-not-found', 'text/csv', Buffer.from('a,b\n1,2\n')],
    ['too large', 413, 'statement/file-too-large', types.bytes, Buffer.alloc(40_000_001, 'a')],
    ['a bomb of gzip', 422, 'statement/too-many-rows', types.gzip, gzipSync(Buffer.alloc(60_000_000, '\n'))],
    [
      'a bomb of a workbook',
      422,
      'statement/unpacked-too-large',
      types.bytes,
      madeWorkbook({ rows: '', entries: [{ name: 'x', data: 'x', claims: { bytes: 300_000_000 } }] }),
    ],
    [
      'of days to come',
      422,
      'statement/in-future',
      'text/csv',
      Buffer.from(madeStatement(0, [{ moved: 1, on: '2025-03-11' }])),
    ],
  ];

  it.each(faults)('is refused where it is %s', async (_what, status, code, type, bytes) => {
    expect(await upload(freshAccount(), { type, bytes })).toMatchObject({ status, json: { code } });
  });

  it('is refused as anything but a file, and by no profile that is none', async () => {
    const query = new URLSearchParams({ fundId, account: freshAccount() }).toString();
    const json = await service.post(`/v1/statements?${query}`, { as: accountant, body: {} });
    expect(json).toMatchObject({ status: 415, json: { code: 'http/unsupported-media-type' } });
    expect(
      await upload(freshAccount(), { type: 'application/xml', bytes: Buffer.from('<a/>') }),
    ).toMatchObject({
      status: 415,
    });
    expect(await upload(freshAccount(), csv(plain), { query: { profile: '{}' } })).toMatchObject({
      status: 422,
      json: { code: 'statement/profile-unreadable', details: { member: 'name' } },
    });
    const file = { as: cashier, file: csv(plain) };
    expect(await service.post('/v1/donations', file)).toMatchObject({ status: 415 });
  });

  it('is nobody’s but the fund’s accountant’s to send and confirm, and not for a viewer to see', async () => {
    const account = freshAccount();
    for (const as of [elsewhere, viewer, cashier])
      expect(await upload(account, csv(plain), { as })).toMatchObject({
        status: 403,
        json: { code: 'access/forbidden' },
      });
    const { statementId } = (await upload(account, csv(plain))).json;
    for (const as of [elsewhere, viewer]) expect(await shown(statementId, as)).toMatchObject({ status: 403 });
    for (const as of [elsewhere, viewer, cashier])
      expect(await confirm(statementId, {}, as)).toMatchObject({ status: 403 });
    expect(await shown(newId())).toMatchObject({ status: 404, json: { code: 'statement/unknown' } });
    expect(await service.get(`/v1/statements?fundId=${fundId}`, elsewhere)).toMatchObject({ status: 403 });
  });

  it('is put aside with its file', async () => {
    const { statementId } = (await upload(freshAccount(), csv(plain))).json;
    const [event] = await service.events(`statement-${String(statementId)}`);
    const { fileRecordId } = (event?.data as { file: { fileRecordId: string } }).file;
    const discard = `/v1/statements/${String(statementId)}/discarding`;
    expect(await service.post(discard, { as: accountant, body: {} })).toMatchObject({
      status: 201,
      json: { event: 'StatementDiscarded' },
    });
    await eventually(async () => expect(await fileOf(fileRecordId)).toBeUndefined());
    expect(await confirm(statementId)).toMatchObject({ status: 409, json: { code: 'statement/discarded' } });
  });
});

describe('a statement that is confirmed', () => {
  it('must open at what the books say, or come with an opening entry', async () => {
    const { statementId } = (await upload(freshAccount(), csv(madeStatement(5_000, rows)))).json;
    expect(await confirm(statementId)).toMatchObject({
      status: 409,
      json: { code: 'statement/opening-differs', details: { difference: '5000' } },
    });
    const changed = { code: 'statement/opening-changed', details: { difference: '5000' } };
    expect(await confirm(statementId, { openingEntry: vnd(4_000) })).toMatchObject({ json: changed });
    expect(await confirm(statementId, { openingEntry: vnd(5_000) })).toMatchObject({ status: 201 });
    const { imported: counts } = await imported(statementId);
    expect(counts).toEqual({ donations: 2, debits: 1, unexplained: 1, known: 0 });
    expect((await service.events(`statement-${String(statementId)}`))[1]).toMatchObject({
      type: 'StatementConfirmed',
      data: { openingEntry: { amount: vnd(5_000), effectiveOn: '2025-03-03' } },
    });
  });

  it('is refused where the books say more', async () => {
    const account = freshAccount();
    await posted(account, 10);
    const { statementId } = await eventually(async () => {
      const { json } = await upload(account, csv(madeStatement(0, rows)));
      expect(json).toMatchObject({ preview: { warnings: expect.arrayContaining(['opening-below-books']) } });
      return json;
    });
    expect(await confirm(statementId, { openingEntry: vnd(0) })).toMatchObject({
      status: 409,
      json: { code: 'statement/opening-below-books' },
    });
  });

  it('is refused where an opening entry has its money already, until that is reversed', async () => {
    const account = freshAccount();
    const entryId = await posted(account, 5_000, '2025-03-06');
    const older = csv(madeStatement(0, [{ moved: 5_000, on: '2025-03-05' }]));
    const { statementId } = await eventually(async () => {
      const { json } = await upload(account, older);
      expect(json).toMatchObject({
        preview: {
          laterOpening: { entryId, effectiveOn: '2025-03-06' },
          warnings: expect.arrayContaining(['before-opening-entry']),
        },
      });
      return json;
    });
    expect(await confirm(statementId)).toMatchObject({
      status: 409,
      json: { code: 'statement/before-opening-entry', details: { entryId } },
    });
    await service.say('ledger', 'JournalPosted.v1', {
      ...{ fundId, entryId: `journal.${newId()}`, journalId: newId(), entryNumber: 2 },
      ...{ effectiveOn: '2025-03-10', reversesEntryId: entryId },
      postings: [
        { account, purpose: 'unrestricted', amount: vnd(-5_000) },
        { account: 'equity.opening', purpose: 'unrestricted', amount: vnd(5_000) },
      ],
    });
    await eventually(async () => expect(await confirm(statementId)).toMatchObject({ status: 201 }));
  });

  it('becomes donations of nobody in particular and bank items, with what the bank wrote in the vault alone', async () => {
    const account = freshAccount();
    const { statementId } = (await upload(account, csv(madeStatement(0, rows)))).json;
    const [uploaded] = await service.events(`statement-${String(statementId)}`);
    const { fileRecordId } = (uploaded?.data as { file: { fileRecordId: string } }).file;
    expect(await fileOf(fileRecordId)).toBeDefined();
    await confirm(statementId);
    await imported(statementId);
    await service.caughtUp();
    const list = await service.get(
      `/v1/donations?fundId=${fundId}&statementId=${String(statementId)}`,
      accountant,
    );
    type Listed = { readonly donationId: string; readonly amount: object; readonly receivedOn: string };
    const donations = list.json['items'] as unknown as readonly Listed[];
    const told = donations.map(({ amount, receivedOn }) => [amount, receivedOn]);
    expect(told).toEqual([...[[vnd(70_000), '2025-03-05']], ...[[vnd(50_000), '2025-03-03']]]);
    const [event] = await service.events(`donation-${donations[1]!.donationId}`);
    expect(event).toMatchObject({
      ...{ type: 'DonationRecorded', actor: `staff:${accountant.staffId}`, cause: { kind: 'event' } },
      data: {
        readFrom: { statementId, line: 2 },
        source: { donor: { kind: 'unidentified' }, method: 'bank', account, purpose: 'unrestricted' },
      },
    });
    expect(JSON.stringify(event)).not.toContain('NGUYEN');
    const { memoRecordId } = event!.data as { memoRecordId: string };
    const reading = { actor: 'system:spec', purpose: 'spec' } as const;
    const memo = await service.vault.room('donors').find(memoRecordId, reading);
    expect(memo?.open()).toEqual({ text: 'NGUYEN THI DU ung ho', reference: '1', counterparty: '' });
    const items = await service.get(
      `/v1/bank-items?fundId=${fundId}&statementId=${String(statementId)}`,
      accountant,
    );
    expect(items.json['items']).toMatchObject([
      { kind: 'debit', amount: vnd(-11_000), line: 4, status: 'open', said: null },
      { kind: 'unexplained', amount: vnd(100_000), line: 3, status: 'open' },
    ]);
    // Each row's text can be erased by itself from now on.
    await eventually(async () => expect(await fileOf(fileRecordId)).toBeUndefined());
  });

  it('follows a campaign’s code within its window, and leaves it to somebody where the code leads nowhere', async () => {
    const account = freshAccount();
    const paper = { number: '1', date: '2025-02-01' };
    const text = { vi: 'Tết', en: 'New year' };
    const campaign = {
      ...{ fundId, code: 'TET25', name: text, appeal: paper, committeeDecision: paper },
      ...{ receivingAccount: account, opensOn: '2025-03-02', closesOn: '2025-03-03', purposeStatement: text },
    };
    const opened = await service.post('/v1/campaigns', { as: accountant, body: campaign });
    const { campaignId } = opened.json;
    await service.caughtUp();
    const memo = madeStatement(0, [
      { moved: 1_000, on: '2025-03-01', details: 'ung ho TET25' },
      { moved: 2_000, on: '2025-03-02', details: 'ung ho tet25' },
    ]);
    const sent = await upload(account, csv(memo));
    expect(sent.json).toMatchObject({
      preview: {
        campaigns: [{ campaignId, code: 'TET25', donations: 1, amount: vnd(2_000) }],
        ...{ misdirected: 1, warnings: ['misdirected'] },
      },
    });
    await confirm(sent.json['statementId']);
    await imported(sent.json['statementId']);
    await service.caughtUp();
    const path = `/v1/donations?fundId=${fundId}&statementId=${String(sent.json['statementId'])}`;
    expect((await service.get(path, accountant)).json['items']).toMatchObject([
      { amount: vnd(2_000), campaignId, purpose: campaignId },
      { amount: vnd(1_000), campaignId: null, purpose: 'suspense' },
    ]);
  });

  it('goes on where it stopped, by itself: nothing is lost and nothing doubled', async () => {
    const account = freshAccount();
    const many = Array.from({ length: 1_300 }, (_, n): MadeRow => ({
      moved: n + 1,
      details: `dong ${String(n)}`,
    }));
    const { statementId } = (await upload(account, csv(madeStatement(0, many)))).json;
    // The third batch meets a vault that does not answer.
    const room = service.vault.room('donors');
    const putMany = room.putMany.bind(room);
    let batches = 0;
    room.putMany = (records) => {
      batches += 1;
      return batches === 3 ? Promise.reject(new Error('the vault is away')) : putMany(records);
    };
    // Its tables have not taken in by then what was recorded before: each row is told by its own stream.
    const known = service.app.get(KnownRowsQuery);
    const recorded = jest.spyOn(known, 'recorded').mockResolvedValue(new Map());
    await confirm(statementId);
    const { imported: counts, progress } = await imported(statementId);
    expect(batches).toBeGreaterThan(3);
    expect(counts).toEqual({ donations: 1_300, debits: 0, unexplained: 0, known: 0 });
    room.putMany = putMany;
    recorded.mockRestore();
    await service.caughtUp();
    expect((await shown(statementId)).json).toMatchObject({
      progress: { donations: 1_300, expected: 1_300 },
    });
    expect(progress['items']).toBe(0);
  });
});
