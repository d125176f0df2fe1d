import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { SERVICE_DATABASE } from '#platform/tokens.js';
import type { Database } from '#postgres/pool.js';
import { appendNext, newEvent } from '#testing/events.js';
import { openDonations, type DonationsUnderTest } from '#testing/donations-service.js';
import { eventually } from '#testing/eventually.js';
import { StatementQuery } from '../read/statement/statement.query.js';
import { Tables } from '../read/tables.js';
import { OpenStatements } from './open-statements.js';

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations('2025-03-10T03:00:00Z');
});
afterAll(() => service.close());

const place = { fundId: newId(), account: 'bank.1' };
const accounts = { fundId: place.fundId, accounts: [place.account] };

/** A process of its own, as far as this goes. */
function another(): OpenStatements {
  const { app, store } = service;
  const database = app.get<Database>(SERVICE_DATABASE);
  return new OpenStatements(store, app.get(Tables), app.get(StatementQuery), database);
}

/** Records what happened to a statement, whatever it rests on. */
const happened = (statementId: string, type: string, data: object) =>
  appendNext(service.store, `statement-${statementId}`, newEvent(type, data));

const vnd = { amount: '0', currency: 'VND' };
const uploaded = (statementId: string) =>
  happened(statementId, 'StatementUploaded', {
    ...{ statementId, ...place, currency: 'VND', profile: { name: 'plain' }, uploadedBy: newId() },
    file: { fileRecordId: newId(), digest: statementId, bytes: 1 },
    totals: {
      ...{ rows: 1, opening: vnd, closing: vnd, credits: vnd, debits: vnd, breaks: [] },
      ...{ firstOn: '2025-03-01', lastOn: '2025-03-01' },
    },
  });
async function imported(statementId: string): Promise<void> {
  await happened(statementId, 'StatementConfirmed', { statementId, ...place, confirmedBy: newId() });
  await happened(statementId, 'StatementImported', { donations: 0, debits: 0, unexplained: 0, known: 0 });
}

describe('a statement that nobody confirms', () => {
  it('is put aside after 30 days, file and all; one that was confirmed is not', async () => {
    const [forgotten, entered] = [newId(), newId()];
    for (const statementId of [forgotten, entered]) await uploaded(statementId);
    await imported(entered);
    const kept = { recordId: newId(), subjectId: forgotten };
    await service.vault.room('donors').putBytes(kept, Buffer.from('a memo'));
    const last = async (statementId: string) =>
      (await service.events(`statement-${statementId}`)).at(-1)?.type;
    service.setClock('2025-04-09T02:00:00Z');
    await service.caughtUp();
    expect(await last(forgotten)).toBe('StatementUploaded');
    service.setClock('2025-04-09T04:00:00Z');
    await eventually(async () => expect(await last(forgotten)).toBe('StatementDiscarded'));
    const reading = { actor: 'system:spec', purpose: 'spec' } as const;
    await eventually(async () =>
      expect(await service.vault.room('donors').findBytes(kept.recordId, reading)).toBeUndefined(),
    );
    expect(await last(entered)).toBe('StatementImported');
  });
});

describe('statements of one account', () => {
  it('are confirmed one after the other, in two processes too', async () => {
    const story: string[] = [];
    const work = (name: string) => async () => {
      story.push(`${name} begins`);
      await eventually(() => Promise.resolve(expect(asked).toBe(2)));
      story.push(`${name} ends`);
    };
    let asked = 0;
    const begun = ['one', 'other'].map((name) => {
      const done = another().oneAtATime(accounts, work(name));
      asked += 1;
      return done;
    });
    await Promise.all(begun);
    const [first, , third] = story.map((line) => line.split(' ')[0]);
    expect(story.map((line) => line.split(' ')[0])).toEqual([first, first, third, third]);
  });

  it('do not wait for what fails, and others not for them', async () => {
    const failing = another().oneAtATime(accounts, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const elsewhere = { ...accounts, accounts: ['bank.2'] };
    const within = another().oneAtATime(accounts, () => another().oneAtATime(elsewhere, async () => 'done'));
    expect(await within).toBe('done');
  });

  it('and what concerns two accounts do not wait for each other', async () => {
    const both = [
      ['bank.1', 'bank.2'],
      ['bank.2', 'bank.1'],
    ];
    const [one, other] = [another(), another()];
    const asked = [one, other, one, other].flatMap((open) =>
      both.map((named) => open.oneAtATime({ ...accounts, accounts: named }, async () => 'done')),
    );
    expect(await Promise.all(asked)).toEqual(asked.map(() => 'done'));
  });

  it('are told in the order in which they were confirmed, not sent', async () => {
    const [oldest, ...later] = [newId(), newId(), newId(), newId()];
    for (const statementId of [oldest, ...later]) await uploaded(statementId);
    for (const statementId of [...later, oldest]) await imported(statementId);
    await service.caughtUp();
    const told = await service.app.get(StatementQuery).latestConfirmed(place);
    expect(told.map(({ statement_id }) => statement_id)).toEqual([oldest, later[2], later[1]]);
  });
});
