import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import { donor, isIdentityOver, type DonorCommand } from './donor.decide.js';
import type { DonorEvent } from './donor.events.js';
import type { DonorState } from './donor.state.js';

const person = {
  fundId: 'f1',
  class: 'individual',
  inProvince: true,
  subjectId: 's1',
  contactSubjectId: 's2',
  identityRecordId: 'i1',
  contactRecordId: 'c1',
} as const;
const registered: DonorEvent = { type: 'DonorRegistered', data: person };
const erase = { type: 'EraseDonor', today: localDate('2026-11-22') } as const;
const contactErased: DonorEvent = {
  type: 'PersonalDataErased',
  data: { what: 'contact', identityKeptUntil: localDate('2035-12-31') },
};
const allErased: DonorEvent = { type: 'PersonalDataErased', data: { what: 'everything' } };

const fold = (...events: readonly DonorEvent[]): DonorState =>
  events.reduce((state, event) => donor.evolve(state, event), donor.initialState);

describe('a donor', () => {
  it('is registered in one fund, a person without a name in the event', () => {
    given(donor)
      .when({ type: 'RegisterDonor', ...person })
      .then(registered);
  });

  it('that is an organisation has its public name; a sole trader has none', () => {
    const business = { ...person, class: 'business' } as const;
    const named = { ...business, organisation: 'Công ty TNHH Hoa Đào' };
    given(donor)
      .when({ type: 'RegisterDonor', ...named })
      .then({ type: 'DonorRegistered', data: named });
    given(donor)
      .when({ type: 'RegisterDonor', ...business })
      .then({ type: 'DonorRegistered', data: business });
  });

  it('gets another contact, or none, and nothing happens for the same one', () => {
    const named = { fundId: 'f1', subjectId: 's1' };
    given(donor, [registered])
      .when({ type: 'CorrectContact', contactRecordId: 'c2' })
      .then({ type: 'DonorContactCorrected', data: { ...named, contactRecordId: 'c2' } });
    given(donor, [registered])
      .when({ type: 'CorrectContact' })
      .then({ type: 'DonorContactCorrected', data: named });
    given(donor, [registered]).when({ type: 'CorrectContact', contactRecordId: 'c1' }).nothing();
  });

  it('keeps nothing of the former details when they are corrected', () => {
    const details = { class: 'business', inProvince: false, identityRecordId: 'i2' } as const;
    const unit = { ...details, class: 'unit', organisation: 'Đoàn phường' } as const;
    const toUnit: DonorEvent = { type: 'DonorDetailsCorrected', data: unit };
    given(donor, [registered])
      .when({ type: 'CorrectDetails', ...unit })
      .then(toUnit);
    const state = [registered, toUnit, { type: 'DonorDetailsCorrected', data: details } as const].reduce(
      (folded, event) => donor.evolve(folded, event),
      donor.initialState,
    );
    expect(state).not.toHaveProperty('organisation');
  });

  it('loses the contact on erasure; the identity stays for ten years after the last donation', () => {
    given(donor, [registered])
      .when({ ...erase, lastReceivedOn: localDate('2025-05-29') })
      .then(contactErased);
    given(donor, [registered, contactErased])
      .when({ ...erase, lastReceivedOn: localDate('2025-05-29') })
      .nothing();
    given(donor, [registered, contactErased])
      .when({ ...erase, today: localDate('2035-12-31'), lastReceivedOn: localDate('2025-05-29') })
      .nothing();
    given(donor, [registered, contactErased])
      .when({ ...erase, today: localDate('2036-01-01'), lastReceivedOn: localDate('2025-05-29') })
      .then(allErased);
  });

  it('that never gave is erased in two steps: barred from giving, then destroyed, once', () => {
    const barred: DonorEvent = {
      type: 'PersonalDataErased',
      data: { what: 'contact', identityKeptUntil: erase.today },
    };
    given(donor, [registered]).when(erase).then(barred);
    expect(isIdentityOver(fold(registered), erase)).toBe(false);
    expect(isIdentityOver(fold(registered, barred), erase)).toBe(true);
    given(donor, [registered, barred]).when(erase).then(allErased);
    given(donor, [registered, barred, allErased]).when(erase).nothing();
  });

  it('keeps the identity for a donation that is being recorded, whichever is first in the stream', () => {
    const need = { type: 'NeedIdentity', receivedOn: localDate('2025-05-29') } as const;
    const needed: DonorEvent = { type: 'IdentityNeeded', data: { until: localDate('2035-12-31') } };
    given(donor, [registered]).when(need).then(needed);
    given(donor, [registered, needed]).when(erase).then(contactErased);
    expect(isIdentityOver(fold(registered, needed, contactErased), erase)).toBe(false);
    given(donor, [registered, needed, contactErased]).when(erase).nothing();
    given(donor, [registered, contactErased]).when(need).refuses('donor/erased');
  });

  it('is said to be needed once a year, and never for less long than before', () => {
    const need = (receivedOn: string) =>
      ({ type: 'NeedIdentity', receivedOn: localDate(receivedOn) }) as const;
    const needed: DonorEvent = { type: 'IdentityNeeded', data: { until: localDate('2035-12-31') } };
    for (const day of ['2025-12-31', '2025-01-01', '2024-06-01'])
      given(donor, [registered, needed]).when(need(day)).nothing();
    given(donor, [registered, needed])
      .when(need('2026-01-01'))
      .then({ type: 'IdentityNeeded', data: { until: localDate('2036-12-31') } });
  });

  it('that is registered with a donation needs the identity from the first event on', () => {
    const along: DonorEvent = {
      type: 'DonorRegistered',
      data: { ...person, identityNeededUntil: localDate('2035-12-31') },
    };
    given(donor)
      .when({ type: 'RegisterDonor', ...person, receivedOn: localDate('2025-05-29') })
      .then(along);
    given(donor, [along]).when(erase).then(contactErased);
  });

  it('is kept until the later day of what its stream and the lists say', () => {
    const needed: DonorEvent = { type: 'IdentityNeeded', data: { until: localDate('2034-12-31') } };
    given(donor, [registered, needed])
      .when({ ...erase, lastReceivedOn: localDate('2025-05-29') })
      .then(contactErased);
    const early: DonorEvent = {
      type: 'PersonalDataErased',
      data: { what: 'contact', identityKeptUntil: localDate('2034-12-31') },
    };
    given(donor, [registered, needed, early])
      .when({ ...erase, lastReceivedOn: localDate('2025-05-29') })
      .then(contactErased);
  });

  const cases: readonly (readonly [string, readonly DonorEvent[], DonorCommand])[] = [
    ['donor/unknown', [], { type: 'CorrectContact' }],
    ['donor/unknown', [], erase],
    ['donor/erased', [registered, contactErased], { type: 'CorrectContact', contactRecordId: 'c2' }],
    ['donor/organisation-missing', [], { type: 'RegisterDonor', ...person, class: 'agency' }],
    [
      'donor/organisation-missing',
      [],
      { type: 'RegisterDonor', ...person, class: 'unit', organisation: ' ' },
    ],
  ];

  it.each(cases)('is refused with %s', (code, history, command) => {
    given(donor, history).when(command).refuses(code);
  });

  it('keeps a person’s name out of the events, also where we take it for an organisation’s by mistake', () => {
    const { class: individual, inProvince, identityRecordId } = person;
    const details = { class: individual, inProvince, identityRecordId, organisation: 'X' };
    for (const [history, command] of [
      [[], { type: 'RegisterDonor', ...person, ...details }],
      [[registered], { type: 'CorrectDetails', ...details }],
    ] as readonly (readonly [readonly DonorEvent[], DonorCommand])[])
      expect(() => given(donor, history).when(command).events()).toThrow('no public name');
  });

  it('is registered once', () => {
    expect(() => {
      given(donor, [registered])
        .when({ type: 'RegisterDonor', ...person })
        .nothing();
    }).toThrow('registered once');
  });
});
