import { describe, expect, it } from '@jest/globals';
import { answerIdOf, commandIdOf, newId, uuidV5 } from './command-id.js';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('command ids', () => {
  it('are the version 5 UUIDs of RFC 9562', () => {
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(uuidV5(dns.toUpperCase(), 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('hash names as UTF-8', () => {
    expect(uuidV5(dns, 'Măng Non')).toBe('a3263197-da45-5e15-a32e-b365a07da34a');
  });

  it('refuse a namespace that is no UUID', () => {
    expect(() => uuidV5('mangnon', 'x')).toThrow(TypeError);
  });

  it('are the same for the same actor, route and key, and differ when one of them differs', () => {
    const id = commandIdOf('staff:1', 'POST /v1/donations', 'k');
    expect(commandIdOf('staff:1', 'POST /v1/donations', 'k')).toBe(id);
    const others = [
      commandIdOf('staff:2', 'POST /v1/donations', 'k'),
      commandIdOf('staff:1', 'POST /v1/pledges', 'k'),
      commandIdOf('staff:1', 'POST /v1/donations', 'k2'),
      commandIdOf('staff:1', 'POST /v1/donation', 'sk'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('of an answer depend on the message and on the stream', () => {
    expect(answerIdOf('m', 'fund-1')).toBe(answerIdOf('m', 'fund-1'));
    expect(answerIdOf('m', 'fund-1')).not.toBe(answerIdOf('m', 'fund-2'));
  });

  it('of new things are random', () => {
    expect(newId()).not.toBe(newId());
  });
});
