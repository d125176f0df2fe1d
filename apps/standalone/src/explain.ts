import { ConfigRefused } from '#platform/config-refused.js';
import { EmbeddedPostgresFault, faultOfNode, type Language } from '#platform/embedded-postgres/faults.js';
import { AddressFault, sentences } from './sentences.js';

/** Errors whose message is the sentence for whoever starts it. */
const speakForThemselves = new Set(['MigrationRefused', 'KeyProblem', 'StoryDataRefused']);

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

function sentenceOf(error: unknown, language: Language): string | undefined {
  if (error instanceof AddressFault || error instanceof EmbeddedPostgresFault)
    return error.sentence(language);
  if (!(error instanceof Error)) return undefined;
  if (speakForThemselves.has(error.name)) return `${sentences[language].failed} ${error.message}`;
  return 'path' in error ? faultOfNode(error, String(error.path))?.sentence(language) : undefined;
}

function wholeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
