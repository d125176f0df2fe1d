import { describe, expect, it } from '@jest/globals';
import { foreignRoutes, isEverybodys, routePlaces } from './route-places.js';

describe('where services answer', () => {
  it.each([
    ['ledger', '/v1/funds'],
    ['ledger', '/v1/funds/{id}/purposes/{purpose}/close'],
    ['receipts', '/v1/funds/{id}/receipt-template/preview'],
    ['donations', '/v1/funds/{id}/donations-by-class'],
    ['donations', '/v1/donations/{id}/refunds/{undoingId}/approval'],
    ['access', '/v1/me'],
    ['receipts', '/health/ready'],
    ['receipts', '/v1/admin/rebuilds/{name}'],
  ])('lets %s describe %s', (service, route) => {
    expect(foreignRoutes([service], [route])).toEqual([]);
  });

  it.each([
    ['of another', 'receipts', '/v1/donations'],
    ['of another, further below', 'ledger', '/v1/funds/{id}/receipt-template/preview'],
    ['of another, under an address of its own', 'ledger', '/v1/funds/mine/receipt-template'],
    ['of which others are a case', 'ledger', '/v1/funds/{id}/{what}'],
    ['of which everything is a case', 'access', '/v1/{any}'],
    ['of which everything is a case, deeper', 'donations', '/{version}/donations'],
    ['of nobody', 'access', '/v1/secrets'],
    ['of the gateway', 'access', '/sign-in'],
    ['that only begins like its own', 'access', '/v1/menu'],
    ['below its own with a wildcard', 'ledger', '/v1/funds/*'],
    ['with a pattern', 'donations', '/v1/donors/{id}(.*)'],
    ['with steps back', 'donations', '/v1/donors/../staff'],
    ['written otherwise', 'access', '/v1//staff'],
    ['of a service that is not known', 'cellar', '/v1/staff'],
    ['for operators that no other has', 'access', '/v1/admin'],
  ])('keeps a route %s from %s', (_what, service, route) => {
    expect(foreignRoutes([service], ['/health/live', route])).toEqual([route]);
  });

  it('gives no place twice', () => {
    const places = Object.values(routePlaces).flat();
    expect(new Set(places).size).toBe(places.length);
  });

  it('tells what every service has', () => {
    expect(['/metrics', '/v1/admin/held/releases', '/v1/me'].map(isEverybodys)).toEqual([true, true, false]);
  });
});
