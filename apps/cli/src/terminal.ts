import type { Bilingual, Language } from './language.js';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a screen that a line may be written over on. */
  readonly isScreen: boolean;
}

/** How often a screen is told of progress, in milliseconds. */
const everyMs = 100;

/** Lines of results and notes in one language, and a line of progress where somebody looks on. */
export class Terminal {
  #toldAtMs = 0;
  #shown = false;

  constructor(
    private readonly streams: Streams,
    readonly language: Language,
  ) {}

  /** One line of the result. */
  print(line: string): void {
    this.clear();
    this.streams.out(`${line}\n`);
  }

  /** One line of the result, in the reader's language. */
  tell(sentence: Bilingual): void {
    this.print(sentence[this.language]);
  }

  /** One line beside the result. */
  note(sentence: Bilingual): void {
    this.clear();
    this.streams.err(`${sentence[this.language]}\n`);
  }

  /** Raw text of the result, such as lines of a file. */
  write(text: string): void {
    this.streams.out(text);
  }

  /** Shows how far it is, over the line before; nothing where nobody looks on. */
  progress(sentence: () => Bilingual): void {
    if (!this.streams.isScreen || performance.now() - this.#toldAtMs < everyMs) return;
    this.#toldAtMs = performance.now();
    this.#shown = true;
    this.streams.err(`\r\u001B[2K${sentence()[this.language]}`);
  }

  /** Takes the line of progress away. */
  clear(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.streams.err('\r\u001B[2K');
  }
}
