import { accessTopic } from '#contracts/access.v1.js';
import { topics } from '#contracts/topics.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { eventually } from '#testing/eventually.js';
import { serviceNames } from '../apart/apart.js';
import type { ApartLife } from './apart-life.js';
import { sendAgain } from './apart-message-strikes.js';
import type { Fault } from './fault.js';
import { changing } from './strikes.js';

const soonMs = { withinMs: 60_000, everyMs: 100 };
const few = { donations: 3, credits: 0 } as const;

/** Of a topic that nobody reads, so that nothing else is broken by it. */
const wrongTopics: Fault<ApartLife> = {
  name: 'a topic missing, with fewer partitions, with more than it was made with, or made again',
  strike: async (life) => {
    await life.start();
    await life.play(few);
    const kafka = openKafka(life.apart.kafkaConfig);
    const admin = kafka.admin();
    await admin.connect();
    const made = async (partitions: number): Promise<void> => {
      await admin.deleteTopics({ topics: [accessTopic] }).catch(() => undefined);
      if (partitions > 0)
        await eventually(
          () => admin.createTopics({ topics: [{ topic: accessTopic, numPartitions: partitions }] }),
          soonMs,
        );
    };
    const refuses = async (sentence: string): Promise<void> => {
      const refused = life.apart.start('access');
      const exit = await refused.ended();
      if (exit !== 1 || !refused.output.includes(sentence))
        throw new Error(`${String(exit)}: ${refused.output}`);
    };
    try {
      await life.apart.signal('access', 'SIGTERM');
      for (const [partitions, sentence] of [
        [0, 'does not exist, or this user may not see it; run: npx mangnon topics apply'],
        [2, 'has 2 partitions and not the 3 that it was made with'],
        [5, 'has 5 partitions and not the 3 that it was made with'],
      ] as const) {
        await made(partitions);
        await refuses(sentence);
      }
      await made(0);
      await eventually(() => applyTopics(kafka, topics), soonMs);
      await refuses('is empty although messages were sent on it: it was made again');
      await sendAgain(life, 'access');
    } finally {
      await admin.disconnect();
    }
    await life.start();
    await life.play(few);
  },
};

/** As whoever restores the events alone: what was recorded last is gone, and what has sent and read it stays. */
const restoredStore: Fault<ApartLife> = {
  name: 'the store restored from an older backup under running consumers, and brought right',
  strike: async (life) => {
    await life.start();
    await life.play(few);
    const before = await life.settled();
    await life.play(few);
    const numbered = (await life.settled()).filter(({ type }) => type === 'ReceiptIssued').length;
    const newer = `seq > ${String(before.length)}`;
    await life.query(`CREATE TABLE faults_aside AS SELECT * FROM event_store.events WHERE ${newer}`);
    await life.query(changing(`DELETE FROM event_store.events WHERE ${newer}`));
    await life.stop();
    life.rest.forget();
    for (const name of serviceNames) life.apart.start(name);
    await eventually(() => stopsAndSaysSo(life), soonMs);
    const now = (await life.rest.events()).filter(({ type }) => type === 'ReceiptIssued').length;
    if (now > numbered) throw new Error('a receipt was numbered on the old store');
    await life.stop();
    await life.query(
      changing('INSERT INTO event_store.events OVERRIDING SYSTEM VALUE SELECT * FROM faults_aside'),
    );
    await life.query('DROP TABLE faults_aside');
    life.rest.forget();
    await life.start();
    await life.play(few);
  },
};

/** Whoever has sent what is no longer there sends nothing more. */
async function stopsAndSaysSo({ apart }: ApartLife): Promise<void> {
  for (const name of ['donations', 'ledger', 'receipts'] as const) {
    const answer = await fetch(`${apart.urlOf(name)}/health/ready`);
    const told = await answer.text();
    if (answer.status !== 503 || !told.includes(`-> mangnon.${name}.v1`)) throw new Error(`${name}: ${told}`);
    if (!apart.said(name).includes('the store was restored from before it'))
      throw new Error(`${name} does not say why: ${apart.said(name)}`);
  }
}

/** Topics and a store that are not as they were. */
export const ofGround: readonly Fault<ApartLife>[] = [wrongTopics, restoredStore];
