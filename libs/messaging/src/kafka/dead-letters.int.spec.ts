import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Message } from '#kernel/message.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { toCloudEvent } from '../cloud-event.js';
import { Recorder, rounds, soon, upTo } from '../contract-consumer.contract.js';
import { DeadLetterDesk } from './dead-letter-desk.js';
import { keepDeadLetter } from './dead-letters.js';

const canary = 'Lữ Thị Hiếm';

describeWithKafka('what cannot be read', () => {
  let rig: KafkaRig;
  let desk: DeadLetterDesk;
  let told: string[];
  beforeEach(async () => {
    rig = await KafkaRig.open(kafkaOfTests());
    told = [];
    desk = new DeadLetterDesk(rig.config, rig.topics);
  });
  afterEach(() => rig.close());

  async function reading(types?: ReadonlySet<string>): Promise<Recorder> {
    const recorder = new Recorder();
    const { handle } = recorder;
    const onDeadLetter = (...where: string[]): void => void told.push(where.join(' <- '));
    await rig
      .messaging({ onDeadLetter })
      .consume({ group: 'readers', topic: rig.topic, handle, ...(types && { types }) });
    return recorder;
  }

  function number(number: number): Message {
    const position = { incarnation: 1, number };
    const about = { topic: rig.topic, type: 'Numbered.v1', subject: `a-${number}`, key: 'a' };
    const from = { actor: 'service:numbers', correlationId: 'c', time: '2025-03-10T09:00:00.000Z' } as const;
    return { id: `e-${number}`, position, ...about, ...from, data: { number } };
  }

  it('is a dead letter of its group, with why and where but no data, and holds back nothing', async () => {
    const recorder = await reading();
    const strange = [
      '{',
      JSON.stringify({ payer: canary }),
      toCloudEvent({ ...number(1), topic: 'elsewhere' }),
    ];
    for (const value of strange) await rig.sender.send(rig.topic, [{ key: 'a', value, timeMs: 1 }]);
    await rig.sender.send(rig.topic, [{ key: 'b', value: toCloudEvent(number(2)), timeMs: 1 }]);
    rig.publisher();
    await rig.append(rounds(['a', 'b'], 5));
    await soon(() => {
      expect(recorder.numbers('a')).toEqual(upTo(5));
      expect(recorder.numbers('b')).toEqual(upTo(5));
    });
    await soon(async () => {
      const letters = await desk.open();
      // In order for each key; which of two keys comes first is nobody's promise.
      const reasonsOf = (of: string): readonly string[] =>
        letters.filter(({ key }) => key === of).map(({ reason }) => reason);
      expect(letters).toHaveLength(4);
      expect(told).toEqual(Array(4).fill(`readers <- ${rig.topic}`));
      expect(reasonsOf('b')).toEqual(['not as it must be: partitionkey']);
      expect(reasonsOf('a')).toEqual([
        'not JSON',
        expect.stringContaining('not as it must be: specversion'),
        'not as it must be: source',
      ]);
      expect(letters.map(({ at }) => at)).toEqual(letters.map(() => expect.stringMatching(/^[012]:\d$/)));
      expect(JSON.stringify(letters.map(({ value: _value, ...told }) => told))).not.toContain(canary);
    });
    expect(await desk.open('one')).toEqual([]);
  });

  it('is not read again after a restart', async () => {
    await rig.sender.send(rig.topic, [{ key: 'a', value: '{', timeMs: 1 }]);
    const first = rig.messaging();
    await first.consume({ group: 'readers', topic: rig.topic, handle: new Recorder().handle });
    await soon(async () => expect(await desk.open()).toHaveLength(1));
    await first.close();
    await reading();
    rig.publisher();
    const other = new Recorder();
    await rig.messaging().consume({ group: 'one', topic: rig.topic, handle: other.handle });
    await soon(async () => expect(await desk.open('one')).toHaveLength(1));
    expect(await desk.open('readers')).toHaveLength(1);
  });

  it('is put before its group again, and is a dead letter again where it cannot be read', async () => {
    const recorder = await reading();
    await rig.sender.send(rig.topic, [{ key: 'a', value: '{', timeMs: 1 }]);
    await soon(async () => expect(await desk.open()).toHaveLength(1));
    const [before] = await desk.open();
    // As if an older release of ours had not been able to read it.
    const letter = { topic: rig.topic, at: '9:9', key: 'a', value: Buffer.from(toCloudEvent(number(7))) };
    await keepDeadLetter(rig.sender, 'readers', { ...letter, reason: 'old' });
    expect(await desk.replay('readers')).toBe(2);
    await soon(() => expect(recorder.numbers('a')).toEqual([7]));
    await soon(async () => {
      const open = await desk.open('readers');
      expect(open).toMatchObject([{ at: before?.at, reason: 'not JSON', value: Buffer.from('{') }]);
    });
  });

  it('comes again without naming the one before it where a group wants some types alone', async () => {
    const seen: Message[] = [];
    const handle = async (messages: readonly Message[]): Promise<void> => void seen.push(...messages);
    const types = new Set(['Numbered.v1']);
    const others: string[] = [];
    const onUnwanted = async ({ type }: Message): Promise<void> => void others.push(type);
    await rig.messaging().consume({ group: 'readers', topic: rig.topic, handle, types, onUnwanted });
    const previous = { incarnation: 1, number: 6 };
    for (const [index, type] of ['Other.v1', 'Numbered.v1'].entries()) {
      const value = Buffer.from(toCloudEvent({ ...number(7), type, previous }));
      const letter = { topic: rig.topic, at: `9:${index}`, key: 'a', value, reason: 'old' };
      await keepDeadLetter(rig.sender, 'readers', letter);
    }
    await desk.replay('readers');
    await soon(() => expect(seen).toEqual([{ ...number(7), data: { number: 7 } }]));
    expect(others).toEqual(['Other.v1']);
  });
});
