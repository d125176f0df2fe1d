/**
 * One text key of several parts, such as fund, purpose and day: `fund|purpose|2025-05-29`. Two lists of parts give the
 * same key only if they are equal; keys of equal first parts sort together.
 */
export function compositeKey(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[\\|]/g, (mark) => `\\${mark}`)).join('|');
}

/** The parts that {@link compositeKey} was given. */
export function keyParts(key: string): readonly string[] {
  const parts = [''];
  for (const [piece] of key.matchAll(/\\[\\|]|\||[^\\|]+/gs)) {
    if (piece === '|') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece.startsWith('\\') ? piece.slice(1) : piece}`);
  }
  return parts;
}
