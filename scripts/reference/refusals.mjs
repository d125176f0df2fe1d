import { refusalAnswers } from './application.mjs';
import { openProgram, table } from './files.mjs';
import { thrownCodes } from './thrown-codes.mjs';

/**
 * Every refusal code that gets out, with its status and what people read, from the answers that routes give. Throws when
 * the sources can throw a code that nobody answers.
 */
export async function refusalsPage() {
  const codes = codesOf(await refusalAnswers());
  const unanswered = thrownCodes(openProgram()).filter((code) => !codes.has(code));
  if (unanswered.length > 0) throw new Error(`thrown, but answered nowhere: ${unanswered.join(', ')}`);
  const rows = [...codes.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { answer, by }]) => [
      `\`${code}\``,
      String(answer.status),
      [...by].sort().join(', '),
      answer.vi,
      answer.en,
    ]);
  return [
    '# Refusal codes',
    '',
    'Made from the code by `npm run reference`; do not edit. Each answer is `application/problem+json` (RFC 9457) with the',
    'member `code`; `detail` is the sentence, in the language that `Accept-Language` asks for. Said by: a service, any route,',
    'or the pages for people.',
    '',
    ...table(['code', 'status', 'said by', 'tiếng Việt', 'English'], rows),
  ].join('\n');
}

/** By code: the answer, and who gives it. The API's answer goes before what a page says. */
function codesOf(told) {
  const found = new Map();
  for (const [by, answers] of told)
    for (const [code, answer] of Object.entries(answers)) {
      const known = found.get(code) ?? { answer, by: new Set() };
      known.by.add(by);
      found.set(code, known);
    }
  return found;
}
