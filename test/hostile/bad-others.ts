import { gzipSync } from 'node:zlib';
import { madeStatement } from '#testing/made-statement.js';
import { madeWorkbook } from '#testing/made-workbook.js';
import { vnd } from '../journeys/fund-at-work.js';
import type { Asked, BadInput, Bench } from './bench.js';
import { donated, donations, invalid, megabytes } from './requests.js';

const named = (...changes: readonly object[]) =>
  donated(
    ...changes.map((change) => {
      const details = { class: 'individual', inProvince: true, name: 'Lý Văn Mẫu', ...change };
      return { donor: { kind: 'named', details } };
    }),
  );

const refund =
  (of: keyof Bench['donations'], ...asked: readonly object[]) =>
  ({ donations: known, tokens }: Bench): readonly Asked[] =>
    asked.map((terms) => ({
      path: `${donations}/${known[of]}/refunds`,
      as: tokens.accountant,
      body: { reason: 'Chuyển nhầm (giả định)', ...terms },
    }));

const refundRows: readonly BadInput[] = [
  {
    ...{ what: 'a refund above what is left', status: 422, code: 'donation/refund-above-left' },
    asked: (bench) => [
      ...refund('whole', { amount: vnd(500_001) })(bench),
      ...refund('left', { amount: vnd(300_001) })(bench),
    ],
  },
  {
    ...{ what: 'a refund in another currency', status: 422, code: 'donation/refund-other-currency' },
    asked: refund('whole', { amount: { amount: '100', currency: 'USD' } }),
  },
  {
    ...{ what: 'a refund of nothing', status: 422, code: 'donation/refund-not-positive' },
    asked: refund('whole', { amount: vnd(0) }),
  },
  {
    ...{ what: 'a refund of a voided donation', status: 409, code: 'donation/voided' },
    asked: refund('voided', {}, { amount: vnd(1) }),
  },
];

const nameRows: readonly BadInput[] = [
  {
    ...{ what: 'line breaks in a name or a mail address', ...invalid },
    asked: named(
      ...['Lý\r\nBcc: x@example.org', 'Lý\nMẫu', 'Lý\rMẫu', 'Lý\u2028Mẫu', 'Lý\u0085Mẫu'].map((name) => ({
        name,
      })),
      { email: 'ly@example.org\r\nBcc: x@example.org' },
      { email: 'ly@example.org, x@example.org' },
      { email: 'Ly <ly@example.org>' },
    ),
  },
  {
    ...{ what: 'marks of direction in a name', ...invalid },
    asked: named(...['Lý\u202eMẫu', 'Lý\u2066Mẫu', '\u200fLý', 'Lý\u061c'].map((name) => ({ name }))),
  },
  {
    ...{ what: 'heaps of marks on a letter', ...invalid },
    asked: named({ name: `L${'\u0321\u0334\u035b'.repeat(20)}ý` }),
  },
  {
    ...{ what: 'other control characters in a text', ...invalid },
    asked: (bench) => [
      ...named({ name: 'Lý\u0007' }, { name: 'Lý\u001b[31m' }, { address: 'a\u007f' })(bench),
      ...donated({ memo: 'a\u0008b' })(bench),
    ],
  },
];

const asWhom = (whom: (bench: Bench) => string | null) => (bench: Bench) => [
  { path: donations, body: bench.donation(), as: whom(bench) },
];

const callerRows: readonly BadInput[] = [
  {
    ...{ what: 'no token, or one that nobody gave', status: 401, code: 'access/unauthenticated' },
    asked: (bench) =>
      [null, `mnt_${'A'.repeat(43)}`, 'x', `${bench.tokens.cashier}x`].flatMap((as) =>
        asWhom(() => as)(bench),
      ),
  },
  {
    ...{ what: 'a token of another role', status: 403, code: 'access/forbidden' },
    asked: asWhom(({ tokens }) => tokens.viewer),
  },
  {
    ...{ what: 'a token of another fund', status: 403, code: 'access/forbidden' },
    asked: asWhom(({ tokens }) => tokens.elsewhere),
  },
];

const plain = madeStatement(0, [{ moved: 50_000 }, { moved: 70_000 }]);
const sheet = (data: Buffer, bytes: number): Buffer =>
  madeWorkbook({ rows: '', entries: [{ name: 'xl/worksheets/sheet1.xml', data, claims: { bytes } }] });

const file =
  (...files: readonly (string | Buffer)[]) =>
  ({ work, tokens }: Bench): readonly Asked[] =>
    files.map((body) => ({
      path: `/v1/statements?fundId=${work.fundId}&account=bank.0099`,
      ...{ as: tokens.accountant, type: 'application/octet-stream', body },
    }));

const fileRows: readonly BadInput[] = [
  {
    ...{ what: 'a statement in another encoding', status: 422, code: 'statement/not-utf8' },
    asked: file(Buffer.from(`${plain}\xe9`, 'latin1'), Buffer.from(`\ufeff${plain}`, 'utf16le')),
  },
  {
    ...{ what: 'a cut gzip', status: 422, code: 'statement/gzip-cut' },
    asked: file(gzipSync(plain).subarray(0, 40), gzipSync(plain).subarray(0, -1)),
  },
  {
    ...{ what: 'a million columns', status: 422, code: 'statement/too-many-columns' },
    asked: file(`${'a,'.repeat(1_000_000)}b\n`),
  },
  {
    ...{ what: 'a bomb of a workbook (XLSX)', status: 422, code: 'statement/unpacked-too-large' },
    asked: file(sheet(Buffer.from('x'), 300_000_000)),
  },
  {
    ...{
      what: 'a workbook that says less than it unpacks to',
      status: 422,
      code: 'statement/workbook-damaged',
    },
    asked: file(sheet(megabytes(50), 1_000)),
  },
  {
    ...{ what: 'a statement of more than 40 MB', status: 413, code: 'statement/file-too-large' },
    asked: file(megabytes(41)),
  },
];

/** Refunds, names, callers and files that are refused. */
export const badOthers: readonly BadInput[] = [...refundRows, ...nameRows, ...callerRows, ...fileRows];
