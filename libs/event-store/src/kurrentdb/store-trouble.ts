/** Why KurrentDB does not serve this process, in a sentence for whoever has set up how it is reached. */
export interface StoreTrouble {
  readonly kind: 'certificate' | 'silence';
  readonly sentence: string;
}

/** What is the matter where the server does not answer or shows a certificate of nobody known; undefined for anything else. */
export function storeTrouble(error: unknown): StoreTrouble | undefined {
  const message = error instanceof Error ? error.message : '';
  if (!/^14 UNAVAILABLE|failed to connect/i.test(message)) return undefined;
  if (!/certificate|altnames|CERT_/i.test(message))
    return { kind: 'silence', sentence: `KurrentDB does not answer: ${message}` };
  const sentence =
    'KurrentDB shows a certificate of an authority that is not known here, or for another name: see tlsCaFile in EVENTSTORE_URL';
  return { kind: 'certificate', sentence };
}
