import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#apps/cli/src/run.js';
import { topics } from '#contracts/topics.js';
import { kafkaUsers, serviceOf } from '#messaging/kafka/access-rules.js';
import { BatchingSender } from '#messaging/kafka/batching-sender.js';
import { deadLetterTopic, withDeadLetters } from '#messaging/kafka/dead-letters.js';
import { KafkaBacklog } from '#messaging/kafka/kafka-backlog.js';
import { groupIdOf, kafkaErrorType, openKafka } from '#messaging/kafka/kafka-client.js';
import { KafkaMessaging } from '#messaging/kafka/kafka-messaging.js';
import { KafkaTopicHistory } from '#messaging/kafka/kafka-topic-history.js';
import { kafkaTrouble } from '#messaging/kafka-trouble.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { TopicDesk } from '#platform/topic-desk.js';
import { eventually } from '#testing/eventually.js';
import { startKafka, type KafkaCluster } from '#testing/kafka-cluster.js';
import { kafkaSecurity, type KafkaSecurity } from '#testing/kafka-security.js';
import { describeWithOwnKafka } from '#testing/kafka-suite.js';

const users = kafkaUsers(topics);
const record = { key: 'fund', value: 'no message', timeMs: 1 };
const notAllowed = 'TOPIC_AUTHORIZATION_FAILED';
/** Everything on all that is ours, for one user. */
const everything = {
  ...{ principal: 'User:ledger', host: '*', operation: 2, permissionType: 3 },
  ...{ resourceType: 2, resourceName: 'mangnon.', resourcePatternType: 4 },
};

interface Reading {
  readonly topic: string;
  readonly group: string;
  readonly groupId: string;
}

/** What is read by services for which it holds, or by all. */
function readings(holds: (service: string) => boolean = () => true): readonly Reading[] {
  return topics.flatMap(({ name: topic, readers }) =>
    readers
      .filter((group) => holds(serviceOf(group)))
      .map((group) => ({ topic, group, groupId: groupIdOf(group, topic) })),
  );
}

