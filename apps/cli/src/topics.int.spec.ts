import { describe, expect, it } from '@jest/globals';
import { topics } from '#contracts/topics.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { runCli } from './run.js';

async function mangnon(environment: Readonly<Record<string, string>>, ...argv: string[]) {
  const said = { out: '', err: '' };
  const exit = await runCli(argv, {
    streams: { out: (text) => (said.out += text), err: (text) => (said.err += text), isScreen: false },
    environment,
    pour: async () => undefined,
    ask: async () => undefined,
    readInput: async () => '',
  });
  return { exit, ...said };
}

describe('mangnon topics without Kafka', () => {
  it('says what to set', async () => {
    expect(await mangnon({}, 'topics', 'list')).toEqual({
      exit: 2,
      out: '',
      err: 'Set KAFKA_BROKERS, such as KAFKA_BROKERS=kafka-1:9092,kafka-2:9092.\n',
    });
    const { exit, err } = await mangnon({ KAFKA_BROKERS: 'nowhere' }, 'topics', 'apply', '--lang', 'vi');
    expect([exit, err]).toEqual([2, 'KAFKA_BROKERS holds no list of host:port with commas between\n']);
  });

  it('shows what each service may do, and the commands that make users without a password in them', async () => {
    const { exit, out } = await mangnon({}, 'topics', 'acls');
    expect(exit).toBe(0);
    expect(out).toContain('ledger\tTopic\tLiteral\tmangnon.ledger.v1\tWrite\n');
    expect(out).not.toContain('ledger\tTopic\tLiteral\tmangnon.receipts.v1\tWrite');
    const users = await mangnon({}, 'topics', 'users', '--passwords', "/secrets/o'clock");
    const lines = users.out.trim().split('\n');
    expect(lines.map((line) => /--entity-name (\w+)/.exec(line)?.[1])).toEqual([
      ...['access', 'donations', 'ledger', 'receipts'],
    ]);
    expect(lines[2]).toContain(`"$(cat '/secrets/o'\\''clock/ledger')" | kafka-configs.sh `);
  });

  it('names the groups where another one is asked for', async () => {
    const { exit, err } = await mangnon({ KAFKA_BROKERS: 'k:1' }, 'dead-letters', 'replay', 'nobody');
    expect(exit).toBe(2);
    expect(err).toContain('There is no group "nobody"; the groups: access, donations, ledger, receipts');
  });
});

describeWithKafka('mangnon topics', () => {
  const environment = () => ({ KAFKA_BROKERS: kafkaOfTests().brokers.join(',') });

  it('makes every topic once, lists them as registered, and has no dead letters', async () => {
    await mangnon(environment(), 'topics', 'apply');
    expect(await mangnon(environment(), 'topics', 'apply')).toEqual({
      ...{ exit: 0, err: '' },
      out: 'Every topic is there already.\n',
    });
    const { exit, out } = await mangnon(environment(), 'topics', 'list');
    expect(exit).toBe(0);
    for (const { name, partitions, owner, readers } of topics)
      expect(out).toContain(`${name}\t${partitions}/${partitions}\t${owner}\t${readers.join(',') || '–'}\n`);
    expect(out).toContain('mangnon.ledger.v1.dead.receipts\t1/1\treceipts\t–\n');
    const dead = await mangnon(environment(), 'dead-letters', 'list', '--group', 'access');
    expect(dead).toEqual({ exit: 0, out: 'There is no dead letter.\n', err: '' });
  });

  it('says where nobody answers', async () => {
    const { exit, err } = await mangnon({ KAFKA_BROKERS: '127.0.0.1:1' }, 'topics', 'list');
    expect(exit).toBe(3);
    expect(err).toMatch(/^Kafka does not answer: /);
  });
});
