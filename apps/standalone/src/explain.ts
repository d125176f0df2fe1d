import { statfsSync } from 'node:fs';
import { ConfigRefused } from '#platform/config-refused.js';
import { errorCodeOf } from '#platform/embedded-postgres/error-code.js';
import { EmbeddedPostgresFault, faultOfNode, type Language } from '#platform/embedded-postgres/faults.js';
import { AddressFault, sentences } from './sentences.js';

/** PostgreSQL's code for a disk that has no room for its tables any more. */
const diskFull = '53100';

/** Errors whose message is the sentence for whoever starts it. */
const speakForThemselves = new Set(['MigrationRefused', 'KeyProblem', 'StoryDataRefused', 'EventsElsewhere']);

/**
 * Why it does not start: one sentence where the reader can mend it, a line for each wrong setting, and the whole error
 * where it is our own bug.
 */
export function explain(error: unknown, language: Language): string {
  const words = sentences[language];
  if (error instanceof ConfigRefused) {
    return [words.refused, ...error.faults.map((fault) => `  ${fault}`)].join('\n');
  }
  return sentenceOf(error, language) ?? `${words.failed} ${wholeOf(error)}`;
}

/** PostgreSQL lets its log grow by so much at once, and ends itself where the disk has not that much room. */
const logSegmentBytes = 16 * 1024 * 1024;

/** What to say when PostgreSQL has ended though nobody asked it to. */
export function explainEnd(dataDirectory: string, language: Language): string {
  const { bavail, bsize } = statfsSync(dataDirectory);
  if (bavail * bsize >= logSegmentBytes) return sentences[language].databaseEnded;
  return new EmbeddedPostgresFault('disk-full', dataDirectory).sentence(language);
}

function sentenceOf(error: unknown, language: Language): string | undefined {
  const words = sentences[language];
  if (error instanceof AddressFault || error instanceof EmbeddedPostgresFault)
    return error.sentence(language);
  if (errorCodeOf(error) === diskFull)
    return new EmbeddedPostgresFault('disk-full', words.dataDirectory).sentence(language);
  if (!(error instanceof Error)) return undefined;
  if (speakForThemselves.has(error.name)) return `${words.failed} ${error.message}`;
  return 'path' in error ? pathSentence(error, String(error.path), language) : undefined;
}

/** Which setting names a folder depends on what lies in it, so the sentence names only the folder. */
function pathSentence(error: Error, path: string, language: Language): string | undefined {
  const fault = faultOfNode(error, path);
  return fault?.code === 'no-rights' ? sentences[language].noRights(path) : fault?.sentence(language);
}

function wholeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
