import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FundView } from '#apps/ledger/src/in/funds.http.js';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import { firstAdministrator, hire, type People } from '#apps/standalone/src/demo/people.js';
import { dateInZone, fundZone } from '#kernel/dates.js';
import { systemClock } from '#platform/clock.js';
import { eventually } from '#testing/eventually.js';
import { build, Terminal } from '../terminal.js';
import { donationOf, mailsTo, receipted, receiptsOf, record, walkMs, type Recorded } from './asking.js';
import { directoryReplayed, replayed } from './auditing.js';
import { FundAtWork, vnd } from './fund-at-work.js';

const named = (email: string) => ({
  kind: 'named',
  details: { class: 'unit', inProvince: true, name: 'Trường Đồi Thí Dụ', address: 'Xã Mẫu', email },
});

describe('stopped and started again', () => {
  let work: FundAtWork;
  beforeAll(async () => {
    work = await FundAtWork.open();
  });
  afterAll(() => work.close());

  it('goes on where it stopped: what was recorded is posted, numbered and mailed once', async () => {
    const settled = await record(work, { donor: named('truoc@example.org') });
    await receipted(work, settled.donationId, { mail: { state: 'sent' } });
    const under = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        record(work, { donor: named(`luc-${String(index)}@example.org`) }),
      ),
    );
    await work.stop();
    await work.start();
    const after = await record(work, { donor: named('sau@example.org') });
    for (const { donationId } of [...under, after])
      await receipted(work, donationId, { mail: { state: 'sent' } });
    const receipts = await everyItem<ReceiptView>(
      work.people.accountant.api,
      `/v1/receipts?fund=${work.fundId}`,
    );
    expect(receipts.map(({ number }) => number)).toEqual(
      Array.from({ length: 14 }, (_, index) => `LS-2025-${String(14 - index).padStart(6, '0')}`),
    );
    expect(await mailsTo(work, '@example.org')).toHaveLength(14);
    const addresses = ['truoc', 'sau', ...under.map((_, index) => `luc-${String(index)}`)];
    for (const address of addresses) expect(await mailsTo(work, `${address}@example.org`)).toHaveLength(1);
  });

  it('knows its people, their sessions and what they did', async () => {
    const { cashier } = work.people;
    const before = await record(work, { donor: { kind: 'anonymous' } }, { key: 'page 3 line 9' });
    const { staffId } = await cashier.api.get<{ readonly staffId: string }>('/v1/me');
    await work.stop();
    await work.start();
    expect(await cashier.api.get('/v1/me')).toMatchObject({ staffId });
    expect(await record(work, { donor: { kind: 'anonymous' } }, { key: 'page 3 line 9' })).toEqual(before);
    expect((await donationOf(work, before.donationId)).recordedBy).toBe(`staff:${staffId}`);
    await receipted(work, before.donationId, { status: 'in-force' });
    expect(await receiptsOf(work, before.donationId)).toHaveLength(1);
    await replayed(work);
  });
});

describe('killed in the middle of 200 donations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangnon-killed-'));
  const keys = Array.from({ length: 200 }, (_, index) => `page 1 line ${String(index)}`);
  const acknowledged = new Map<string, Recorded>();
  let port: string;
  let terminal: Terminal;
  let people: People;
  let fundId: string;

  const started = async (): Promise<string> => {
    terminal = new Terminal(folder, { PORT: port });
    return terminal.address();
  };
  const send = (key: string): Promise<Recorded> =>
    people.cashier.api.post<Recorded>(
      '/v1/donations',
      {
        fundId,
        donor: { kind: 'anonymous' },
        method: 'cash',
        amount: vnd(10_000),
        receivedOn: dateInZone(systemClock.now().toISOString(), fundZone),
      },
      key,
    );

  beforeAll(async () => {
    build();
    // PostgreSQL's own user passes through when this is root.
    chmodSync(folder, 0o711);
    port = await freePort();
    const address = await started();
    const link = await terminal.setupPath();
    const administrator = await firstAdministrator(address, systemClock, link);
    const opened = await administrator.api.post<{ readonly fundId: string }>('/v1/funds', {
      code: 'LS',
      level: 'province',
      name: { vi: 'Quỹ thí dụ', en: 'Example fund' },
      decision: { number: '01/QĐ-GĐ', date: '2008-06-01', issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2024-01-01',
    });
    ({ fundId } = opened);
    people = await hire(administrator, address, systemClock, fundId, '2024-01-01');
  }, 300_000);
  afterAll(async () => {
    terminal.press('SIGINT');
    await terminal.ended();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it('has lost nothing that it acknowledged, and says what it found', async () => {
    const waiting = keys.values();
    const write = async (): Promise<void> => {
      for (const key of waiting) {
        acknowledged.set(key, await send(key));
        if (acknowledged.size === 90) terminal.press('SIGKILL');
      }
    };
    const writers = await Promise.allSettled(Array.from({ length: 16 }, write));
    expect(writers.every(({ status }) => status === 'rejected')).toBe(true);
    await terminal.ended();
    expect(acknowledged.size).toBeLessThan(keys.length);
    await started();
    expect(terminal.output).toMatch(/killed/);
    expect(terminal.output).not.toContain('/setup');
    for (const { donationId } of acknowledged.values())
      await people.accountant.api.get(`/v1/donations/${donationId}`);
  }, 120_000);

  it('answers every key again as before, and records the others now', async () => {
    for (const key of keys) {
      const answer = await send(key);
      expect(answer).toEqual(acknowledged.get(key) ?? answer);
      acknowledged.set(key, answer);
    }
    expect(new Set([...acknowledged.values()].map(({ donationId }) => donationId)).size).toBe(keys.length);
  }, 120_000);

  it('ends with every key in exactly one event, one entry, one number, without a gap', async () => {
    const { api } = people.accountant;
    const receipts = await eventually(async () => {
      const listed = await everyItem<ReceiptView>(api, `/v1/receipts?fund=${fundId}`);
      expect(listed).toHaveLength(keys.length);
      return listed;
    }, walkMs);
    expect(receipts.map(({ number }) => number.slice(-6))).toEqual(
      keys.map((_, index) => String(keys.length - index).padStart(6, '0')),
    );
    const ids = new Set([...acknowledged.values()].map(({ donationId }) => donationId));
    expect(new Set(receipts.map(({ donationId }) => donationId))).toEqual(ids);
    const donations = await everyItem<{ readonly donationId: string }>(api, `/v1/donations?fundId=${fundId}`);
    expect(donations.map(({ donationId }) => donationId).toSorted()).toEqual([...ids].toSorted());
    expect((await api.get<FundView>(`/v1/funds/${fundId}`)).lastEntryNumber).toBe(keys.length);
    await directoryReplayed(join(folder, 'data'));
  }, 120_000);
});

async function freePort(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return String(address.port);
}
