// Runs every check of `npm run lint`, two at a time, shows what each complains of, and fails if one does.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const checks = {
  types: [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.json',
    '--noEmit',
    '--tsBuildInfoFile',
    'dist/.lint.tsbuildinfo',
  ],
  code: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  imports: [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'apps',
    'libs',
    'test',
  ],
  unused: ['node_modules/knip/bin/knip.js'],
  lockfile: ['scripts/complete-lockfile.mjs', '--check'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

const run = ([program, ...flags]) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...flags], { cwd: root });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
    child.once('close', (code) => resolve({ passed: code === 0, said: Buffer.concat(said).toString() }));
  });

const only = process.argv.slice(2);
const waiting = Object.entries(checks).filter(([name]) => only.length === 0 || only.includes(name));
const failed = [];

async function worker() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, command] = next;
    const began = performance.now();
    const { passed, said } = await run(command);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name}  (${seconds} s)`);
    if (!passed) {
      console.log(said.trimEnd());
      failed.push(name);
    }
  }
}

await Promise.all([worker(), worker()]);
if (failed.length > 0) {
  console.error(`lint: ${failed.join(', ')}`);
  process.exitCode = 1;
}
