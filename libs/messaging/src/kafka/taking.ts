import type { BatchHandler, ConsumeOptions } from '../messaging.js';
import { readingOf, rereadingOf, type RecordReading } from './record-reading.js';

/** What becomes of the records of one partition. */
export interface Taking {
  readonly reading: RecordReading;
  readonly handle: BatchHandler;
}

/** How a member takes a partition of the topic that it has joined, or of that of its dead letters. */
export function takingOf(joined: ConsumeOptions, topic: string, partition: number): Taking {
  return topic === joined.topic
    ? { reading: readingOf(topic, partition, joined.types), handle: joined.handle }
    : { reading: rereadingOf(joined.topic), handle: handlingAgain(joined) };
}

/** Dead letters that were read again go to whoever wants them in their order, those of the wanted types alone. */
function handlingAgain({ handle, types, onUnwanted }: ConsumeOptions): BatchHandler {
  if (!types) return (messages) => handle(messages, undefined, true);
  return async (messages) => {
    for (const message of messages) {
      // Which one of the wanted types stood before it is not known here.
      const { previous: _previous, ...first } = message;
      if (types.has(message.type)) await handle([first], undefined, true);
      else await onUnwanted?.(message);
    }
  };
}
