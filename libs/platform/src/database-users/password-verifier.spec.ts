import { describe, expect, it } from '@jest/globals';
import { passwordVerifier } from './password-verifier.js';

describe("PostgreSQL's record of a password", () => {
  it('is that of SCRAM-SHA-256, as for the example of RFC 7677', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(passwordVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('has a new salt each time', () => {
    expect(passwordVerifier('pencil')).not.toBe(passwordVerifier('pencil'));
  });

  it.each(['', 'two words', 'măng non'])('is not made of "%s"', (password) => {
    expect(() => passwordVerifier(password)).toThrow(RangeError);
  });
});
