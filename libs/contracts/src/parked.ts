import { z } from 'zod';

const waiting = {
  fundId: z.uuid(),
  /** The stream that the message is for. */
  stream: z.string(),
  messageId: z.string(),
  /** Topic of that message. */
  topic: z.string(),
};

/** A message waits in a stream, since its handling failed by a bug of ours; its subject is this message's. Never its data. */
export const messageParkedV1 = z.object({
  ...waiting,
  /** Its type, such as `DonationRecorded.v1`. */
  message: z.string(),
  /** What it failed on, without data. */
  reason: z.string(),
});

/** A message that waited was taken up. */
export const messageReplayedV1 = z.object(waiting);
