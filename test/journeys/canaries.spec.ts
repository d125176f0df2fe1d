import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { canary, canaryAccount, canaryPhone, plainCanary, sightings } from './canaries.js';

const around = (form: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('trước {"a":"'), Buffer.from(form), Buffer.from('"} sau')]);
const name = `Lê Thị ${canary} Mẫu`;

describe('a canary', () => {
  it.each([
    ['as it is', name],
    ['decomposed', name.normalize('NFD')],
    ['in lower case', name.toLowerCase()],
    ['in upper case', name.toUpperCase()],
    ['without accents', 'Le Thi Xoanquach Mau'],
    ['as a mail address', `${plainCanary}.ten@example.org`],
    ['in upper case without accents', 'XOANQUACH'],
    ['in UTF-16, little end first', Buffer.from(name, 'utf16le')],
    ['in UTF-16, big end first', Buffer.from(name, 'utf16le').swap16()],
    ['in base64', Buffer.from(name).toString('base64')],
    ['in base64, one byte on', Buffer.from(`1${name}`).toString('base64')],
    ['in base64, two bytes on', Buffer.from(`12${name}`).toString('base64')],
    ['in base64 for addresses', Buffer.from(JSON.stringify([name])).toString('base64url')],
    ['in base64 of UTF-16', Buffer.from(name, 'utf16le').toString('base64')],
    ['in hexadecimal', Buffer.from(name).toString('hex')],
    ['in an address of a page', `/v1/donors?name=${encodeURIComponent(name)}`],
    ['escaped in JSON', 'L\\u00ea Th\\u1ecb Xo\\u1eb3nqu\\u1ea1ch'],
    ['escaped in HTML', 'Xo&#7859;nqu&#7841;ch'],
    ['quoted for mail', 'Xo=E1=BA=B3nqu=E1=BA=A1ch'],
    ['read in a wrong encoding', Buffer.from(name).toString('latin1')],
    ['as a phone number', canaryPhone],
    ['as a phone number without gaps', canaryPhone.replaceAll(' ', '')],
    ['as an account number', `CT tu ${canaryAccount} toi`],
  ])('is seen %s', (_how, form) => {
    expect(sightings('somewhere', around(form))).not.toEqual([]);
  });

  it('is told with its place and what stands around it', () => {
    const [seen] = sightings('a log', around(`name=${canary} Mẫu\u0000`));
    expect(seen).toEqual({ place: 'a log', context: `trước {"a":"name=${canary} Mẫu "} sau` });
  });

  it('is not seen where it is not', () => {
    for (const text of ['Lê Thị Mẫu', 'xoanqua ch', '0907 315 8846', '190355517772004'])
      expect(sightings('somewhere', around(text))).toEqual([]);
    expect(sightings('somewhere', gzipSync(name))).toEqual([]);
  });
});
