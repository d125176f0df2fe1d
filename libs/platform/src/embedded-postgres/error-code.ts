/** The `code` of an error of Node or of a program (`ENOENT`, `EEXIST`), or undefined when it has none. */
export function errorCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
