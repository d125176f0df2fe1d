/**
 * The words of a text without accents and case, each once, in order: `Đặng Thị Ước` gives `dang`, `thi`, `uoc`.
 * đ has no decomposition in Unicode, so it is mapped by hand.
 */
export function unaccentedWords(text: string): readonly string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/gu, 'd').toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
}
