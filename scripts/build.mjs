// Compiles apps and libs into dist/, copies what else lies beside them (charts, templates) and describes what the API
// answers, when something is missing or other than its source; quick when nothing is.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const marker = join(root, 'dist/.built');
const lock = join(root, 'dist/.building');
const answers = join(root, 'dist/openapi-answers.json');
const left = /(\.spec|\.contract)\.ts$|\.md$|^libs\/testing\//;
const settings = [
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'scripts/openapi-answers.mjs',
  'scripts/openapi/names.mjs',
  'scripts/openapi/schemas.mjs',
];

const sentences = {
  en: {
    install: 'The packages are not installed yet: run npm ci first.',
    building: 'Building …',
    built: (seconds) => `Built in ${seconds} s.`,
    failed: 'The build failed: see above.',
  },
  vi: {
    install: 'Chưa cài các gói: hãy chạy npm ci trước.',
    building: 'Đang biên dịch …',
    built: (seconds) => `Đã biên dịch trong ${seconds} giây.`,
    failed: 'Biên dịch không thành công: xem ở trên.',
  },
};

/** Every source in a stable order. */
function sources() {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (!left.test(path)) found.push(path);
    }
  };
  walk('apps');
  walk('libs');
  return found.sort();
}

const outputOf = (path) => join(root, 'dist', path.replace(/\.ts$/, '.js'));

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of [...settings, ...paths]) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** What there is to do: nothing, or to compile; from nothing when an output is gone that the compiler believes in. */
function look() {
  const paths = sources();
  const mark = fingerprint(paths);
  const missing = paths.some((path) => !existsSync(outputOf(path)));
  const complete = !missing && existsSync(answers) && existsSync(marker);
  const upToDate = complete && readFileSync(marker, 'utf8') === mark;
  return { paths, mark, missing, upToDate };
}

/** One build at a time; the lock of a process that is gone counts for nothing. */
async function takeTurn() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // A link appears with its content: nobody takes a lock that is being written for an abandoned one.
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    while (!tryLink(mine)) {
      if (isGone(lock)) rmSync(lock, { force: true });
      else await delay(100);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function tryLink(mine) {
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isGone(path) {
  try {
    const pid = parseInt(readFileSync(path, 'utf8'), 10);
    return !pid || !process.kill(pid, 0);
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** Builds what is stale; false when the build failed, which it has then said. */
export async function build({ vietnamese = false } = {}) {
  const say = vietnamese ? sentences.vi : sentences.en;
  if (!existsSync(compiler)) {
    console.error(say.install);
    return false;
  }
  if (look().upToDate) return true;
  await takeTurn();
  try {
    return await compile(say);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function compile(say) {
  const { paths, mark, missing, upToDate } = look();
  if (upToDate) return true;
  console.log(say.building);
  const began = performance.now();
  if (missing) rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0 || !(await describeAnswers())) {
    console.error(say.failed);
    return false;
  }
  for (const path of paths) if (!path.endsWith('.ts')) copyOver(path);
  writeFileSync(marker, mark);
  console.log(say.built(((performance.now() - began) / 1000).toFixed(1)));
  return true;
}

/** Loaded only now: what has nothing to build shall not wait for the compiler. */
async function describeAnswers() {
  const { writeAnswers } = await import('./openapi-answers.mjs');
  return writeAnswers(answers);
}

function copyOver(path) {
  mkdirSync(dirname(outputOf(path)), { recursive: true });
  copyFileSync(join(root, path), outputOf(path));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!(await build())) process.exitCode = 1;
}
