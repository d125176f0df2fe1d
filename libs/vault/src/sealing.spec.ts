import { describe, expect, it } from '@jest/globals';
import { kindKeys, newKey, seal, unseal } from './sealing.js';
import { unaccentedWords } from '#kernel/words.js';

describe('sealing', () => {
  const key = newKey();
  const plain = Buffer.from('Bế Thị Nho');

  it('opens what it sealed, and never seals alike twice', () => {
    const [a, b] = [seal(key, plain, 'x'), seal(key, plain, 'x')];
    expect(unseal(key, a, 'x')).toEqual(plain);
    expect(a.equals(b)).toBe(false);
  });

  it('refuses another key, another owner, a changed bit and a cut record', () => {
    const sealed = seal(key, plain, 'x');
    expect(() => unseal(newKey(), sealed, 'x')).toThrow('does not open');
    expect(() => unseal(key, sealed, 'y')).toThrow('does not open');
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    expect(() => unseal(key, changed, 'x')).toThrow('does not open');
    expect(() => unseal(key, sealed.subarray(0, 20), 'x')).toThrow('not a sealed record');
  });

  it('draws other hashes for another kind from the same master key', () => {
    expect(kindKeys(key, 'donors').hash('a')).not.toBe(kindKeys(key, 'staff').hash('a'));
    expect(() => kindKeys(new Uint8Array(16), 'donors')).toThrow('32 bytes');
  });

  it('takes accents, case and đ off words, whatever their normal form', () => {
    const words = ['dang', 'thi', 'uoc', '79'];
    expect(unaccentedWords('Đặng Thị Ước, thị 79'.normalize('NFC'))).toEqual(words);
    expect(unaccentedWords('Đặng Thị Ước, thị 79'.normalize('NFD'))).toEqual(words);
  });
});
