// `npm run service -- NAME`: one service in a process of its own, on the engines of `npm run engines` or of the environment.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assertNode, vietnamese } from './node-version.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = ['gateway', 'access', 'donations', 'ledger', 'receipts'];
const help = `Usage: npm run service -- NAME

Runs one service in a process of its own until Ctrl-C: ${names.join(', ')}.
It finds its engines by the environment (docs/reference/settings.md), and what is not set there by the env files of
"npm run engines". The others run in terminals of their own; people and programs ask the gateway.
`;

/** What the engines of this machine say where they are, and how the service signs in there; what is set already stays. */
function takeEngines(service) {
  for (const file of ['env', `env.${service}`]) takeFile(`${root}.mangnon-engines/${file}`);
}

function takeFile(file) {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name) process.env[name] ??= value;
  }
}

assertNode(1);
const [name, ...rest] = process.argv.slice(2);
if (name === '--help') {
  console.log(help);
} else if (!names.includes(name) || rest.length > 0) {
  console.error(
    `${name === undefined ? 'Which service?' : `There is no service "${[name, ...rest].join(' ')}".`}\n\n${help}`,
  );
  process.exitCode = 2;
} else {
  takeEngines(name);
  const { build } = await import('./build.mjs');
  if (await build({ vietnamese })) await import(`../dist/apps/${name}/src/main.js`);
  else process.exitCode = 1;
}
