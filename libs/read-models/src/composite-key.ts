/**
 * One text key of several parts, such as fund, purpose and day: `fund|purpose|2025-05-29`. Two lists of parts give the
 * same key only if they are equal; keys of equal first parts sort together.
 */
export function compositeKey(...parts: readonly string[]): string {
  let key = '';
  for (const part of parts) {
    const plain = !part.includes('|') && !part.includes('\\');
    key += `|${plain ? part : part.replace(/[\\|]/g, (mark) => `\\${mark}`)}`;
  }
  return key.slice(1);
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
