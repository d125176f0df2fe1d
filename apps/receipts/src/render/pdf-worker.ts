import { parentPort } from 'node:worker_threads';
import type { Drawing, Drawn } from './pdf-press.js';
import { drawReceipt } from './receipt-pdf.js';

/** The worker thread of `PdfPress`: draws one page after the other as they come in. */
parentPort?.on('message', (drawing: Drawing) => {
  void draw(drawing);
});

async function draw({ id, page }: Drawing): Promise<void> {
  try {
    const pdf = await drawReceipt(page);
    answer({ id, pdf });
  } catch (error) {
    // The message may quote the page, which is personal data: only what kind of error it was gets out.
    answer({ id, failure: error instanceof Error ? error.name : 'Error' });
  }
}

function answer(drawn: Drawn): void {
  parentPort?.postMessage(drawn);
}
