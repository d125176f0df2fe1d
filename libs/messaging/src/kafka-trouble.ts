/** Why Kafka does not serve this process, in a sentence for whoever has set up how it is reached. */
export interface KafkaTrouble {
  /** `allowance`: this user may not do it; `group`: not this group, or nobody keeps it now; `silence`: nobody answers, or not in time. */
  readonly kind: 'certificate' | 'sign-in' | 'mechanism' | 'allowance' | 'group' | 'wire' | 'silence';
  readonly sentence: string;
}

/** What can be seen of an error without the client's own classes, which are loaded only where Kafka is used. */
interface Seen {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly originalError?: unknown;
  readonly errors?: unknown;
}

interface Sign {
  /** Found in the name, type, code or message of an error, or of what it came of. */
  readonly shows: RegExp;
  readonly told: KafkaTrouble;
}

/** The first that shows counts. */
const signs: readonly Sign[] = [
  {
    shows:
      /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET)|\bCERT_[A-Z]+|ERR_TLS_CERT/,
    told: {
      kind: 'certificate',
      sentence:
        'Kafka shows a certificate of an authority that is not known here, or for another name: see KAFKA_CA_FILE and KAFKA_BROKERS',
    },
  },
  {
    shows: /UNSUPPORTED_SASL_MECHANISM/,
    told: { kind: 'mechanism', sentence: 'Kafka lets nobody sign in so: see KAFKA_SASL_MECHANISM' },
  },
  {
    shows: /SASLAuthentication|SASL_AUTHENTICATION_FAILED/,
    told: {
      kind: 'sign-in',
      sentence:
        'Kafka does not let this process sign in: see KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE',
    },
  },
  {
    shows: /_AUTHORIZATION_FAILED/,
    told: {
      kind: 'allowance',
      sentence:
        'Kafka does not allow this user what it needs: sign in as the service itself, and run npx mangnon topics acls --apply',
    },
  },
  {
    // The client tells no reason.
    shows: /KafkaJSGroupCoordinatorNotFound/,
    told: {
      kind: 'group',
      sentence:
        'Kafka names nobody who keeps the group: this user may not join it (run npx mangnon topics acls --apply), or brokers are away',
    },
  },
  {
    shows: /Closed connection|ECONNRESET|EPROTO|ILLEGAL_SASL_STATE|ERR_SSL/,
    told: {
      kind: 'wire',
      sentence:
        'Kafka ends the connection at once: it may want TLS and a user where this process has none, or the other way round (KAFKA_TLS, KAFKA_CA_FILE, KAFKA_SASL_USERNAME)',
    },
  },
];

/** What is the matter; undefined for an error that the client of Kafka did not make. */
export function kafkaTrouble(error: unknown): KafkaTrouble | undefined {
  const errors = chainOf(error);
  if (!errors.some(({ name }) => String(name).startsWith('KafkaJS'))) return undefined;
  const told = errors
    .map(({ name, type, code, message }) => [name, type, code, message].join(' '))
    .join('\n');
  const sign = signs.find(({ shows }) => shows.test(told));
  return sign?.told ?? { kind: 'silence', sentence: `Kafka does not answer: ${String(errors[0]?.message)}` };
}

/** Whether trying again is in vain until somebody has changed a setting or a rule. */
export function isRefusedForGood(error: unknown): boolean {
  const { kind = 'silence' } = kafkaTrouble(error) ?? {};
  return kind === 'certificate' || kind === 'sign-in' || kind === 'mechanism' || kind === 'allowance';
}

/** The error and what it came of, the outermost first. */
function chainOf(error: unknown): readonly Seen[] {
  const found: Seen[] = [];
  const look = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || found.includes(one)) return;
    found.push(one);
    const { cause, originalError, errors } = one as Seen;
    for (const inner of [
      cause,
      originalError,
      ...(Array.isArray(errors) ? (errors as readonly unknown[]) : []),
    ])
      look(inner);
  };
  look(error);
  return found;
}
