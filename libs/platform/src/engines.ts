/** Where events are kept. */
export const eventStores = ['postgres', 'kurrentdb'] as const;
/** What carries messages between services. */
export const messagings = ['direct', 'kafka'] as const;

/** Engines that a process runs on. */
export interface Engines {
  readonly eventStore: (typeof eventStores)[number];
  readonly messaging: (typeof messagings)[number];
}

/** How the services run: all in one process, or each in its own. */
export type Way = 'together' | 'apart';

/** What is tested together; anything else is refused at the start. */
const supported: Readonly<Record<Way, readonly Engines[]>> = {
  together: [{ eventStore: 'postgres', messaging: 'direct' }],
  apart: [
    { eventStore: 'postgres', messaging: 'kafka' },
    { eventStore: 'kurrentdb', messaging: 'kafka' },
  ],
};

/** What is wrong with these engines, in one sentence with the list of what is supported; undefined where nothing is. */
export function faultOfEngines({ eventStore, messaging }: Engines, way: Way): string | undefined {
  const same = (one: Engines): boolean => one.eventStore === eventStore && one.messaging === messaging;
  if (supported[way].some(same)) return undefined;
  const list = supported[way].map((one) => `${one.eventStore} with ${one.messaging}`).join(', ');
  const how = way === 'together' ? 'with all services in one process' : 'with a process for each service';
  return `MANGNON_EVENT_STORE ${eventStore} with MANGNON_MESSAGING ${messaging} is not supported ${how}; supported: ${list}`;
}
