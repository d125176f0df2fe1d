import { isIPv4, isIPv6 } from 'node:net';

/** One value of ASN.1 in its distinguished encoding (DER): tag, length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const whole = Buffer.concat(content);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(whole.length), whole]);
}

/** Short up to 127, otherwise how many bytes follow, and those. */
function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

/** A list of values. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items);
/** A set of one value. */
export const setOf = (item: Uint8Array): Buffer => der(0x31, item);
/** Bytes as they are. */
export const octets = (bytes: Uint8Array): Buffer => der(0x04, bytes);
/** Text of any letters. */
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
/** True, the only value that is ever written. */
export const isTrue = (): Buffer => der(0x01, Uint8Array.of(0xff));

/** A number that is not negative, from its bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const [first = 0] = bytes;
  return der(0x02, first & 0x80 ? Uint8Array.of(0, ...bytes) : bytes);
}

/** Bits, of which the last `unused` of the last byte do not count. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Uint8Array.of(unused), bytes);
}

/** An identifier of an object, such as `2.5.29.17`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map((part) => Number.parseInt(part, 10));
  return der(0x06, Uint8Array.of(first * 40 + second, ...rest.flatMap(base128)));
}

/** Seven bits a byte, all but the last marked. */
function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** An instant, to the second: with two digits of the year up to 2049. */
export function time(at: Date): Buffer {
  const text = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(text.slice(2), 'ascii'))
    : der(0x18, Buffer.from(text, 'ascii'));
}

/** A host's name or address, as a certificate lists those that it speaks for. */
export function hostName(host: string): Buffer {
  if (isIPv4(host))
    return der(
      0x87,
      Uint8Array.from(host.split('.'), (part) => Number.parseInt(part, 10)),
    );
  if (isIPv6(host)) throw new Error(`${host} is an IPv6 address; certify a name for it`);
  return der(0x82, Buffer.from(host, 'ascii'));
}
