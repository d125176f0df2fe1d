/**
 * The words of a text without accents and case, each once, in order: `Đặng Thị Ước` gives `dang`, `thi`, `uoc`.
 * đ has no decomposition in Unicode, so it is mapped by hand.
 */
export function unaccentedWords(text: string): readonly string[] {
  return [...new Set(wordsInOrder(text))];
}

/** The words of a text as {@link unaccentedWords} has them, each as often as it stands there. */
export function wordsInOrder(text: string): readonly string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/gu, 'd').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