describeWithOwnKafka('Kafka that knows its users', () => {
  let folder: string;
  let kafka: KafkaCluster;
  let security: KafkaSecurity;

  const as = (user: string): KafkaConfig => ({
    ...{ brokers: kafka.addresses, clientId: `test-${user}` },
    ...security.as(user),
  });

  async function mangnon(...argv: string[]): Promise<string> {
    let said = '';
    const take = (text: string): void => void (said += text);
    const exit = await runCli(argv, {
      streams: { out: take, err: take, isScreen: false },
      environment: {
        KAFKA_BROKERS: kafka.addresses.join(','),
        KAFKA_CA_FILE: security.caFile,
        KAFKA_SASL_USERNAME: 'admin',
        KAFKA_SASL_PASSWORD_FILE: security.passwordFile('admin'),
      },
      pour: async () => undefined,
      ask: async () => undefined,
      readInput: async () => '',
    });
    return `${said}${String(exit)}`;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mangnon-access-'));
    security = kafkaSecurity(join(folder, 'secrets'), users);
    kafka = await startKafka({ directory: join(folder, 'kafka'), brokers: 1, security });
    await new TopicDesk(as('admin'), topics).apply();
  }, 180_000);
  afterAll(async () => {
    await kafka.stop();
    rmSync(folder, { recursive: true });
  }, 60_000);

  /** What became of sending one record to each topic. */
  async function sending(user: string, names: readonly string[]): Promise<readonly string[]> {
    const sender = new BatchingSender(openKafka(as(user)));
    const told: string[] = [];
    try {
      for (const name of names)
        told.push(
          await sender.send(name, [record]).then(
            () => 'sent',
            (error: unknown) => kafkaErrorType(error) ?? String(error),
          ),
        );
      return told;
    } finally {
      await sender.close();
    }
  }

  /** What became of reading a topic as a member of a group. */
  async function reading(user: string, groupId: string, topic: string): Promise<string> {
    const retry = { retries: 0, restartOnFailure: async () => false };
    const consumer = openKafka(as(user)).consumer({ groupId, retry });
    const { CRASH, FETCH } = consumer.events;
    const why = (error: unknown): string =>
      kafkaErrorType(error) ?? kafkaTrouble(error)?.kind ?? String(error);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      return await new Promise<string>((resolve, reject) => {
        consumer.on(CRASH, ({ payload }) => resolve(why(payload.error)));
        consumer.on(FETCH, () => resolve('read'));
        consumer.run({ autoCommit: false, eachMessage: async () => undefined }).catch(reject);
      });
    } catch (error) {
      return why(error);
    } finally {
      await consumer.disconnect();
    }
  }

  it('lets a service do nothing before it was allowed its own, and then no more than that', async () => {
    expect(await sending('ledger', ['mangnon.ledger.v1'])).toEqual(['CLUSTER_AUTHORIZATION_FAILED']);
    const admin = openKafka(as('admin')).admin();
    await admin.connect();
    await admin.createAcls({ acl: [everything] });
    await admin.disconnect();
    expect(await mangnon('topics', 'acls', '--apply')).toMatch(/Allowed \d+ things, and took 1 away .*\n0$/);
    expect(await mangnon('topics', 'acls', '--apply')).toMatch(/^Allowed 0 things, and took 0 away/);
    const asked = ['mangnon.ledger.v1', 'mangnon.access.v1'];
    expect(await sending('ledger', asked)).toEqual(['sent', notAllowed]);
  }, 60_000);

  it.each(users)(
    'lets %s do its work',
    async (user) => {
      const own = topics.filter(({ owner }) => owner === user);
      const messaging = new KafkaMessaging({ config: as(user), topics });
      const backlog = new KafkaBacklog({ config: as(user), topics });
      const read = async ({ topic, group }: Reading): Promise<void> => {
        await messaging.consume({ topic, group, handle: async () => undefined });
        const history = await new KafkaTopicHistory(as(user)).open(topic, user);
        await history.readOn(async () => undefined, new AbortController().signal);
        await history.close();
      };
      try {
        const mine = readings((service) => service === user);
        const dead = mine.map(({ topic, group }) => deadLetterTopic(topic, group));
        const told = await sending(user, [...own.map(({ name }) => name), ...dead]);
        expect(new Set(told)).toEqual(new Set(['sent']));
        await Promise.all(mine.map(read));
        // Its own readers’ backlogs, and how far others are with what it publishes.
        const watched = readings().filter(({ topic }) => own.some(({ name }) => name === topic));
        for (const { group, topic } of [...mine, ...watched])
          await eventually(() => backlog.oldestUnhandled(group, topic));
      } finally {
        await messaging.close();
        await backlog.close();
      }
    },
    60_000,
  );

  it.each(users)(
    'keeps %s from what is another’s',
    async (user) => {
      const others = withDeadLetters(topics).filter(({ owner }) => serviceOf(owner) !== user);
      expect(
        new Set(
          await sending(
            user,
            others.map(({ name }) => name),
          ),
        ),
      ).toEqual(new Set([notAllowed]));
      const [mine] = readings((service) => service === user);
      const isRead = (topic: string): boolean =>
        readings((service) => service === user).some((one) => one.topic === topic);
      const unread = others.filter(({ name }) => !isRead(name));
      const read = unread.map(({ name }) => reading(user, mine?.groupId ?? '', name));
      expect(new Set(await Promise.all(read))).toEqual(new Set([notAllowed]));
      const groups = [
        'mangnon.anything',
        ...readings((service) => service !== user).map(({ groupId }) => groupId),
      ];
      const joined = await Promise.all(groups.map((groupId) => reading(user, groupId, mine?.topic ?? '')));
      expect(['GROUP_AUTHORIZATION_FAILED', 'group']).toEqual(expect.arrayContaining(joined));
    },
    60_000,
  );

  it('lets no service make topics or allow itself more', async () => {
    const admin = openKafka(as('ledger')).admin();
    await admin.connect();
    const kindOf = (error: unknown): string | undefined => kafkaTrouble(error)?.kind;
    const topicsOfItsOwn = [{ topic: 'mangnon.ledger.v2' }];
    expect(await admin.createTopics({ topics: topicsOfItsOwn }).catch(kindOf)).toBe('allowance');
    expect(await admin.createAcls({ acl: [everything] }).catch(kindOf)).toBe('allowance');
    await admin.disconnect();
  });

  it('keeps a service from starting, and not for ever from saying so, that may not join its group', async () => {
    // Everything that it reads may be seen by it, but a group `ledger-two` is in no rule.
    const asked = topics.map((topic) => ({ ...topic, readers: [...topic.readers, 'ledger-two'] }));
    await new TopicDesk(as('admin'), asked).apply();
    const admin = openKafka(as('admin')).admin();
    await admin.connect();
    await admin.createAcls({ acl: [everything] });
    await admin.disconnect();
    const messaging = new KafkaMessaging({ config: as('ledger'), topics: asked, joinWithinMs: 300 });
    const handle = async (): Promise<void> => undefined;
    const joined = messaging.consume({ topic: 'mangnon.ledger.v1', group: 'ledger-two', handle });
    expect(await joined.catch((error: unknown) => kafkaTrouble(error)?.kind)).toBe('group');
    await messaging.close();
    const ofAccess = new KafkaMessaging({ config: as('access'), topics: asked });
    const unseen = ofAccess.consume({ topic: 'mangnon.donations.v1', group: 'ledger', handle });
    await expect(unseen).rejects.toThrow('or this user may not see it');
    await ofAccess.close();
  }, 60_000);

  it('sends away, within seconds and with one sentence, who cannot be who he says', async () => {
    const { ssl, sasl } = security.as('ledger');
    const attempts: readonly [string, Partial<KafkaConfig>][] = [
      ['certificate', { ssl: {}, sasl }],
      ['sign-in', { ssl, sasl: { ...sasl, password: 'wrong' } }],
      ['sign-in', { ssl, sasl: { ...sasl, username: 'nobody' } }],
      ['mechanism', { ssl, sasl: { ...sasl, mechanism: 'plain' } }],
      ['wire', { ssl }],
      ['wire', { sasl }],
      ['wire', {}],
    ];
    const told = await Promise.all(
      attempts.map(async ([, config]) => {
        const asked = new KafkaMessaging({
          config: { brokers: kafka.addresses, clientId: 'test', ...config },
          topics,
        });
        const joining = { topic: 'mangnon.ledger.v1', group: 'ledger', handle: async () => undefined };
        return asked.consume(joining).catch((error: unknown) => kafkaTrouble(error)?.kind);
      }),
    );
    expect(told).toEqual(attempts.map(([kind]) => kind));
  }, 30_000);
});
