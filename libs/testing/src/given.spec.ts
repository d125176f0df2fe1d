import { describe, expect, it } from '@jest/globals';
import type { Decider } from '#kernel/decider.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { given } from './given.js';

type Added = DomainEvent<'Added', { readonly by: number }>;

const sum: Decider<{ total: number }, number, Added> = {
  initialState: { total: 0 },
  evolve: (state, event) => ({ total: state.total + event.data.by }),
  decide: (state, by) => {
    if (state.total + by < 0) throw new DomainRefusal('sum/negative', { total: state.total });
    return by === 0 ? [] : [{ type: 'Added', data: { by } }];
  },
};
const added = (by: number): Added => ({ type: 'Added', data: { by } });

describe('given', () => {
  it('compares what is decided with what is expected', () => {
    given(sum, [added(2)])
      .when(3)
      .then(added(3));
    given(sum).when(0).nothing();
    given(sum, [added(2)])
      .when(-3)
      .refuses('sum/negative', { total: 2 });
  });

  it('fails on other events, on another code, on other details and on a command that was accepted', () => {
    const two = given(sum, [added(2)]);
    expect(() => {
      two.when(3).then(added(4));
    }).toThrow();
    expect(() => {
      two.when(3).nothing();
    }).toThrow();
    expect(() => {
      two.when(-3).refuses('sum/other');
    }).toThrow();
    expect(() => {
      two.when(-3).refuses('sum/negative', { total: 1 });
    }).toThrow();
    expect(() => {
      two.when(3).refuses('sum/negative');
    }).toThrow('accepted');
  });

  it('catches a decider that changes the state it is handed', () => {
    const careless: typeof sum = {
      ...sum,
      evolve: (state, event) => {
        state.total += event.data.by;
        return state;
      },
    };
    expect(() => {
      given(careless, [added(2)])
        .when(1)
        .nothing();
    }).toThrow(TypeError);
  });
});
