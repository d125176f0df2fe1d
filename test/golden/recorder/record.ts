// Records every aggregate that has no recording yet; see ../README.md. Run from the repository's root:
//   node --import ./test/typescript.mjs test/golden/recorder/record.ts
import { aggregateOf, aggregates } from '../aggregates.js';
import { byStream, readRecordings, writeRecording } from '../recordings.js';
import { accessStory } from './access-story.js';
import { donationsStory } from './donations-story.js';
import { receiptsStory } from './receipts-story.js';
import { Recorder } from './recorder.js';

const recorder = new Recorder();
await accessStory(recorder);
await donationsStory(recorder);
await receiptsStory(recorder);

const events = await recorder.events();
const recorded = new Set(readRecordings().map(({ name }) => name));
for (const [name, { fold }] of Object.entries(aggregates)) {
  if (recorded.has(name)) continue;
  const own = events.filter(({ stream }) => aggregateOf(stream) === name);
  const states = Object.fromEntries([...byStream(own)].map(([stream, some]) => [stream, fold(some)]));
  writeRecording(name, own, states);
  process.stdout.write(
    `${name}: ${String(own.length)} events of ${String(Object.keys(states).length)} streams\n`,
  );
}
