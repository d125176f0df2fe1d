import { vnd } from '../journeys/fund-at-work.js';
import type { Asked, BadInput, Bench } from './bench.js';
import { donated, donations, invalid, megabytes } from './requests.js';

const malformed = { status: 400, code: 'http/malformed-body' };

const amounts = (...texts: readonly unknown[]) =>
  donated(...texts.map((amount) => ({ amount: { amount, currency: 'VND' } })));
const currencies = (...texts: readonly string[]) =>
  donated(...texts.map((currency) => ({ amount: { amount: '500000', currency } })));
/** The good donation as text with one part of it replaced, for what no JSON value can say. */
const written =
  (part: string, ...others: readonly (string | Buffer)[]) =>
  (bench: Bench): readonly Asked[] => {
    const [before = '', after = ''] = JSON.stringify(bench.donation()).split(part);
    return others.map((other) => ({
      path: donations,
      body: Buffer.concat([Buffer.from(before), Buffer.from(other), Buffer.from(after)]),
    }));
  };
const amount = '"amount":"500000"';

const amountRows: readonly BadInput[] = [
  {
    ...{ what: 'an amount of `0`', status: 422, code: 'donation/amount-not-positive' },
    asked: amounts('0'),
  },
  { what: 'an amount below zero, `-0` too', ...invalid, asked: amounts('-1', '-500000', '-0', '-') },
  { what: 'an amount with leading zeros or a plus', ...invalid, asked: amounts('0500000', '00', '+500000') },
  { what: 'decimals for VND', ...invalid, asked: amounts('500000.00', '500000,5', '500000.', '.5') },
  {
    what: 'an exponent, a hexadecimal or no number',
    ...invalid,
    asked: amounts('5e5', '0x7A120', 'NaN', ''),
  },
  {
    ...{ what: 'underscores, points, commas or spaces in an amount', ...invalid },
    asked: amounts('500_000', '500.000', '500,000', '500 000', ' 500000', '500000\n'),
  },
  { what: 'digits of other scripts', ...invalid, asked: amounts('٥٠٠٠٠٠', '५०००००', '５０００００', '𝟓𝟎𝟎') },
  {
    ...{ what: 'an amount of 10^18 or more, such as 10^30', ...invalid },
    asked: amounts(`1${'0'.repeat(18)}`, `1${'0'.repeat(30)}`, '9'.repeat(4_000)),
  },
  {
    ...{ what: 'an amount as a JSON number, also beyond 2^53', ...invalid },
    asked: written(
      amount,
      ...['500000', '9007199254740993', '-0', '1e23', '5e-324'].map((n) => `"amount":${n}`),
    ),
  },
  {
    ...{ what: 'a JSON number that no program holds', ...malformed },
    asked: written(amount, '"amount":1e400', `"amount":${'9'.repeat(400)}`),
  },
  { what: 'an amount that is no text', ...invalid, asked: amounts(null, true, ['500000'], { amount: '5' }) },
  {
    ...{ what: 'an unknown currency, or one in another case', ...invalid },
    asked: currencies('XXX', 'vnd', 'Vnd', 'VNĐ', '₫', '', 'toString', '__proto__'),
  },
];

const keyed =
  (...keys: readonly (string | null)[]) =>
  (bench: Bench): readonly Asked[] =>
    keys.map((key) => ({ path: donations, body: bench.donation(), key }));

const keyRows: readonly BadInput[] = [
  {
    ...{ what: 'no Idempotency-Key, or an empty one', status: 400, code: 'http/idempotency-key-missing' },
    asked: keyed(null, ''),
  },
  {
    ...{ what: 'an Idempotency-Key of 10 kB', status: 400, code: 'http/idempotency-key-malformed' },
    asked: keyed('k'.repeat(10_000), 'k'.repeat(256), 'tab\tkey', 'kh\u00f3a'),
  },
];

const bodyRows: readonly BadInput[] = [
  {
    ...{ what: 'a key given twice', ...malformed },
    asked: written(amount, `${amount},${amount}`, `${amount},"\\u0061mount":"1"`),
  },
  {
    ...{ what: '`__proto__`, `constructor` or `toString` as a key', ...malformed },
    asked: written(
      amount,
      ...['"__proto__":{"amount":"1"}', '"\\u005f_proto__":1', '"constructor":{}', '"toString":1'].map(
        (part) => `${amount},${part}`,
      ),
    ),
  },
  {
    what: 'bytes that are not UTF-8',
    ...malformed,
    asked: written(amount, Buffer.from([0x22, 0xc3, 0x28, 0x22])),
  },
  {
    ...{ what: 'NUL or half a surrogate pair', ...malformed },
    asked: (bench) =>
      ['\\u0000', '\\ud800', '\\udc00x'].map((text) => ({
        path: donations,
        body: JSON.stringify(bench.donation({ memo: '?' })).replace('?', text),
      })),
  },
  { what: 'no JSON', ...malformed, asked: written(amount, '', "'amount':1", `${amount},`, '\ufeff') },
  {
    what: 'no body, or one that is no object',
    ...invalid,
    asked: () => bodies(undefined, '', 'null', '[]', '"x"', '7'),
  },
  {
    ...{ what: 'a field that is not known', ...invalid },
    asked: donated({ note: 1 }, { length: 1 }, { amount: { ...vnd(1), scale: 2 } }, { AMOUNT: vnd(1) }),
  },
  {
    ...{ what: 'a body of 40 MB', status: 413, code: 'http/too-large' },
    asked: () => [{ path: donations, body: megabytes(40) }],
  },
  {
    ...{ what: 'a body of another type', status: 415, code: 'http/unsupported-media-type' },
    asked: (bench) =>
      ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'text/csv'].map((type) => ({
        ...{ path: donations, body: bench.donation(), type },
      })),
  },
];

function bodies(...texts: readonly (string | undefined)[]): readonly Asked[] {
  return texts.map((body) => ({ path: donations, ...(body !== undefined && { body }) }));
}

const dayRows: readonly BadInput[] = [
  {
    ...{ what: 'received on a day to come', status: 422, code: 'donation/received-in-future' },
    asked: donated({ receivedOn: '2025-03-11' }, { receivedOn: '2200-12-31' }),
  },
  {
    ...{ what: 'received before the fund existed', status: 422, code: 'donation/received-before-fund' },
    asked: donated({ receivedOn: '2023-12-31' }, { receivedOn: '1900-01-01' }),
  },
  {
    ...{ what: 'a day that is none', ...invalid },
    asked: donated(
      ...['2025-02-29', '2025-3-9', '09/03/2025', '', '2025-03-09T00:00:00Z', '٢٠٢٥-٠٣-٠٩'].map(on),
    ),
  },
  {
    ...{ what: 'outside its campaign’s window', status: 422, code: 'donation/campaign-not-open' },
    asked: (bench) => donated({ campaignId: bench.ids.campaignId, receivedOn: '2025-03-09' })(bench),
  },
];

function on(receivedOn: string): object {
  return { receivedOn };
}

/** Amounts, keys, bodies and days of donations that are refused. */
export const badDonations: readonly BadInput[] = [...amountRows, ...keyRows, ...bodyRows, ...dayRows];
