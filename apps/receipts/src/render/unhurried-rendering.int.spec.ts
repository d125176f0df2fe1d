import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#testing/eventually.js';
import { ReceiptStory, staff } from '#testing/receipt-stories.js';
import { ReceiptsUnderTest } from '#testing/receipts-service.js';
import { newWorld, type World } from '#testing/service-under-test.js';
import { PdfPress } from './pdf-press.js';

/** The machine may have much else to do. */
const patient = { withinMs: 25_000 };

let world: World;
let receipts: ReceiptsUnderTest;
let story: ReceiptStory;
/** Lets the press draw what nobody waits for. */
let open: () => void = () => undefined;

/** A press that has no time for what nobody waits for until it is opened. */
function hold(): jest.SpiedFunction<PdfPress['draw']> {
  const opened = new Promise<void>((resolve) => (open = resolve));
  const press = receipts.app.get(PdfPress);
  const draw = press.draw.bind(press);
  return jest.spyOn(press, 'draw').mockImplementation(async (page, urgency) => {
    if (urgency === 'unhurried') await opened;
    return draw(page, urgency);
  });
}

beforeEach(async () => {
  world = newWorld('2025-03-01T02:00:00Z');
  await start();
  story = new ReceiptStory(receipts);
  await story.fundOpens();
});

async function start(): Promise<void> {
  receipts = await ReceiptsUnderTest.open(world);
}

afterEach(async () => {
  open();
  await receipts.close();
});

const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `LS-2025-00000${String(at + 1)}`);

const typesOf = async (number: string): Promise<readonly string[]> =>
  (await receipts.events(`receipt-${number}`)).map(({ type }) => type);

/** Those of the numbers whose PDF exists. */
async function rendered(of: readonly string[]): Promise<readonly string[]> {
  const types = await Promise.all(of.map(typesOf));
  return of.filter((_number, at) => types[at]!.includes('ReceiptRendered'));
}

async function posted(name: string, email?: string): Promise<void> {
  await story.posted((await story.donor(name, email)).source);
}

describe('receipts of known payers that no mail waits for', () => {
  it('hold up no mail, and are drawn in the end', async () => {
    const drawing = hold();
    for (const name of ['Hoàng Thị Một', 'Hoàng Thị Hai', 'Hoàng Thị Ba']) await posted(name);
    await eventually(() => expect(drawing).toHaveBeenCalledTimes(1));
    await posted('Hoàng Thị Bốn', 'bon@example.org');
    await eventually(async () => expect(await typesOf('LS-2025-000004')).toContain('ReceiptSent'), patient);
    expect(await rendered(numbers(4))).toEqual(['LS-2025-000004']);
    open();
    await eventually(async () => expect(await rendered(numbers(4))).toEqual(numbers(4)));
    expect(drawing.mock.calls.map(([{ number }, urgency]) => [number, urgency])).toEqual([
      ['LS-2025-000001', 'unhurried'],
      ['LS-2025-000004', 'owed'],
      ['LS-2025-000002', 'unhurried'],
      ['LS-2025-000003', 'unhurried'],
    ]);
    expect(await typesOf('LS-2025-000003')).toEqual(['ReceiptRendered']);
  });

  it('are drawn at once when somebody asks for one', async () => {
    hold();
    for (const name of ['Hoàng Thị Một', 'Hoàng Thị Hai']) await posted(name);
    await eventually(async () => expect(await receipts.rows('receipts.register')).toHaveLength(2));
    const asked = await receipts.send('GET', '/v1/receipts/LS-2025-000002/pdf', staff('accountant'));
    expect([asked.status, asked.type]).toEqual([200, 'application/pdf']);
    expect(await rendered(numbers(2))).toEqual(['LS-2025-000002']);
    open();
    await eventually(async () => expect(await rendered(numbers(2))).toEqual(numbers(2)));
    expect(await typesOf('LS-2025-000002')).toEqual(['PdfRequested', 'ReceiptRendered']);
  });

  it('are taken up again after a restart, each drawn once', async () => {
    const drawing = hold();
    for (const name of ['Hoàng Thị Một', 'Hoàng Thị Hai', 'Hoàng Thị Ba']) await posted(name);
    await eventually(async () => expect(await receipts.rows('receipts.register')).toHaveLength(3));
    await eventually(() => expect(drawing).toHaveBeenCalledTimes(1));
    const closing = receipts.close();
    open();
    await closing;
    expect(await rendered(numbers(3))).toEqual(['LS-2025-000001']);
    await start();
    await eventually(async () => expect(await rendered(numbers(3))).toEqual(numbers(3)));
    for (const number of numbers(3)) expect(await typesOf(number)).toEqual(['ReceiptRendered']);
  });

  it('go out by mail where the donor left an address meanwhile', async () => {
    hold();
    const donor = await story.donor('Hoàng Thị Một');
    await story.posted(donor.source);
    const { donorId, subjectId, contactSubjectId } = donor;
    const contactRecordId = await story.contact(contactSubjectId, 'moi@example.org');
    const told = { fundId: staff().fundId, donorId, subjectId, contactRecordId };
    await receipts.sayOfDonor('DonorContactCorrected.v1', told);
    await eventually(async () => expect(await receipts.rows('receipts.donor_contacts')).toHaveLength(1));
    open();
    await eventually(async () => expect(await typesOf('LS-2025-000001')).toContain('ReceiptSent'));
  });
});
