import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { noteSentence } from '#platform/embedded-postgres/notes.js';
import { identityOf } from '#platform/embedded-postgres/processes.js';
import { EngineFault } from './kafka-broker.js';
import { startKafka } from './kafka-cluster.js';
import { kafkaSecurity, type KafkaSecurity } from './kafka-security.js';

/** What `npm run engines` was asked for. */
export interface EnginesOptions {
  /** Absolute: everything is kept here, and the file `env`. */
  readonly directory: string;
  readonly brokers: 1 | 3;
  readonly postgres: boolean;
  /** Services that sign in to Kafka by TLS and password, each allowed nothing yet; plain text for everybody when absent. */
  readonly secureFor?: readonly string[];
  /** Throws away first what an earlier run has kept. */
  readonly fresh: boolean;
  readonly language: 'vi' | 'en';
  /** Ends all of it. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const sentences = {
  vi: {
    running: (pid: string) => `Các máy đã chạy sẵn (tiến trình ${pid}): hãy dừng nó hoặc dùng thư mục khác.`,
    ready: (file: string, seconds: string) =>
      `Sẵn sàng sau ${seconds} giây; địa chỉ nằm trong ${file}. Ctrl-C để dừng.`,
    stopping: 'Đang dừng …',
  },
  en: {
    running: (pid: string) =>
      `The engines run already (process ${pid}): stop it, or take another --directory.`,
    ready: (file: string, seconds: string) =>
      `Ready after ${seconds} s; the addresses are in ${file}. Ctrl-C stops them.`,
    stopping: 'Stopping …',
  },
} as const;

/** Starts the engines, writes where they are into `env`, and resolves when the signal has ended them all. Throws `EngineFault`. */
export async function runEngines(options: EnginesOptions): Promise<void> {
  const { directory, signal, say, language } = options;
  const began = performance.now();
  const told = sentences[language];
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const release = takeDirectory(directory, told.running);
  const running: (() => Promise<unknown>)[] = [];
  const envFile = join(directory, 'env');
  try {
    if (options.fresh)
      for (const kept of ['kafka', 'kafka-secure', 'postgres'])
        rmSync(join(directory, kept), { recursive: true, force: true });
    const lines = await start(options, running);
    if (!signal.aborted) {
      writeFileSync(envFile, lines.join(''), { mode: 0o600 });
      say(told.ready(envFile, ((performance.now() - began) / 1_000).toFixed(1)));
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      say(told.stopping);
    }
  } finally {
    for (const name of readdirSync(directory))
      if (/^env(\..+)?$/.test(name)) rmSync(join(directory, name), { force: true });
    await Promise.all(running.map((stop) => stop()));
    release();
  }
}

/** Both side by side; what is started is put into `running` at once. */
async function start(
  options: EnginesOptions,
  running: (() => Promise<unknown>)[],
): Promise<readonly string[]> {
  const { directory, brokers, postgres, signal, say, language, secureFor } = options;
  // Storage that was made without users is no use to those who sign in, nor the other way round.
  const folder = join(directory, secureFor ? 'kafka-secure' : 'kafka');
  const security = secureFor && kafkaSecurity(join(folder, 'secrets'), secureFor);
  const kafka = startKafka({ directory: folder, brokers, ...(security && { security }) }).then((cluster) => {
    running.push(() => cluster.stop());
    if (security) writeUsers(directory, security);
    return [
      `KAFKA_BROKERS=${cluster.addresses.join(',')}\n`,
      ...(security ? [`KAFKA_CA_FILE=${security.caFile}\n`] : []),
      `MANGNON_ENGINES_PID=${String(process.pid)}\n`,
    ];
  });
  const server = !postgres
    ? []
    : startEmbeddedPostgres({
        dataDirectory: join(directory, 'postgres'),
        report: (note) => say(noteSentence(note, language)),
        signal,
      }).then((started) => {
        running.push(() => started.stop());
        return [`MANGNON_DATABASE_URL=${started.url}\n`, `MANGNON_VAULT_URL=${started.vaultUrl}\n`];
      });
  const all = await Promise.allSettled([kafka, server]);
  for (const one of all) if (one.status === 'rejected') throw one.reason;
  return all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** How each user signs in, in a file of its own: `env.ledger`. */
function writeUsers(directory: string, { users, passwordFile }: KafkaSecurity): void {
  for (const user of users) {
    const lines = `KAFKA_SASL_USERNAME=${user}\nKAFKA_SASL_PASSWORD_FILE=${passwordFile(user)}\n`;
    writeFileSync(join(directory, `env.${user}`), lines, { mode: 0o600 });
  }
}

/** For this process alone; what a dead one left counts for nothing. */
function takeDirectory(directory: string, refusal: (pid: string) => string): () => void {
  const file = join(directory, 'process');
  const [pid = '', identity] = textOf(file).split('\n');
  if (identity && identityOf(Number.parseInt(pid, 10)) === identity) throw new EngineFault(refusal(pid));
  writeFileSync(file, `${String(process.pid)}\n${identityOf(process.pid) ?? ''}`);
  return () => rmSync(file, { force: true });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
