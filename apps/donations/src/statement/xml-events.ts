import { SaxesParser } from 'saxes';
import { isDomainRefusal } from '#kernel/refusal.js';
import { refuseFile } from './file-faults.js';
import { lineBytesMax } from './file-limits.js';

/** What is told of an XML file as it is read; names come without their prefix. */
export interface XmlEvents {
  /** `attributes` are by name without prefix; the last one stands where two differ in their prefix alone. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  text(text: string): void;
  close(name: string): void;
}

const depthMax = 32;

/**
 * Reads an XML file of a workbook, handing what it says to `events` and giving back, after each piece, what `made` has
 * gathered. Refuses as damaged what is no well-formed UTF-8 XML, a document type (entities that grow), elements nested
 * more than 32 deep, and 4 MB without a tag.
 */
export async function* readXml<Made>(
  pieces: AsyncIterable<Uint8Array>,
  events: XmlEvents,
  made: () => readonly Made[],
): AsyncGenerator<Made> {
  const reader = new XmlReader(events);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) {
    wellFormed(() => reader.read(decoder.decode(piece, { stream: true }), piece.length));
    yield* made();
  }
  wellFormed(() => reader.end(decoder.decode()));
  yield* made();
}

function wellFormed(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (isDomainRefusal(error)) throw error;
    refuseFile('statement/workbook-damaged');
  }
}

class XmlReader {
  readonly #parser = new SaxesParser();
  #attributes = new Map<string, string>();
  #depth = 0;
  #bytesSinceTag = 0;

  constructor(events: XmlEvents) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('doctype', () => refuseFile('statement/workbook-damaged'));
    parser.on('attribute', ({ name, value }) => this.#attributes.set(unprefixed(name), value));
    parser.on('opentag', ({ name }) => {
      this.#depth += 1;
      if (this.#depth > depthMax) refuseFile('statement/workbook-damaged');
      events.open(unprefixed(name), this.#attributes);
      this.#attributes = new Map();
      this.#bytesSinceTag = 0;
    });
    parser.on('text', (text) => events.text(text));
    parser.on('cdata', (text) => events.text(text));
    parser.on('closetag', ({ name }) => {
      this.#depth -= 1;
      events.close(unprefixed(name));
      this.#bytesSinceTag = 0;
    });
  }

  read(text: string, bytes: number): void {
    this.#bytesSinceTag += bytes;
    this.#parser.write(text);
    if (this.#bytesSinceTag > lineBytesMax) refuseFile('statement/workbook-damaged');
  }

  end(text: string): void {
    this.#parser.write(text).close();
  }
}

function unprefixed(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
