import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '#kernel/json.js';

/** A JSON text, the one text that means the same, and the SHA-256 of that in UTF-8. */
interface Vector {
  readonly says: string;
  readonly text: string;
  readonly canonical: string;
  readonly sha256: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('./canonical-json.json', import.meta.url), 'utf8'),
) as readonly Vector[];

describe('canonical JSON', () => {
  it.each(vectors)('$says', ({ text, canonical, sha256 }) => {
    expect(canonicalJson(JSON.parse(text))).toBe(canonical);
    expect(createHash('sha256').update(canonical, 'utf8').digest('hex')).toBe(sha256);
    expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
  });
});
