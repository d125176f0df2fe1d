import { setTimeout as delay } from 'node:timers/promises';
import FindMyWay, { type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way';
import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';
import { foreignRoutes, isEverybodys } from '#contracts/route-places.js';
import type { Clock } from '#platform/clock.js';
import { describing } from '#platform/doors/description.controller.js';
import { serviceHeader, signService, whyNotTaken } from '#platform/doors/service-token.js';
import type { Signer } from '#platform/keys/key-pairs.js';
import type { RefusalAnswer } from '#platform/http/refusals.js';

/** A service that runs by itself behind the gateway. */
export interface Upstream {
  readonly name: string;
  /** Such as `http://ledger:3000`, without a slash at the end. */
  readonly url: string;
}

/** Where a request belongs. */
export interface Destination {
  readonly upstream: Upstream;
  /** The route as the service has it, such as `/v1/donations/:id`: one name, however an address is written. */
  readonly route: string;
  /** Whether anybody may ask it, signed in or not. */
  readonly isPublic: boolean;
}

/** What the gateway needs to ask the services for their routes. */
export interface UpstreamOptions {
  readonly upstreams: readonly Upstream[];
  /** The gateway. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly onTrouble: (where: string, cause: unknown) => void;
  /** Told each time that a service has told its routes. */
  readonly onDescribed?: () => void;
}

interface Description {
  readonly document: OpenAPIObject;
  readonly problems: Readonly<Record<string, RefusalAnswer>>;
}

/** So many routes of others are named to whoever looks. */
const foreignShownMax = 5;
const answerWithinMs = 10_000;
/** How often a service is asked that has not told its routes yet, and how often one that has: it may be a newer release. */
const askAgainMs = { unknown: 250, known: 30_000 } as const;

/**
 * The services behind the gateway and which routes each answers. They tell it themselves, so that the gateway knows none of
 * them by heart; what one tells that is in another's place is refused as a whole, and what it told before holds on. A route
 * that every service has belongs to the gateway.
 */
export class Upstreams {
  readonly #described = new Map<string, Description>();
  readonly #refused = new Map<string, string>();
  readonly #stopping = new AbortController();
  #router: Instance<HTTPVersion.V1> = router();
  #running: readonly Promise<void>[] = [];

  constructor(private readonly options: UpstreamOptions) {}

  /** Begins to ask every service, and goes on for as long as it runs. */
  start(): void {
    this.#running = this.options.upstreams.map((upstream) => this.#follow(upstream));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  /** Every service, in the order given. */
  get all(): readonly Upstream[] {
    return this.options.upstreams;
  }

  /** Names of the services that have not told their routes yet. */
  get unknown(): readonly string[] {
    return this.all.map(({ name }) => name).filter((name) => !this.#described.has(name));
  }

  /** Why what a service told last was not taken, by the service's name. */
  get refused(): ReadonlyMap<string, string> {
    return this.#refused;
  }

  /** Where a request belongs; undefined where no service is known to answer it. */
  find(method: string, path: string): Destination | undefined {
    const found = this.#at(method, path);
    return found && !isEverybodys(found.route) ? found : undefined;
  }

  /** Methods that services answer at that path, sorted. */
  methodsAt(path: string): readonly string[] {
    return methods.filter((method) => this.#at(method, path) !== undefined);
  }

  #at(method: string, path: string): Destination | undefined {
    return this.#router.find(method as HTTPMethod, path)?.store as Destination | undefined;
  }

  /** What the services describe, one after the other. */
  documents(): readonly OpenAPIObject[] {
    return this.all.flatMap(({ name }) => this.#described.get(name)?.document ?? []);
  }

  /** How a service tells a refusal; undefined where none knows the code. */
  problem(code: string): RefusalAnswer | undefined {
    for (const { problems } of this.#described.values()) {
      const answer = Object.hasOwn(problems, code) ? problems[code] : undefined;
      if (answer) return answer;
    }
    return undefined;
  }

  async #follow(upstream: Upstream): Promise<void> {
    const { signal } = this.#stopping;
    let isTold = false;
    while (!signal.aborted) {
      const answered = await this.#ask(upstream).catch((error: unknown) => {
        if (!signal.aborted && !isTold) this.options.onTrouble(`routes of ${upstream.name}`, error);
        return false;
      });
      isTold = !answered;
      const known = this.#described.has(upstream.name);
      await pause(known ? askAgainMs.known : askAgainMs.unknown, signal);
    }
  }

  async #ask({ name, url }: Upstream): Promise<boolean> {
    const { signer, clock } = this.options;
    const token = await signService(signer, describing, clock.now());
    const response = await fetch(`${url}/internal/description`, {
      headers: { [serviceHeader]: token },
      signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(answerWithinMs)]),
    });
    if (!response.ok)
      throw new Error(`${name} answers ${String(response.status)}${await whyNotTaken(response)}`);
    const description = (await response.json()) as Description;
    this.#refused.delete(name);
    // Services at one address are one process, which tells the routes of all.
    const together = this.all.filter((one) => one.url === url).map((one) => one.name);
    const foreign = foreignRoutes(together, Object.keys(description.document.paths));
    if (foreign.length > 0) {
      const why = `describes what is not its own: ${foreign.slice(0, foreignShownMax).join(', ')}`;
      this.#refused.set(name, why);
      throw new Error(`${name} ${why}`);
    }
    this.#described.set(name, description);
    this.#router = this.#routes();
    this.options.onDescribed?.();
    return true;
  }

  #routes(): Instance<HTTPVersion.V1> {
    const made = router();
    for (const upstream of this.all)
      for (const { method, path, operation } of operationsOf(this.#described.get(upstream.name)?.document)) {
        const route = path.replaceAll(/\{([A-Za-z]+)\}/g, ':$1');
        if (made.hasRoute(method, route)) continue;
        const store: Destination = { upstream, route, isPublic: operation.security?.length === 0 };
        made.on(method, route, () => undefined, store);
      }
    return made;
  }
}

const methods: readonly HTTPMethod[] = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];

/** As Fastify matches in the services themselves. */
function router(): Instance<HTTPVersion.V1> {
  return FindMyWay({ caseSensitive: true, maxParamLength: 200 });
}

function* operationsOf(
  document: OpenAPIObject | undefined,
): Generator<{ readonly method: HTTPMethod; readonly path: string; readonly operation: OperationObject }> {
  for (const [path, item] of Object.entries(document?.paths ?? {}))
    for (const method of methods) {
      const operation = item[method.toLowerCase() as 'get'];
      if (operation && path.startsWith('/v1/')) yield { method, path, operation };
    }
}

/** Waits, or returns early when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
