import { describe, expect, it } from '@jest/globals';
import { isRefusedForGood, kafkaTrouble } from './kafka-trouble.js';

/** As the client was seen to put it against a real broker. */
const seen = (name: string, told: object, cause?: object): object => ({
  ...{ name, message: '' },
  ...told,
  ...(cause && { cause }),
});
const connection = (told: object) =>
  seen('KafkaJSNumberOfRetriesExceeded', { message: 'x' }, { name: 'KafkaJSConnectionError', ...told });

describe('what is the matter with Kafka', () => {
  it.each([
    ['certificate', connection({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), true],
    ['certificate', connection({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), true],
    ['certificate', connection({ code: 'CERT_HAS_EXPIRED' }), true],
    ['sign-in', seen('KafkaJSSASLAuthenticationError', {}), true],
    ['mechanism', seen('KafkaJSProtocolError', { type: 'UNSUPPORTED_SASL_MECHANISM' }), true],
    ['allowance', seen('KafkaJSProtocolError', { type: 'GROUP_AUTHORIZATION_FAILED' }), true],
    ['allowance', seen('KafkaJSAggregateError', { errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }] }), true],
    ['group', seen('KafkaJSGroupCoordinatorNotFound', {}), false],
    ['wire', connection({ message: 'Closed connection' }), false],
    ['silence', connection({ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' }), false],
  ])('is told as %s', (kind, error, isFinal) => {
    expect(kafkaTrouble(error)?.kind).toBe(kind);
    expect(isRefusedForGood(error)).toBe(isFinal);
  });

  it('is told of nothing that another has said', () => {
    expect(kafkaTrouble(new Error('SASLAuthentication'))).toBeUndefined();
    expect(isRefusedForGood(undefined)).toBe(false);
  });
});
