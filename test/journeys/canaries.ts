/** A syllable pair that no language has; every personal text of the privacy journey holds it, so that one search finds all. */
export const canary = 'Xoẳnquạch';

/** The same as login names and mail addresses can hold it. */
export const plainCanary = 'xoanquach';

/** A phone number and an account number that nothing else is made of. */
export const canaryPhone = '0907 3158 8462';
export const canaryAccount = '1903555177720044';

/** Text that would be personal, found somewhere. */
export interface Sighting {
  readonly place: string;
  /** What stands around it, control characters left out. */
  readonly context: string;
}

/** Every place of these bytes where a canary stands, whatever its case, accents and encoding; at most one a form. */
export function sightings(place: string, bytes: Uint8Array): readonly Sighting[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return forms.flatMap((form) => {
    const at = buffer.indexOf(form);
    if (at === -1) return [];
    const around = buffer.subarray(Math.max(0, at - 60), at + form.length + 60);
    return [{ place, context: around.toString('utf8').replace(/\p{C}+/gu, ' ') }];
  });
}

const written = [canary, plainCanary, canaryPhone, canaryPhone.replaceAll(' ', ''), canaryAccount];
const forms = unique([
  ...[...spellingsOf(canary), ...written].flatMap(charactersOf),
  ...written.flatMap(encodingsOf),
]);

/** As somebody might write or store the word. */
function spellingsOf(word: string): readonly string[] {
  const unaccented = word.normalize('NFD').replace(/\p{M}/gu, '');
  const composed = [word, unaccented].flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
  return composed.flatMap((text) => [text, text.normalize('NFD')]);
}

/** In UTF-8, and in UTF-16 with either end first. */
function charactersOf(text: string): readonly Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  return [Buffer.from(text), utf16, Buffer.from(utf16).swap16()];
}

function encodingsOf(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text);
  return [
    encodeURIComponent(text),
    eachPoint(text, (point) => `\\u${point.toString(16).padStart(4, '0')}`),
    eachPoint(text, (point) => `&#${String(point)};`),
    eachPoint(text, (point) => `&#x${point.toString(16)};`),
    eachByte(utf8, (byte) => `\\x${byte}`),
    eachByte(utf8, (byte) => `=${byte.toUpperCase()}`),
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    utf8.toString('latin1'),
    ...inBase64(utf8),
    ...inBase64(Buffer.from(text, 'utf16le')),
  ].map((form) => Buffer.from(form));
}

/** Every byte that is not ASCII, in hexadecimal, as `form` writes it. */
function eachByte(utf8: Buffer, form: (byte: string) => string): string {
  return utf8.toString('latin1').replace(/[\x80-\xff]/g, (byte) => form(byte.charCodeAt(0).toString(16)));
}

/** Every character that is not ASCII, as `form` writes it. */
function eachPoint(text: string, form: (point: number) => string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => form(character.codePointAt(0) ?? 0));
}

/** What of it is the same whatever stands around it, for each of the three places where it may begin. */
function inBase64(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const first = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(first, whole);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function unique(buffers: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(buffers.map((buffer) => [buffer.toString('hex'), buffer])).values()];
}
