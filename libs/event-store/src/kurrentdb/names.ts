import type { ClientEvent } from './stored.js';

/** Where a store is kept. */
export interface KurrentDbAddress {
  /** Connection string of the server, `esdb://…`, as its client takes it. */
  readonly url: string;
  /**
   * What the names of the store’s streams begin with on the server, so that several stores may share one, such as
   * `son-la.`; nothing when absent.
   */
  readonly namespace?: string;
}

/** Turns names of streams into those that they have on the server, and back. */
export class Names {
  readonly namespace: string;

  /** Throws `RangeError` for a namespace that is no plain word ending in a dot: it would be taken for something else. */
  constructor({ namespace = '' }: KurrentDbAddress) {
    if (!/^([a-z0-9-]+\.)?$/.test(namespace))
      throw new RangeError(
        `a namespace is small letters, digits and hyphens, and ends in a dot: "${namespace}"`,
      );
    this.namespace = namespace;
  }

  /** The stream’s name on the server. */
  onServer(stream: string): string {
    return this.namespace + stream;
  }

  /** The event under the name that its stream has here; what belongs to others stands in a stream of the server’s. */
  seen(event: ClientEvent): ClientEvent {
    if (this.namespace === '') return event;
    const { streamId } = event;
    const isInside = streamId.startsWith(this.namespace);
    return { ...event, streamId: isInside ? streamId.slice(this.namespace.length) : `$${streamId}` };
  }
}
