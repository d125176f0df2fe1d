// `npm run bench`: builds what `npm start` runs, then measures it.
import { register } from 'node:module';
import { build } from './build.mjs';
import { assertNode } from './node-version.mjs';

assertNode(1);
if (!(await build())) process.exit(1);
register('../test/typescript-hooks.mjs', import.meta.url);
// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
const { bench } = await import('../test/load/main.ts');
process.exitCode = await bench(process.argv.slice(2));
