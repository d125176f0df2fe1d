import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noted, several } from './contract-engine.contract.js';
import { decodeEvent, encodeAppend, encodeEvent } from './encoding.js';

const placed = {
  stream: 'note-1',
  revision: 0,
  position: { incarnation: 1, number: 1 },
  cursor: '1',
  recordedAt: '2025-05-29T00:00:00.000Z',
};

/** Any object of plain JSON, backslashes and escapes included; as it was parsed, since JSON writes −0 as 0. */
const data = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false, stringUnit: 'binary' }))
  .map((value) => JSON.parse(JSON.stringify(value)) as object);

describe('the encoding of events', () => {
  it('keeps where in a trace an event was appended, and says nothing of it where none was', () => {
    const traced = { ...noted({}), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect(decodeEvent(encodeEvent(traced), placed)).toEqual({ ...traced, ...placed });
    expect(encodeEvent(noted({})).metadata).not.toContain('traceparent');
  });

  it('gives back what was appended, whatever plain JSON it is, on one line a part', () => {
    fc.assert(
      fc.property(data, (value) => {
        fc.pre(!JSON.stringify(value).includes(String.raw`\u0000`));
        const event = noted(value);
        const encoded = encodeEvent(event);
        expect(decodeEvent(encoded, placed)).toEqual({ ...event, ...placed });
        expect(encoded.data + encoded.metadata).not.toContain('\n');
      }),
    );
  });

  it('refuses U+0000 wherever it stands, and takes a backslash in front of u0000 for text', () => {
    const around = fc.constantFrom('', '\\', '\\\\', '"', 'u0000', 'ă');
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(() => encodeEvent(noted({ text: `${before}\0${after}` }))).toThrow(TypeError);
        expect(() => encodeEvent(noted({ [`${before}\0${after}`]: 1 }))).toThrow(TypeError);
        encodeEvent(noted({ text: `${before}\\u0000${after}` }));
      }),
    );
  });

  it.each(['', 'two\nlines', 'nul\0', 'tab\t', '\ud800', 'x'.repeat(201)])(
    'refuses "%s" for a stream and for a type',
    (name) => {
      expect(() => encodeAppend(name, several(1), 'no_stream')).toThrow(TypeError);
      expect(() => encodeEvent(noted({}, name))).toThrow(TypeError);
    },
  );

  it.each(['7D1F4A52-0F5E-4A8E-9A38-5F8F3B3D9A10', '7d1f4a520f5e4a8e9a385f8f3b3d9a10', ''])(
    'refuses "%s" for an id',
    (id) => {
      expect(() => encodeEvent({ ...noted(), id })).toThrow(TypeError);
    },
  );

  it.each([0, 1.5, -1, 32_768, NaN])('refuses %p for a schema version', (schemaVersion) => {
    expect(() => encodeEvent({ ...noted(), schemaVersion })).toThrow(TypeError);
  });
});
