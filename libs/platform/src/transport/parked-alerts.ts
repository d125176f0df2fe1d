import { Logger } from '@nestjs/common';
import { newId } from '#event-store/command-id.js';
import type { HandleOptions } from '#event-store/handle.js';
import { reasonOf } from '#event-store/handle-errors.js';
import type { ParkedMessage } from '#event-store/message-answers.js';
import type { JsonObject } from '#kernel/json.js';
import { formatPosition } from '#kernel/position.js';
import { messagesParked } from './transport-metrics.js';

const logger = new Logger('parked');

/** How far down causes are told. */
const causesMax = 3;

/**
 * Tells of what a service parks: a count for the metrics, and for each bug one line of JSON in the log, with the stack
 * and without any data of the message.
 */
export function alertParked(group: string): (parked: ParkedMessage) => void {
  return ({ stream, message, why, error }) => {
    const { topic, type, subject, position } = message;
    messagesParked.inc({ group, topic, why });
    if (why === 'behind') return;
    const where = { group, stream, topic, type, subject, position: formatPosition(position) };
    logger.error(JSON.stringify({ event: 'message-parked', why, ...where, error: toldOf(error) }));
  };
}

/** How a service handles its commands and messages: under its name, telling of what it parks. */
export function handlingAs(service: string): HandleOptions {
  return { service, ids: newId, onParked: alertParked(service) };
}

/** An error's name, its text without what could be data, and where it was thrown. */
function toldOf(error: unknown, causes = causesMax): JsonObject {
  if (!(error instanceof Error)) return { reason: reasonOf(error) };
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  const told = { reason: reasonOf(error), stack: lines.filter((line) => line.startsWith('at ')) };
  return error.cause === undefined || causes === 0
    ? told
    : { ...told, cause: toldOf(error.cause, causes - 1) };
}
