// Brings the programs of Apache Kafka into deploy/local/jars by Maven, as deploy/local/pom.xml declares them; quick when
// they are there. Needs nothing of npm, so that `.ci/run` can begin with it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { vietnamese } from './node-version.mjs';

const folder = fileURLToPath(new URL('../deploy/local', import.meta.url));
const jars = join(folder, 'jars');
const pom = join(folder, 'pom.xml');

const sentences = vietnamese
  ? {
      java: 'Kafka cần Java 17 trở lên (lệnh java): hãy cài đặt, ví dụ: apt install openjdk-17-jre-headless.',
      maven: 'Cần Maven (lệnh mvn) để tải Kafka: hãy cài đặt, ví dụ: apt install maven.',
      failed: 'Maven không tải được Kafka:',
    }
  : {
      java: 'Kafka needs Java 17 or newer (the command java): install it, for example by apt install openjdk-17-jre-headless.',
      maven:
        'Maven (the command mvn) is needed to fetch Kafka: install it, for example by apt install maven.',
      failed: 'Maven could not fetch Kafka:',
    };

/** Something is missing on this machine; the message is one sentence for whoever asked. */
export class EngineMissing extends Error {}

/** Throws {@link EngineMissing} where Java or Maven is missing or too old, or where nothing can be fetched. */
export async function fetchKafka() {
  assertJava();
  const mark = createHash('sha256').update(readFileSync(pom)).digest('hex');
  const marker = join(jars, 'pom.sha256');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === mark) return;
  if (spawnSync('mvn', ['-v'], { stdio: 'ignore' }).status !== 0) throw new EngineMissing(sentences.maven);
  const half = `${jars}.${process.pid}`;
  try {
    mkdirSync(half, { recursive: true });
    await copyInto(half);
    writeFileSync(join(half, 'pom.sha256'), mark);
    rmSync(jars, { recursive: true, force: true });
    renameSync(half, jars);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function assertJava() {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = parseInt(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? '0', 10);
  if (status !== 0 || major < 17) throw new EngineMissing(sentences.java);
}

function copyInto(target) {
  const flags = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${target}`];
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', [...flags, '-DincludeScope=runtime'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new EngineMissing(`${sentences.failed}\n${Buffer.concat(said).toString().trim()}`));
    });
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  fetchKafka().catch((error) => {
    console.error(error instanceof EngineMissing ? error.message : error);
    process.exitCode = 1;
  });
