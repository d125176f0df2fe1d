import { expect, it } from '@jest/globals';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { KafkaRig } from '#testing/messaging-kafka.js';
import { BatchingSender, SendIncomplete } from './batching-sender.js';
import { openKafka } from './kafka-client.js';

describeWithKafka('the sender of a process', () => {
  it('sends what is given one after the other, all at once, or behind a send that fails', async () => {
    const rig = await KafkaRig.open(kafkaOfTests());
    const record = { key: 'a', value: 'x', timeMs: 1 };
    for (let times = 0; times < 20; times += 1) await rig.sender.send(rig.topic, [record]);
    await Promise.all([rig.topic, rig.otherTopic, rig.topic].map((to) => rig.sender.send(to, [record])));
    await expect(rig.sender.send('mangnon.nowhere.v1', [record])).rejects.toThrow();
    await rig.sender.send(rig.topic, [record]);
    const admin = openKafka(rig.config).admin();
    await admin.connect();
    const ends = [await admin.fetchTopicOffsets(rig.topic), await admin.fetchTopicOffsets(rig.otherTopic)];
    await admin.disconnect();
    expect(ends.map((one) => one.map(({ high }) => Number(high)).sort())).toEqual([
      [0, 0, 23],
      [0, 0, 1],
    ]);
    await rig.close();
  });

  it('believes no success in which a partition is left out', async () => {
    const rig = await KafkaRig.open(kafkaOfTests());
    const kafka = openKafka(rig.config);
    const make = kafka.producer.bind(kafka);
    let isForgetful = true;
    kafka.producer = (config) => {
      const producer = make(config);
      const send = producer.sendBatch.bind(producer);
      producer.sendBatch = async (batch) => {
        const answers = await send(batch);
        return isForgetful ? answers.slice(1) : answers;
      };
      return producer;
    };
    const sender = new BatchingSender(kafka);
    const records = ['a', 'b', 'c', 'd'].map((key) => ({ key, value: 'x', timeMs: 1 }));
    await expect(sender.send(rig.topic, records)).rejects.toThrow(SendIncomplete);
    isForgetful = false;
    await sender.send(rig.topic, records);
    await sender.close();
    await rig.close();
  });
});
