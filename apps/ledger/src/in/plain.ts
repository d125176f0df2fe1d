/** The members that are there: events are plain JSON, which has no undefined. */
export function present<Members extends Readonly<Record<string, unknown>>>(
  members: Members,
): { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  const entries = Object.entries(members).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as {
    readonly [Name in keyof Members]?: Exclude<Members[Name], undefined>;
  };
}
