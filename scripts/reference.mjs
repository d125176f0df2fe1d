// `npm run reference` writes docs/reference/{events,refusals,routes,settings}.md from what is built; with --check it only
// says which of them are not what the code says.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { build } from './build.mjs';

if (!(await build())) process.exit(1);

const { eventsPage } = await import('./reference/events.mjs');
const { refusalsPage } = await import('./reference/refusals.mjs');
const { routesPage } = await import('./reference/routes.mjs');
const { settingsPage } = await import('./reference/settings.mjs');

const pages = {
  'events.md': eventsPage,
  'refusals.md': refusalsPage,
  'routes.md': routesPage,
  'settings.md': settingsPage,
};
const check = process.argv.includes('--check');

async function look(name, page) {
  const path = `docs/reference/${name}`;
  const style = await resolveConfig(path);
  const text = await format(await page(), { ...style, filepath: path });
  const written = await readFile(path, 'utf8').catch(() => '');
  if (written === text) return true;
  if (!check) await writeFile(path, text);
  console.log(check ? `${path} is not what the code says: run npm run reference` : `${path} written`);
  return !check;
}

let upToDate = true;
for (const [name, page] of Object.entries(pages)) {
  try {
    upToDate = (await look(name, page)) && upToDate;
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    upToDate = false;
  }
}
process.exitCode = upToDate ? 0 : 1;
