import { isConnectionError } from '#postgres/pool.js';
import type { AskedStream, LogReader, StreamPage } from './log-reader.js';

/** What reads are gathered in front of. */
export type StreamReader = Pick<LogReader, 'stream' | 'streams'>;

interface Asking extends AskedStream {
  readonly resolve: (page: StreamPage) => void;
  readonly reject: (error: unknown) => void;
}

/** The most streams in one statement. */
const gatheredMax = 64;

/**
 * First pages of streams: what is asked for within one turn of the event loop shares a statement, which sees everything
 * that was appended before any of them asked. Each caller is answered, or fails, as if it had read alone.
 */
export class GatheredReads {
  readonly #reader: StreamReader;
  #asking: Asking[] = [];

  constructor(reader: StreamReader) {
    this.#reader = reader;
  }

  /** As {@link LogReader.stream}, though a page may be shorter. */
  first(stream: string, fromRevision: number): Promise<StreamPage> {
    return new Promise((resolve, reject) => {
      if (this.#asking.length === 0) setImmediate(() => this.#send());
      this.#asking.push({ stream, fromRevision, resolve, reject });
    });
  }

  #send(): void {
    const asking = this.#asking;
    this.#asking = [];
    for (let from = 0; from < asking.length; from += gatheredMax)
      this.#answer(asking.slice(from, from + gatheredMax));
  }

  #answer(asking: readonly Asking[]): void {
    if (asking.length === 1) this.#alone(asking);
    else void this.#together(asking);
  }

  async #together(asking: readonly Asking[]): Promise<void> {
    try {
      const pages = await this.#reader.streams(asking);
      for (const [index, { resolve }] of asking.entries()) resolve(pages[index] as StreamPage);
    } catch (error) {
      // What one of them asked for must not fail the others.
      if (isConnectionError(error)) for (const { reject } of asking) reject(error);
      else this.#alone(asking);
    }
  }

  #alone(asking: readonly Asking[]): void {
    for (const { stream, fromRevision, resolve, reject } of asking)
      this.#reader.stream(stream, fromRevision).then(resolve, reject);
  }
}
