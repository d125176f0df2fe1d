import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceiptIssued } from '#domain/receipt-book/receipt-book.events.js';
import { newId } from '#event-store/command-id.js';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { eventually } from '#testing/eventually.js';
import { fundId, ReceiptStory, staff } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { SetClock } from '#testing/set-clock.js';
import { InMemoryVault } from '#vault/in-memory/in-memory-vault.js';

const book = `receipt-book-${fundId}`;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;

beforeEach(async () => {
  const clock = new SetClock('2025-03-01T02:00:00Z');
  const store = new InMemoryEventStore(clock);
  receipts = await ReceiptsUnderTest.open({ store, vault: new InMemoryVault(), clock });
  story = new ReceiptStory(receipts);
  await story.fundOpens();
});

afterEach(() => receipts.close());

function issued(count: number): Promise<readonly RecordedEvent[]> {
  return eventually(async () => {
    const found = (await receipts.events(book)).filter(({ type }) => type === 'ReceiptIssued');
    expect(found).toHaveLength(count);
    return found;
  });
}

/** The book goes on from this number, as it would after so many receipts. */
async function goesOnFrom(sequence: number): Promise<void> {
  await story.posted({ kind: 'anonymous' });
  const [first] = await issued(1);
  const data = first!.data as ReceiptIssued['data'];
  const number = `LS-2025-${String(sequence).padStart(6, '0')}`;
  const donation = { ...data.donation, donationId: newId() };
  const { salt, actor, commandId, correlationId, cause, type, schemaVersion, revision } = first!;
  const event = { salt, actor, commandId, correlationId, cause, type, schemaVersion };
  const next = { ...event, id: newId(), data: { ...data, number, sequence, donation } };
  await receipts.world.store.append(book, [next], revision);
}

async function everyPage(limit: number): Promise<readonly string[]> {
  const numbers: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const path = `/v1/receipts?fund=${fundId}&limit=${String(limit)}${after}`;
    const { json } = await receipts.send('GET', path, staff('viewer'));
    const page = json as unknown as { items: { number: string }[]; next: string | null };
    numbers.push(...page.items.map(({ number }) => number));
    cursor = page.next;
  }
  return numbers;
}

describe('the register, newest first', () => {
  it('keeps the order of the book over all pages where numbers get a seventh digit, issued at one instant', async () => {
    await goesOnFrom(999_998);
    for (let count = 0; count < 3; count += 1) await story.posted({ kind: 'anonymous' });
    await issued(5);
    await receipts.caughtUp();
    const numbers = ['1000001', '1000000', '999999', '999998', '000001'].map((digits) => `LS-2025-${digits}`);
    for (const limit of [1, 2, 50]) expect(await everyPage(limit)).toEqual(numbers);
  });

  it.each([
    ['of another list', ['1', '34']],
    ['with no instant', ['1', '34', 'LS-2025-000001']],
    ['with a day that never was', ['2025-02-30T02:00:00.000000Z', '3', 'LS-2025-000001']],
    ['with no revision', ['2025-03-01T02:00:00.000000Z', 'x', 'LS-2025-000001']],
  ])('refuses a cursor %s', async (_what, key) => {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    const answer = await receipts.send('GET', `/v1/receipts?cursor=${cursor}`, staff('viewer'));
    expect([answer.status, answer.json]).toMatchObject([400, { code: 'http/invalid' }]);
  });
});
