import { z } from 'zod';

const rebuild = z.object({
  phase: z.string(),
  position: z.string().nullable(),
  head: z.string().nullable(),
  events: z.number(),
  eventsPerSecond: z.number(),
});
const waiting = z.array(z.object({ service: z.string(), messages: z.number() })).nullable();
const seconds = z.number().nullable();
const figures = z.object({
  consumers: z.array(z.object({ group: z.string(), topic: z.string(), seconds })),
  publishers: z.array(z.object({ topic: z.string(), seconds })),
  withoutReceipt: z.array(z.object({ service: z.string(), seconds })),
  parked: waiting,
  held: waiting,
  appends: z.array(
    z.object({ process: z.string(), count: z.number(), halfWithin: seconds, mostWithin: seconds }),
  ),
});
/** What `GET /v1/admin/status` answers. */
export const serverStatus = z.object({
  head: z.string().nullable(),
  stopped: z.record(z.string(), z.string()),
  figures,
  projections: z.array(
    z.object({
      name: z.string(),
      version: z.number(),
      state: z.string(),
      position: z.string().nullable(),
      reason: z.string().nullable(),
      rebuild: rebuild.nullable(),
      /** Why the last rebuild did not end well. */
      rebuildFault: z.string().nullish(),
    }),
  ),
});

/** Where a server's read models stand. */
export type ServerStatus = z.infer<typeof serverStatus>;
/** What operators watch; null for what could not be told. */
export type ServerFigures = z.infer<typeof figures>;
