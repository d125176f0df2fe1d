import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How a process reaches Kafka. */
export interface KafkaConfig {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** What brokers call this process in their logs and quotas. */
  readonly clientId: string;
  /** TLS with these PEM texts, or with the machine's own authorities where it is empty; plain text when absent. */
  readonly ssl?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** After so long without a sign of life a member's share goes to others, in milliseconds; 10,000 when absent. */
  readonly sessionMs?: number;
}

const address = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/;

/** Nobody else is on the way to these. */
const loopback = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost):\d+$/i;

const brokerList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => address.test(part)),
    'holds no list of host:port with commas between',
  );

const pem = z.string().transform((path, check) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    check.addIssue(`names the file ${path}, which cannot be read`);
    return z.NEVER;
  }
});

const password = pem.transform((text, check) => {
  const word = text.replace(/\r?\n$/, '');
  if (word === '') check.addIssue('names a file that is empty');
  return word;
});

const variables = z.object({
  /**
   * Brokers of Kafka, `host:port` with commas between.
   * @default none
   * @example `kafka-1:9092,kafka-2:9092,kafka-3:9092`
   */
  KAFKA_BROKERS: brokerList.optional(),
  /**
   * What brokers call this process.
   * @default `mangnon`
   * @example `mangnon-ledger-2`
   */
  KAFKA_CLIENT_ID: z.string().default('mangnon'),
  /**
   * Whether Kafka is spoken to by TLS; it is wherever one of the three files is given. Who signs in needs it, unless every
   * broker is on this machine (`127.0.0.1`, `[::1]`, `localhost`): in plain text anybody on the way reads the password.
   * @default `false`
   * @example `true`
   */
  KAFKA_TLS: z.enum(['true', 'false'], 'is neither true nor false').default('false'),
  /**
   * Certificate authorities (PEM) that Kafka's certificates are held against, instead of the machine's own.
   * @default the machine's own
   * @example `/etc/mangnon/kafka-ca.pem`
   */
  KAFKA_CA_FILE: pem.optional(),
  /**
   * Certificate (PEM) by which this process shows who it is.
   * @default none
   * @example `/etc/mangnon/ledger.pem`
   */
  KAFKA_CERT_FILE: pem.optional(),
  /**
   * Key (PEM) of that certificate.
   * @default none
   * @example `/etc/mangnon/ledger-key.pem`
   */
  KAFKA_KEY_FILE: pem.optional(),
  /**
   * How this process signs in: `plain`, `scram-sha-256` or `scram-sha-512`.
   * @default `scram-sha-512`
   * @example `plain`
   */
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'is none of plain, scram-sha-256, scram-sha-512')
    .default('scram-sha-512'),
  /**
   * Name by which this process signs in.
   * @default none: it does not sign in
   * @example `ledger`
   */
  KAFKA_SASL_USERNAME: z.string().optional(),
  /**
   * Its password, where it may stand in the environment.
   * @default none
   * @example `<secret>`
   */
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /**
   * File that its password stands in, instead; a line end after it does not count.
   * @default none
   * @example `/run/secrets/kafka/ledger`
   */
  KAFKA_SASL_PASSWORD_FILE: password.optional(),
  /**
   * Seconds without a sign of life after which a process's share of the topics goes to others, from 2 to 300.
   * @default `10`
   * @example `30`
   */
  KAFKA_SESSION_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/, 'is not a number of seconds from 2 to 300')
    .transform((text) => Number.parseInt(text, 10))
    .refine((seconds) => seconds >= 2 && seconds <= 300, 'is not a number of seconds from 2 to 300')
    .optional(),
});

type Given = z.infer<typeof variables>;

/** The variables by which a process finds Kafka, for whoever reads the environment; empty ones must be left out before. */
export const kafkaVariables = variables
  .refine(
    ({ KAFKA_SASL_PASSWORD: word, KAFKA_SASL_PASSWORD_FILE: file }) =>
      word === undefined || file === undefined,
    {
      path: ['KAFKA_SASL_PASSWORD_FILE'],
      error: 'and KAFKA_SASL_PASSWORD are two passwords: give one of them',
    },
  )
  .refine(
    (given) =>
      (given.KAFKA_SASL_USERNAME === undefined) ===
      ((given.KAFKA_SASL_PASSWORD_FILE ?? given.KAFKA_SASL_PASSWORD) === undefined),
    {
      path: ['KAFKA_SASL_USERNAME'],
      error: 'and KAFKA_SASL_PASSWORD_FILE (or KAFKA_SASL_PASSWORD) are given together or not at all',
    },
  )
  .refine((given) => (given.KAFKA_CERT_FILE === undefined) === (given.KAFKA_KEY_FILE === undefined), {
    path: ['KAFKA_KEY_FILE'],
    error: 'and KAFKA_CERT_FILE are given together or not at all',
  })
  .refine((given) => saslOf(given) === undefined || sslOf(given) !== undefined || isHere(given), {
    path: ['KAFKA_SASL_USERNAME'],
    error:
      'signs in to brokers elsewhere in plain text, where anybody on the way reads what it sends: give KAFKA_CA_FILE, or KAFKA_TLS=true where this machine knows their authority',
  });

function isHere({ KAFKA_BROKERS: brokers = [] }: Given): boolean {
  return brokers.every((broker) => loopback.test(broker));
}

/** What the variables come to; undefined where no brokers are named. */
export function kafkaConfigOf(given: Given): KafkaConfig | undefined {
  const { KAFKA_BROKERS: brokers, KAFKA_CLIENT_ID: clientId, KAFKA_SESSION_SECONDS: seconds } = given;
  const [ssl, sasl] = [sslOf(given), saslOf(given)];
  const optional = {
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
    ...(seconds && { sessionMs: seconds * 1_000 }),
  };
  return brokers && { brokers, clientId, ...optional };
}

function sslOf(given: Given): KafkaConfig['ssl'] {
  const { KAFKA_CA_FILE: ca, KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: key } = given;
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return given.KAFKA_TLS === 'true' || Object.keys(files).length > 0 ? files : undefined;
}

function saslOf(given: Given): KafkaConfig['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = given;
  const word = given.KAFKA_SASL_PASSWORD_FILE ?? given.KAFKA_SASL_PASSWORD;
  return username === undefined || word === undefined ? undefined : { mechanism, username, password: word };
}
