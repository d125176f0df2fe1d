const prefix = 'journal-';

/** The stream of a journal. */
export function journalStreamOf(journalId: string): string {
  return `${prefix}${journalId}`;
}

/** The journal of a stream made by {@link journalStreamOf}; undefined for any other stream. */
export function journalIdOf({ stream }: { readonly stream: string }): string | undefined {
  return stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined;
}
