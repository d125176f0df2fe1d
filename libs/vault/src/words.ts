const prefixCharsMin = 2;
const prefixCharsMax = 16;

/** What a word can be found by: itself and its beginnings of 2 to 16 characters. */
export function beginningsOf(word: string): readonly string[] {
  const characters = [...word];
  const longest = Math.min(characters.length, prefixCharsMax);
  if (longest <= prefixCharsMin) return [characters.slice(0, prefixCharsMax).join('')];
  return Array.from({ length: longest - prefixCharsMin + 1 }, (_, index) =>
    characters.slice(0, index + prefixCharsMin).join(''),
  );
}

/** A query's word cut to the longest beginning that is kept. */
export function queryBeginning(word: string): string {
  return [...word].slice(0, prefixCharsMax).join('');
}
