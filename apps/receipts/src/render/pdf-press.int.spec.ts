import { afterEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { PdfPress, type Urgency } from './pdf-press.js';
import { startPdfWorker } from './start-pdf-worker.js';
import { drawReceipt } from './receipt-pdf.js';
import { crowdedPage, moneyPage } from './sample-pages.js';

let press = new PdfPress();

afterEach(async () => {
  await press.close();
});

describe('the press', () => {
  it('draws in its thread what would be drawn here, while the event loop goes on', async () => {
    press = new PdfPress();
    await press.draw(moneyPage);
    let turns = 0;
    const seen = { drawn: false };
    const drawing = press.draw(crowdedPage).finally(() => (seen.drawn = true));
    while (!seen.drawn) {
      await turn();
      turns += 1;
    }
    expect(Buffer.from(await drawing)).toEqual(Buffer.from(await drawReceipt(crowdedPage)));
    expect(turns).toBeGreaterThan(100);
  });

  it('fails what it had in hand when its thread dies, and then draws again', async () => {
    let died: Worker | undefined;
    const mortal = (): Worker => (died ??= new Worker('process.exit(1)', { eval: true }));
    press = new PdfPress({ start: () => (died ? startPdfWorker() : mortal()) });
    await expect(press.draw(moneyPage)).rejects.toThrow('the thread ended');
    expect((await press.draw(moneyPage)).byteLength).toBeGreaterThan(10_000);
  });

  it('gives up a page that takes too long', async () => {
    const asleep = (): Worker =>
      new Worker('require("node:worker_threads").parentPort.on("message", () => {})', { eval: true });
    press = new PdfPress({ start: asleep, drawingMs: 20 });
    await expect(press.draw(moneyPage)).rejects.toThrow('no PDF within 20 ms');
  });

  it('draws what somebody asked for first, then what is owed, then the rest', async () => {
    press = new PdfPress();
    const order: string[] = [];
    const drawn = (name: string, urgency: Urgency): Promise<unknown> =>
      press.draw(moneyPage, urgency).then(() => order.push(name));
    await Promise.all([
      drawn('begun', 'unhurried'),
      drawn('unhurried', 'unhurried'),
      drawn('owed', 'owed'),
      drawn('asked', 'asked'),
      drawn('asked later', 'asked'),
    ]);
    expect(order).toEqual(['begun', 'asked', 'asked later', 'owed', 'unhurried']);
  });

  it('never tells what stands on a page that cannot be drawn', async () => {
    press = new PdfPress();
    const page = { ...moneyPage, amount: { amount: 'canary', currency: 'VND' as const } };
    await expect(press.draw(page)).rejects.toThrow(/^SyntaxError$/);
  });
});
