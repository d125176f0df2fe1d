import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationObject } from '@nestjs/swagger';
import { openApiDocument } from '#platform/open-api/document.js';
import { encodeCursor } from '#platform/http/paging.http.js';
import { ApiAtWork } from '../docs/api-at-work.js';

const somebody = '00000000-0000-4000-8000-000000000000';
const fund = { vi: 'Thí dụ', en: 'Example' };

/** What nobody types, as it stands in an address. */
const nonsense: readonly string[] = [
  ...['%00', '%01', 'a%00b', '%0D%0A', '%7F', '%C2%80', '%EF%BF%BF', '%E2%80%AE', '%F0%9F%98%80', '%25'],
  ...['0', '-1', '1e400', 'NaN', '99999999999999999999999999', '1.999999999999999999999', '2147483648'],
  ...['0000-01-01', '0000-02-30T00:00:00Z', '9999-12-31T23:59:59Z', '2025-02-30', '+010000-01-01'],
  ...["'", '%22', '%5C', '..%2F..', '%7B%7D', '[]', 'null', 'undefined', '__proto__', 'constructor'],
  ...[
    'x'.repeat(199),
    '%C4%91'.repeat(60),
    somebody.toUpperCase(),
    'LS-2025-000000',
    'LS-0000-999999999999999',
  ],
];

const partsOfCursors = [
  '',
  'abc',
  '1',
  '-1',
  '1e3',
  '99999999999999999999',
  '0000-01-01',
  '9999-99-99',
  'a\0',
];
/** Cursors of lists, well wrapped around what no list has. */
const cursors: readonly string[] = [
  ...[1, 2, 3, 4, 5].flatMap((length) =>
    partsOfCursors.map((part) => encodeCursor(Array.from({ length }, () => part))),
  ),
  ...[1, null, {}, { 0: 'a' }, [1, 2], [null], [['1'], ['1']], 'text', []].map((value) =>
    Buffer.from(JSON.stringify(value)).toString('base64url'),
  ),
  ...['e', '_', 'eyJ'],
];

type ParameterObject = Extract<NonNullable<OperationObject['parameters']>[number], { readonly in: string }>;

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly ParameterObject[];
}

let api: ApiAtWork;
let fundId: string;
let routes: readonly Route[];

beforeAll(async () => {
  api = await ApiAtWork.open();
  const decision = { number: '1', date: '2020-01-01', issuer: 'UBND tỉnh' };
  const opened = { code: 'TD', level: 'province', name: fund, decision, openedOn: '2020-01-01' };
  fundId = ((await api.post('/v1/funds', opened)).body as { fundId: string }).fundId;
  await api.caughtUp();
  const { paths } = openApiDocument(api.running.app, undefined);
  routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, OperationObject>).map(([method, { parameters = [] }]) => ({
      name: `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: parameters.filter((one): one is ParameterObject => 'in' in one),
    })),
  );
});
afterAll(() => api.close());

/** The route's path with one parameter as given, funds that are there, and otherwise what is not. */
function pathOf({ path }: Route, name?: string, value?: string): string {
  const there = path.startsWith('/v1/funds/{id}') ? fundId : somebody;
  return path.replaceAll(/\{([A-Za-z]+)\}/g, (_, found: string) => (found === name ? (value ?? '') : there));
}

/** Asks all of them and tells which broke something. */
async function broken(asked: readonly (readonly [Route, string])[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [{ method }, url] of asked) {
    const { status, body } = await api.send(method, url);
    const isReady = status === 503 && url.startsWith('/health');
    if (status >= 500 && !isReady) found.push(`${method} ${url}: ${String(status)} ${JSON.stringify(body)}`);
  }
  return found;
}

const named = (place: string) => (route: Route) => route.parameters.filter((one) => one.in === place);

describe('nonsense in an address breaks nothing', () => {
  it('of the API as it is described', () => {
    expect(routes.length).toBeGreaterThan(70);
    expect(routes.flatMap(named('query')).length).toBeGreaterThan(30);
  });

  it('where a thing is named', async () => {
    const asked = routes.flatMap((route) =>
      named('path')(route).flatMap(({ name }) =>
        [...nonsense, cursors[0] ?? ''].map((value) => [route, pathOf(route, name, value)] as const),
      ),
    );
    expect(asked.length).toBeGreaterThan(1_000);
    expect(await broken(asked)).toEqual([]);
  }, 180_000);

  it('where a list is filtered or goes on', async () => {
    const asked = routes.flatMap((route) =>
      named('query')(route).flatMap(({ name }) =>
        (name === 'cursor' ? [...nonsense, ...cursors] : nonsense).map(
          (value) => [route, `${pathOf(route)}?${name}=${value}`] as const,
        ),
      ),
    );
    expect(await broken(asked)).toEqual([]);
  }, 180_000);
});
