import type { INestApplicationContext } from '@nestjs/common';
import { expect } from '@jest/globals';
import { routeTable } from '#platform/http/routes.js';

/** A request that a route takes, about a thing of one fund. */
export interface RouteSample {
  /** With ids filled in. */
  readonly path: string;
  /** A valid body, so that nothing but the fund is wrong with the request. */
  readonly body?: object;
  /** Of a list: it is answered, and shows nothing of the fund. */
  readonly list?: true;
}

/** Sends a request with an Idempotency-Key of its own. */
export type SendAs = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly json: Readonly<Record<string, unknown>> }>;

/** What a route must do with somebody who holds every role, but on another fund. */
export interface OtherFundCase {
  /** Such as `POST /v1/donors/:id/erasure`. */
  readonly route: string;
  /** Asserts it; `insider` holds every role on the fund of the samples, `outsider` on another one. */
  readonly check: (outsider: SendAs, insider: SendAs) => Promise<void>;
}

/**
 * One case for every route of `/v1` that asks for a role, from the routes themselves: a route without a sample fails, so
 * that a new route is not forgotten. `except` names those that concern no fund.
 */
export function otherFundCases(
  app: INestApplicationContext,
  about: {
    readonly fundId: string;
    readonly samples: Readonly<Record<string, RouteSample>>;
    readonly except?: readonly string[];
  },
): readonly OtherFundCase[] {
  return routeTable(app)
    .filter(({ path, access }) => path.startsWith('/v1/') && access?.kind === 'roles')
    .map(({ method, path }) => ({ route: `${method} ${path}`, method }))
    .filter(({ route }) => !about.except?.includes(route))
    .map(({ route, method }) => ({
      route,
      check: async (outsider, insider) => {
        const sample = about.samples[route];
        if (!sample) throw new Error(`no sample for ${route}`);
        const answer = await outsider(method, sample.path, sample.body);
        if (!sample.list) {
          // What somebody may not see may as well not be there: 404 tells no more than 403.
          expect([403, 404]).toContain(answer.status);
          // A sample with a wrong path would prove nothing.
          expect(answer.json['code']).not.toBe('http/not-found');
          // Neither would one about a thing that is not there at all, nor a refusal for any other reason.
          if (answer.status === 403) expect(answer.json['code']).toBe('access/forbidden');
          else expect((await insider(method, sample.path, sample.body)).status).not.toBe(404);
          return;
        }
        expect(answer.status).toBe(200);
        expect(JSON.stringify(answer.json)).not.toContain(about.fundId);
        const shown = await insider(method, sample.path, sample.body);
        expect(JSON.stringify(shown.json)).toContain(about.fundId);
      },
    }));
}
