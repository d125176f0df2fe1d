import { describe, expect, it } from '@jest/globals';
import { fileAnswers } from './file-answers.js';
import { statementAnswers } from './statement-answers.js';

describe('what is answered to a refused statement', () => {
  const answers = Object.entries({ ...fileAnswers, ...statementAnswers });

  it.each(answers)(
    '%s is one sentence in each language, and no fault of ours',
    (_code, { status, vi, en }) => {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      for (const sentence of [vi, en]) expect(sentence).toMatch(/^[^.]+\.$/);
    },
  );
});
