const written = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether something is a `traceparent` of W3C Trace Context, version 00. */
export function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && written.test(value);
}

/** Whether whoever made the `traceparent` keeps the trace; one that is not kept is not worth recording. */
export function isSampled(traceparent: string): boolean {
  return isTraceparent(traceparent) && (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
}
