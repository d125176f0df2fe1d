/**
 * Where each service answers under `/v1`, itself and everything below, but for what is another's further below. `{}` stands
 * for any one part of an address.
 */
export const routePlaces: Readonly<Record<string, readonly string[]>> = {
  access: ['/v1/me', '/v1/resets', '/v1/sessions', '/v1/setup', '/v1/staff', '/v1/tokens'],
  donations: [
    '/v1/bank-items',
    '/v1/campaigns',
    '/v1/donations',
    '/v1/donors',
    '/v1/funds/{}/donations-by-class',
    '/v1/pledges',
    '/v1/statements',
  ],
  ledger: ['/v1/entries', '/v1/funds', '/v1/journals'],
  receipts: ['/v1/funds/{}/receipt-register', '/v1/funds/{}/receipt-template', '/v1/receipts'],
};

/** Where every service answers the gateway or whoever runs it; the gateway hands nothing of this on. */
const everybodys = /^\/(health\/(live|ready)|metrics|v1\/admin\/[a-z]+(\/([a-z]+|\{name\}))?)$/;

/** Whether a route is one that every service has, and that is never asked through the gateway. */
export function isEverybodys(route: string): boolean {
  return everybodys.test(route);
}

/**
 * Which of these routes, such as `/v1/donations/{id}`, these services may not describe as their own: those in the place of
 * another or of nobody, those that would also answer what is another's, and those of another shape.
 */
export function foreignRoutes(services: readonly string[], routes: readonly string[]): readonly string[] {
  return routes.filter((route) => !isEverybodys(route) && !isOwn(services, route));
}

function isOwn(services: readonly string[], route: string): boolean {
  if (!/^\/v1(\/(\{[A-Za-z]+\}|[a-z0-9]+(-[a-z0-9]+)*))+$/.test(route)) return false;
  const parts = route.split('/');
  const held = Object.entries(routePlaces).flatMap(([owner, places]) =>
    places.map((place) => ({ owner, parts: place.split('/') })).filter((place) => meets(place.parts, parts)),
  );
  const longest = Math.max(...held.map((place) => place.parts.length));
  const nearest = held.filter((place) => place.parts.length === longest);
  return nearest.length > 0 && nearest.every(({ owner }) => services.includes(owner));
}

/** Whether some address belongs to the route and lies in the place. */
function meets(place: readonly string[], route: readonly string[]): boolean {
  return place.every((part, index) => {
    const other = route[index];
    return other !== undefined && (part === other || part.startsWith('{') || other.startsWith('{'));
  });
}
