import { describe, expect, it } from '@jest/globals';
import type { AskedRequest } from './asked-by.js';
import { commandPartsOf } from './command-of.js';

const id = 'a0a0a0a0-1111-4111-8111-abcdefabcdef';

function routeOf(params: Readonly<Record<string, string>>): string {
  return commandPartsOf({
    method: 'POST',
    headers: { 'idempotency-key': 'k' },
    routeOptions: { url: '/v1/things/:id' },
    params,
    caller: { staffId: 'lan', grants: [], secondFactor: true },
  } as unknown as AskedRequest).route;
}

describe('the route of a command', () => {
  it('is the same however an id is written', () => {
    expect(routeOf({ id: id.toUpperCase() })).toBe(routeOf({ id }));
    expect(routeOf({ id })).toBe(`POST /v1/things/:id {"id":"${id}"}`);
  });

  it('is another for another name, also where only its letters are larger', () => {
    expect(routeOf({ id: 'LS-2025-000001' })).not.toBe(routeOf({ id: 'ls-2025-000001' }));
    expect(routeOf({ id })).not.toBe(routeOf({ id: id.replace('a0', 'b0') }));
  });
});
