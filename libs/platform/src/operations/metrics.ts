import { Gauge } from 'prom-client';
import type { Figures, WaitingMessages } from './figures.js';

const consumerLag = new Gauge({
  name: 'mangnon_consumer_lag_seconds',
  help: 'Seconds since the oldest message was recorded that the group has not handled; 0 where it has handled all',
  labelNames: ['group', 'topic'] as const,
});
const publishLag = new Gauge({
  name: 'mangnon_publish_lag_seconds',
  help: 'Seconds since the oldest event was recorded that its topic has not got; 0 where it has all, or nothing is sent',
  labelNames: ['topic'] as const,
});
const withoutReceipt = new Gauge({
  name: 'mangnon_oldest_donation_without_receipt_seconds',
  help: 'Seconds since the oldest standing donation was recorded that has no receipt; 0 where each has one',
  labelNames: ['service'] as const,
});
const parkedMessages = new Gauge({
  name: 'mangnon_parked_messages',
  help: 'Messages that wait in streams because their handling failed, or behind one that did',
  labelNames: ['service'] as const,
});
const heldMessages = new Gauge({
  name: 'mangnon_held_messages',
  help: 'Messages of held keys that wait to be released',
  labelNames: ['service'] as const,
});
const stoppedParts = new Gauge({
  name: 'mangnon_stopped_parts',
  help: 'Consumers, publishers and read models of this process that cannot go on',
});
const unknownFigures = new Gauge({
  name: 'mangnon_unknown_figures',
  help: 'Figures of this process that its engines did not tell in time at this look',
});

/** Puts what operators watch into the metrics; what is unknown is left out and counted. */
export function showFigures(figures: Figures, stopped: number): void {
  for (const gauge of [consumerLag, publishLag, withoutReceipt, parkedMessages, heldMessages]) gauge.reset();
  for (const { group, topic, seconds } of figures.consumers)
    if (seconds !== undefined) consumerLag.set({ group, topic }, seconds);
  for (const { topic, seconds } of figures.publishers)
    if (seconds !== undefined) publishLag.set({ topic }, seconds);
  for (const { service, seconds } of figures.withoutReceipt)
    if (seconds !== undefined) withoutReceipt.set({ service }, seconds);
  showWaiting(parkedMessages, figures.parked);
  showWaiting(heldMessages, figures.held);
  stoppedParts.set(stopped);
  unknownFigures.set(unknownIn(figures));
}

function showWaiting(gauge: Gauge<'service'>, waiting: readonly WaitingMessages[] = []): void {
  for (const { service, messages } of waiting) gauge.set({ service }, messages);
}

function unknownIn({ consumers, publishers, withoutReceipt: receipts, parked, held }: Figures): number {
  const seconds = [...consumers, ...publishers, ...receipts].map((figure) => figure.seconds);
  return [...seconds, parked, held].filter((figure) => figure === undefined).length;
}
