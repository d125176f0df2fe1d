// Records every type of event that has no recording yet; see ../README.md. Run from the repository's root:
//   node --import ./test/typescript.mjs test/golden/recorder/record.ts
import type { RecordedEvent } from '#kernel/domain-event.js';
import { aggregateOf, aggregates } from '../aggregates.js';
import { byStream, readRecordings, writeRecording } from '../recordings.js';
import { accessStory } from './access-story.js';
import { booksStory } from './books-story.js';
import { donationsStory } from './donations-story.js';
import { matchesStory } from './matches-story.js';
import { ownTransfersStory } from './own-transfers-story.js';
import { receiptsStory } from './receipts-story.js';
import { statementsStory } from './statements-story.js';
import { Recorder } from './recorder.js';

const recorder = new Recorder();
await accessStory(recorder);
await donationsStory(recorder);
await receiptsStory(recorder);
await statementsStory(recorder);
await booksStory(recorder);
await matchesStory(recorder);
await ownTransfersStory(recorder);

const events = await recorder.events();
const recordings = readRecordings();
for (const [name, { versions, fold }] of Object.entries(aggregates)) {
  const earlier = recordings.filter(({ aggregate }) => aggregate === name);
  const known = new Set(earlier.flatMap((recording) => recording.events.map(written)));
  const isMissing = (event: RecordedEvent): boolean => event.type in versions && !known.has(written(event));
  const streams = [...byStream(events.filter(({ stream }) => aggregateOf(stream) === name))];
  const isWanted = (stream: string): boolean =>
    recorder.kept.has(stream) && !earlier.some((recording) => byStream(recording.events).has(stream));
  const fresh = streams.filter(([stream, some]) => isWanted(stream) || some.some(isMissing));
  if (fresh.length === 0) continue;
  const recording = earlier.length === 0 ? name : `${name}.${String(earlier.length + 1)}`;
  const names = new Set(fresh.map(([stream]) => stream));
  const own = events.filter(({ stream }) => names.has(stream));
  writeRecording(recording, own, Object.fromEntries(fresh.map(([stream, some]) => [stream, fold(some)])));
  process.stdout.write(`${recording}: ${String(own.length)} events of ${String(fresh.length)} streams\n`);
}

function written({ type, schemaVersion }: RecordedEvent): string {
  return `${type} ${String(schemaVersion)}`;
}
