// `npm run engines`: real engines on this machine, until Ctrl-C.
import { register } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EngineMissing, fetchKafka } from './engines-programs.mjs';
import { assertNode, vietnamese } from './node-version.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const help = `Usage: npm run engines -- [--brokers N] [--no-postgres] [--secure] [--directory DIR] [--fresh]

Starts a real Apache Kafka (KRaft, Java 17) and PostgreSQL on this machine, on free ports of loopback alone, and says in
an env file where they are. Ctrl-C stops them; what they hold is there again at the next start.

  --brokers N      brokers of Kafka: 1, or 3 with each message on all of them (1)
  --no-postgres    Kafka alone
  --secure         Kafka by TLS with a certificate of its own, a user and password for each service, and access control lists:
                   who signs in how is in the files "env.NAME" beside "env"
  --directory DIR  where everything is kept, and the file "env" (.mangnon-engines)
  --fresh          throws away what the last run has kept
  --help           this text

Needs Java 17 or newer and, the first time, Maven with a network. npm test finds the env file by itself; other programs
take it in by: set -a; . .mangnon-engines/env; set +a
`;

function read(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      brokers: { type: 'string', default: '1' },
      'no-postgres': { type: 'boolean', default: false },
      secure: { type: 'boolean', default: false },
      directory: { type: 'string', default: '.mangnon-engines' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!['1', '3'].includes(values.brokers)) throw new Error('--brokers is 1 or 3');
  return values;
}

async function run(asked) {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => ending.abort());
  await fetchKafka();
  register('../test/typescript-hooks.mjs', import.meta.url);
  const { runEngines } = await import('../libs/testing/src/kafka-engines.ts');
  const { topics } = await import('../libs/contracts/src/topics.ts');
  const { kafkaUsers } = await import('../libs/messaging/src/kafka/access-rules.ts');
  await runEngines({
    directory: resolve(root, asked.directory),
    brokers: asked.brokers === '3' ? 3 : 1,
    postgres: !asked['no-postgres'],
    fresh: asked.fresh,
    ...(asked.secure && { secureFor: kafkaUsers(topics) }),
    language: vietnamese ? 'vi' : 'en',
    signal: ending.signal,
    say: (line) => console.log(line),
  });
}

assertNode(1);
try {
  const asked = read(process.argv.slice(2));
  if (asked.help) console.log(help);
  else await run(asked);
} catch (error) {
  const isUsage = error.code?.startsWith('ERR_PARSE_ARGS') || error.message?.startsWith('--');
  const isSaid = error instanceof EngineMissing || error.name === 'EngineFault';
  if (isUsage) console.error(`${error.message}\n\n${help}`);
  else console.error(isSaid || error.name === 'EmbeddedPostgresFault' ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
