// Run after every `npm install`; lint checks it. Where a registry lacks a package's builds for other machines, npm leaves them out of
// package-lock.json, and `npm ci` then refuses the lockfile everywhere. This writes them back: the exact version that
// their parent asks for, and the machine they are for, so that only such a machine fetches them.
import { readFileSync, writeFileSync } from 'node:fs';

const path = 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8'));
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
];
const added = [];

for (const [place, parent] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    if (found(place, name)) continue;
    const parts = name.split('/').at(-1).split('-');
    const os = parts.filter((part) => systems.includes(part));
    const cpu = parts.filter((part) => processors.includes(part));
    if (os.length === 0 && cpu.length === 0) continue;
    const version = /^\d+\.\d+\.\d+/.test(range) ? range : parent.version;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
      os: os.length > 0 ? os : ['none'],
    };
    added.push(`${name}@${version}`);
  }
}

/** As Node looks for it: beside the parent, then further out. */
function found(place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) at = '';
  }
}

const check = process.argv.includes('--check');
if (added.length > 0 && !check) {
  const byPlace = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byPlace) }, null, 2)}\n`);
}
console.log(added.length === 0 ? 'Nothing is missing.' : `Left out: ${added.join(', ')}`);
if (added.length > 0 && check) {
  console.error('npm ci will refuse this lockfile: run node scripts/complete-lockfile.mjs');
  process.exitCode = 1;
}
