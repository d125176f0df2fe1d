/** The instant so many milliseconds after another; both RFC 3339 in UTC with milliseconds, which compare as text. */
export function instantAfter(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
