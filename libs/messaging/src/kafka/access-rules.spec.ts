import { describe, expect, it } from '@jest/globals';
import type { TopicDeclaration } from '#kernel/topic.js';
import { accessRules, kafkaUsers, serviceOf, textOf } from './access-rules.js';

const kept = { partitions: 3, retentionMs: 'for ever', compaction: false } as const;
const topics: readonly TopicDeclaration[] = [
  { ...kept, name: 'mangnon.milk.v1', owner: 'dairy', readers: ['bakery', 'dairy'] },
  { ...kept, name: 'mangnon.bread.v1', owner: 'bakery', readers: ['shop-window'] },
];
const linesOf = (user: string): readonly string[] =>
  accessRules(topics)
    .filter((rule) => rule.user === user)
    .map((rule) => textOf(rule).replaceAll('\t', ' '));

describe('what a service may do at Kafka', () => {
  it('is to write what it owns and to see how far the readers of that are', () => {
    expect(linesOf('bakery').filter((line) => line.includes('bread'))).toEqual([
      'bakery Group Literal mangnon.shop-window.bread.v1 Describe',
      'bakery Topic Literal mangnon.bread.v1 Write',
    ]);
  });

  it('is to read what it is registered for, in groups of its own, and to keep its dead letters', () => {
    expect(linesOf('bakery').filter((line) => line.includes('milk'))).toEqual([
      'bakery Group Literal mangnon.bakery.milk.v1 Read',
      'bakery Group Prefixed mangnon.bakery.milk.v1. Delete',
      'bakery Group Prefixed mangnon.bakery.milk.v1. Read',
      'bakery Topic Literal mangnon.milk.v1 Read',
      'bakery Topic Literal mangnon.milk.v1.dead.bakery Read',
      'bakery Topic Literal mangnon.milk.v1.dead.bakery Write',
    ]);
  });

  it('belongs to the service that a group of readers is part of', () => {
    expect(serviceOf('shop-window')).toBe('shop');
    expect(linesOf('shop')).toEqual([
      'shop Group Literal mangnon.shop-window.bread.v1 Read',
      'shop Group Prefixed mangnon.shop.bread.v1. Delete',
      'shop Group Prefixed mangnon.shop.bread.v1. Read',
      'shop Topic Literal mangnon.bread.v1 Read',
      'shop Topic Literal mangnon.bread.v1.dead.shop-window Read',
      'shop Topic Literal mangnon.bread.v1.dead.shop-window Write',
    ]);
    expect(kafkaUsers(topics)).toEqual(['bakery', 'dairy', 'shop']);
  });

  it('reads its own topic like any other, and says nothing twice', () => {
    const own = linesOf('dairy');
    expect(own).toContain('dairy Topic Literal mangnon.milk.v1 Write');
    expect(own).toContain('dairy Topic Literal mangnon.milk.v1 Read');
    expect(new Set(own).size).toBe(own.length);
  });
});
