import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLineOf } from '#platform/embedded-postgres/processes.js';
import { eventually, Hopeless } from './eventually.js';

const local = fileURLToPath(new URL('../../../deploy/local', import.meta.url));
/** A small broker that is up quickly: little heap, and no time spent on making much-used code faster still. */
const machine = ['-Xmx320m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const logging = `-Dlog4j2.configurationFile=${join(local, 'log4j2.properties')}`;
const startsWithinMs = 90_000;
const stopsWithinMs = 15_000;

/** The engine cannot run here; the message is one sentence for whoever started it. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
}

/** Where a broker lives and listens. */
export interface BrokerPlace {
  readonly id: number;
  /** Folder of its settings, its log and what it keeps. */
  readonly directory: string;
  readonly port: number;
  /** Its `server.properties`. */
  readonly properties: Readonly<Record<string, string | number>>;
  /** What its storage is made with beside, such as `--add-scram`; nothing when absent. */
  readonly formatFlags?: readonly string[];
}

/** Arguments of `java` for one of Kafka's programs. */
function javaFlags(program: string, ...rest: readonly string[]): readonly string[] {
  return [...machine, logging, '-cp', join(local, 'jars', '*'), program, ...rest];
}

/** One real broker: a Java process that tests may stop, kill, freeze and start again at the same address. */
export class KafkaBroker {
  private child: ChildProcess | undefined;

  constructor(private readonly place: BrokerPlace) {}

  get id(): number {
    return this.place.id;
  }

  /** `host:port`, the same for as long as the cluster lives. */
  get address(): string {
    return `127.0.0.1:${String(this.place.port)}`;
  }

  /** Process number; throws where it was never started. */
  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('the broker was not started');
    return pid;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** Makes its storage where there is none yet, and resolves once it takes connections. Throws {@link EngineFault}. */
  async start(clusterId: string): Promise<void> {
    if (this.isRunning) return;
    const { directory, port } = this.place;
    mkdirSync(directory, { recursive: true });
    writeFileSync(this.file('server.properties'), propertiesText(this.place.properties), { mode: 0o600 });
    clearLeftover(this.file('pid'));
    await this.format(clusterId);
    const child = this.run('kafka.Kafka', this.file('server.properties'));
    this.child = child;
    writeFileSync(this.file('pid'), String(child.pid));
    endWithUs(child.pid ?? 0);
    await eventually(
      async () => {
        if (!this.isRunning) throw new Hopeless(`Kafka did not start: ${this.lastWords()}`);
        await connected(port);
      },
      { withinMs: startsWithinMs, everyMs: 50 },
    ).catch((cause: unknown) => {
      throw new EngineFault(cause instanceof Error ? cause.message : 'Kafka did not start', { cause });
    });
  }

  /** As an operator stops it: it hands its partitions over first. Killed where that takes too long. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** As a machine that is gone. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stands still from now on, with every connection open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  wake(): void {
    this.child?.kill('SIGCONT');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const late = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs);
    child.kill(signal);
    // One that stands still would take the signal only once it is woken.
    child.kill('SIGCONT');
    await ended;
    clearTimeout(late);
    rmSync(this.file('pid'), { force: true });
  }

  private async format(clusterId: string): Promise<void> {
    const { formatFlags = [] } = this.place;
    const flags = ['format', '--ignore-formatted', '--cluster-id', clusterId, ...formatFlags];
    const child = this.run('kafka.tools.StorageTool', ...flags, '-c', this.file('server.properties'));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    });
    if (code !== 0) throw new EngineFault(`Kafka's storage could not be made: ${this.lastWords()}`);
  }

  /** In a session of its own, so that a Ctrl-C for whoever started it does not end it as well. */
  private run(program: string, ...flags: readonly string[]): ChildProcess {
    const log = openSync(this.file('kafka.log'), 'a');
    try {
      return spawn('java', javaFlags(program, ...flags), { detached: true, stdio: ['ignore', log, log] });
    } finally {
      closeSync(log);
    }
  }

  private lastWords(): string {
    return readFileSync(this.file('kafka.log'), 'utf8').trim().split('\n').slice(-3).join(' | ');
  }

  private file(name: string): string {
    return join(this.place.directory, name);
  }
}

function propertiesText(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Ends a broker that a killed run left behind in this folder. */
function clearLeftover(pidFile: string): void {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return;
  }
  if (commandLineOf(pid)?.includes('kafka.Kafka') === true) process.kill(pid, 'SIGKILL');
  rmSync(pidFile, { force: true });
}

/** A watcher in a session of its own ends the broker when this process is gone, were it by SIGKILL. */
function endWithUs(pid: number): void {
  const script = 'while kill -0 "$1" && kill -0 "$2"; do sleep 1; done; kill -CONT "$2"; kill -9 "$2"';
  spawn('/bin/sh', ['-c', script, 'sh', String(process.pid), String(pid)], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
  }).unref();
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
