import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nothingKeyed, underKey, valuesOf, withKey, withoutKey, type Keyed } from './keyed.js';

const keys = Array.from({ length: 400 }, (_, n) => `key-${String(n)}`);
const filled = (some: readonly string[]): Keyed<number> =>
  some.reduce<Keyed<number>>((keyed, key, at) => withKey(keyed, key, at), nothingKeyed);

describe('values by key', () => {
  it('are what a Map would hold, whatever is put and taken', () => {
    const key = fc.constantFrom(...keys.slice(0, 40), '__proto__', 'toString');
    const steps = fc.array(fc.tuple(key, fc.option(fc.nat())), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(steps, (all) => {
        const map = new Map<string, number>();
        let keyed: Keyed<number> = nothingKeyed;
        for (const [key, value] of all) {
          keyed = value === null ? withoutKey(keyed, key) : withKey(keyed, key, value);
          if (value === null) map.delete(key);
          else map.set(key, value);
          expect(underKey(keyed, key)).toBe(map.get(key));
        }
        expect(keyed.size).toBe(map.size);
        for (const [key, value] of map) expect(underKey(keyed, key)).toBe(value);
        expect([...valuesOf(keyed)].sort()).toEqual([...map.values()].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('have one shape, whatever came and went before', () => {
    const some = keys.slice(0, 30);
    const straight = filled(some);
    const roundabout = keys.slice(30).reduce(withoutKey<number>, filled([...some, ...keys.slice(30)]));
    expect(roundabout).toEqual(straight);
    expect(keys.reduce(withoutKey<number>, filled(keys))).toEqual(nothingKeyed);
  });

  it('leave what they were made from as it was, and copy little of it', () => {
    const before = filled(keys);
    const shape = JSON.stringify(before);
    const after = withKey(before, 'another', 1);
    expect(JSON.stringify(before)).toBe(shape);
    const kept = 'children' in before && 'children' in after ? [before.children, after.children] : [];
    const shared = kept[0]?.filter((child) => kept[1]?.includes(child));
    expect(shared?.length).toBe(15);
  });

  it('hold names that every object inherits, also where few are left', () => {
    const keyed = keys.reduce(withoutKey<number>, withKey(filled(keys), '__proto__', 7));
    expect(underKey(keyed, '__proto__')).toBe(7);
    expect(underKey(keyed, 'toString')).toBeUndefined();
  });

  it('keep many keys of one hash together', () => {
    // Pairs whose FNV-1a is equal; any concatenation onto both keeps it so.
    const twins = ['costarring', 'liquid'];
    const same = Array.from({ length: 12 }, (_, n) => twins.map((twin) => `${twin}${String(n)}`)).flat();
    const keyed = filled(same);
    expect(same.map((key) => underKey(keyed, key))).toEqual(same.map((_, at) => at));
  });
});
