import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import {
  bits,
  der,
  hostName,
  identifier,
  integer,
  isTrue,
  octets,
  sequence,
  setOf,
  time,
  utf8,
} from './der.js';

/** A certificate and the key that belongs to it, each PEM; the key as PKCS #8. */
export interface Certified {
  readonly certPem: string;
  readonly keyPem: string;
}

/** What is otherwise made up or of this moment. */
export interface CertifyOptions {
  /** When it begins to hold; now when absent. */
  readonly from?: Date;
  /** The key that it is for (PKCS #8, PEM), of the kind that would be made; a new one when absent. */
  readonly keyPem?: string;
}

/** In days: hosts are certified anew now and then, their authority hardly ever. */
const days = { authority: 3_650, host: 825 } as const;
const dayMs = 86_400_000;
/** Clocks of machines differ a little. */
const beforeMs = 300_000;

const names = {
  commonName: '2.5.4.3',
  signedByEllipticCurve: '1.2.840.10045.4.3.2',
  subjectKey: '2.5.29.14',
  usage: '2.5.29.15',
  otherNames: '2.5.29.17',
  constraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedUsage: '2.5.29.37',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
} as const;

/** An authority of one's own that certifies hosts, for ten years; it certifies no further authorities. Its key is on P-256. */
export function makeAuthority(name: string, { from = new Date(), keyPem }: CertifyOptions = {}): Certified {
  const signer = keyPem ? createPrivateKey(keyPem) : newAuthorityKey();
  const publicKey = createPublicKey(signer);
  const usage = bits(Uint8Array.of(0b0000_0110), 1);
  const certPem = certificate({
    ...{ issuer: name, subject: name, publicKey, signer, from, days: days.authority },
    extensions: [
      extension(names.constraints, sequence(isTrue(), integer(Uint8Array.of(0))), 'critical'),
      extension(names.usage, usage, 'critical'),
      extension(names.subjectKey, octets(keyIdOf(publicKey))),
    ],
  });
  return { certPem, keyPem: pemOf(signer) };
}

/**
 * A certificate for a server under all its names and IPv4 addresses, the first of which it is called by; for 825 days. Its
 * key is RSA, which every engine reads; it serves a client too.
 */
export function makeHost(
  authority: Certified,
  hosts: readonly string[],
  { from = new Date(), keyPem }: CertifyOptions = {},
): Certified {
  const key = keyPem ? createPrivateKey(keyPem) : newHostKey();
  const publicKey = createPublicKey(key);
  const above = new X509Certificate(authority.certPem);
  const certPem = certificate({
    ...{ issuer: above.subject.replace(/^CN=/, ''), subject: hosts[0] ?? 'host', publicKey },
    ...{ signer: createPrivateKey(authority.keyPem), from, days: days.host },
    extensions: [
      extension(names.constraints, sequence(), 'critical'),
      extension(names.usage, bits(Uint8Array.of(0b1010_0000), 5), 'critical'),
      extension(names.extendedUsage, sequence(identifier(names.server), identifier(names.client))),
      extension(names.otherNames, sequence(...hosts.map(hostName))),
      extension(names.subjectKey, octets(keyIdOf(publicKey))),
      extension(names.authorityKey, sequence(der(0x80, keyIdOf(above.publicKey)))),
    ],
  });
  return { certPem, keyPem: pemOf(key) };
}

const newAuthorityKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const newHostKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;

interface Request {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** The authority's, on the curve P-256. */
  readonly signer: KeyObject;
  readonly from: Date;
  readonly days: number;
  readonly extensions: readonly Uint8Array[];
}

/** X.509, version 3, as RFC 5280 lays it out. */
function certificate({ issuer, subject, publicKey, signer, from, ...rest }: Request): string {
  const algorithm = sequence(identifier(names.signedByEllipticCurve));
  const [begins, ends] = [from.getTime() - beforeMs, from.getTime() + rest.days * dayMs];
  const told = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    // Positive, and beginning with a bit that is set, so that its length never varies.
    integer(Uint8Array.of(0x40, ...randomBytes(15))),
    algorithm,
    called(issuer),
    sequence(time(new Date(begins)), time(new Date(ends))),
    called(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...rest.extensions)),
  );
  const whole = sequence(told, algorithm, bits(sign('sha256', told, signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function called(name: string): Buffer {
  return sequence(setOf(sequence(identifier(names.commonName), utf8(name))));
}

function extension(name: string, value: Uint8Array, critical?: 'critical'): Buffer {
  return sequence(identifier(name), ...(critical ? [isTrue()] : []), octets(value));
}

/** By what a certificate points at the key that it was signed with. */
function keyIdOf(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
