import { AsyncLocalStorage } from 'node:async_hooks';
import { isSampled } from '#kernel/traceparent.js';

/** What a span is about. Ids of events, streams and messages, names of topics and routes; never personal data. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A span that is to begin. */
export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** The `traceparent` that it follows; it begins a trace of its own when absent. */
  readonly parent?: string | undefined;
  /**
   * Whether the parent is of somebody unknown: its trace goes on, and is not kept where it says so; that it is to be kept
   * counts no more than a trace of our own would.
   */
  readonly isOfStranger?: boolean;
  readonly attributes?: SpanAttributes;
}

/** A span under way. */
export interface OpenSpan {
  /** What those who follow it name as their parent. */
  readonly traceparent: string;
  add(attributes: SpanAttributes): void;
  /** Ends it, as failed where there is a failure, of which only the kind is told. */
  end(failure?: unknown): void;
}

/** Makes spans; there is none where nothing is traced. */
export interface Tracer {
  open(start: SpanStart): OpenSpan;
}

/** Where in a trace something is being done. */
interface Place {
  /** The span that surrounds it. */
  readonly traceparent?: string;
  /** The spans in which messages are being handled, by the messages' ids. */
  readonly ofMessages?: ReadonlyMap<string, string>;
}

const places = new AsyncLocalStorage<Place>();
let tracer: Tracer | undefined;

/** The tracer of this process; undefined where nothing is traced, which then costs nothing. */
export function tracerHere(): Tracer | undefined {
  return tracer;
}

/** Has everything that begins from now on traced by this one, or no longer. */
export function traceBy(one: Tracer | undefined): void {
  tracer = one;
}

/** Does work at a place of a trace. */
export function within<Done>(place: Place, work: () => Done): Done {
  return places.run(place, work);
}

/** The span that surrounds whoever asks. */
export function spanHere(): string | undefined {
  return tracer && places.getStore()?.traceparent;
}

/** The span in which the message is being handled by whoever asks; undefined for one that is not. */
export function spanOfMessage(id: string): string | undefined {
  return tracer && places.getStore()?.ofMessages?.get(id);
}

/** The header by which a request to another process goes on in the trace; none where nothing is traced. */
export function traceHeaders(): { readonly traceparent?: string } {
  const traceparent = spanHere();
  return traceparent === undefined ? {} : { traceparent };
}

/** Whether something is to have a span of its own after this parent. */
export function isTraced(parent: string | undefined): parent is string {
  return tracer !== undefined && parent !== undefined && isSampled(parent);
}

/** What asks for work that is done later. */
export interface Asking {
  readonly id: string;
  readonly traceparent?: string;
}

/**
 * Does work that an event asks for, in a span after the message that tells of it, or after the event; just does it where
 * that was not traced. Rejects as the work does.
 */
export async function inSpanAfter<Done>(
  { id, traceparent }: Asking,
  start: Omit<SpanStart, 'parent'>,
  work: () => Promise<Done>,
): Promise<Done> {
  const parent = spanOfMessage(id) ?? traceparent;
  const span = isTraced(parent) ? tracer?.open({ ...start, parent }) : undefined;
  if (!span) return work();
  return ending([span], () => within({ traceparent: span.traceparent }, work));
}

/** Does work and ends these spans with it, as failed where it rejects. */
export async function ending<Done>(spans: Iterable<OpenSpan>, work: () => Promise<Done>): Promise<Done> {
  try {
    const done = await work();
    for (const span of spans) span.end();
    return done;
  } catch (error) {
    for (const span of spans) span.end(error);
    throw error;
  }
}
