import { readFileSync } from 'node:fs';
import { DECORATORS } from '@nestjs/swagger';
import { openApplication } from './application.mjs';
import { table } from './files.mjs';

/** Who may call what: every route of the API and every page, by service. */
export async function routesPage() {
  const { roles } = await import(new URL('../../dist/libs/kernel/src/roles.js', import.meta.url));
  const { needsSecondFactor } = await import(
    new URL('../../dist/libs/kernel/src/second-factor.js', import.meta.url)
  );
  const { routes, controllers } = await openApplication();
  const { answers } = JSON.parse(readFileSync('dist/openapi-answers.json', 'utf8'));
  const serviceOf = ({ handler }) => controllers.get(handler.split('.', 1)[0]).service;
  const names = [...new Set(routes.map(serviceOf))].sort();
  const sections = names.flatMap((service) => {
    const rows = routes
      .filter((route) => serviceOf(route) === service)
      .map((route) => rowOf(route, roles, titleOf(route, controllers) ?? answers[route.handler]?.summary));
    const title = service === 'gateway' ? 'gateway (pages for people)' : service;
    const heads = ['route', 'what it does', 'anybody', 'any staff', ...roles];
    return [`## ${title}`, '', ...table(...withoutEmpty(heads, rows, 1))];
  });
  return [
    '# Who may call what',
    '',
    'Made from the code by `npm run reference`; do not edit. A role counts on the fund concerned, if it is granted on that fund,',
    'on one above it with the funds below, or on every fund. What is not ticked is refused.',
    '',
    `Only with a second factor: ${roles.filter(needsSecondFactor).join(', ')}.`,
    '',
    ...sections,
  ].join('\n');
}

function titleOf({ handler }, controllers) {
  const [controller, method] = handler.split('.');
  const { type } = controllers.get(controller);
  return Reflect.getMetadata(DECORATORS.API_OPERATION, type.prototype[method])?.summary;
}

function rowOf({ method, path, access }, roles, summary = '') {
  const ticks = {
    public: ['✓', '', ...roles.map(() => '')],
    staff: ['', '✓', ...roles.map(() => '')],
    roles: ['', '', ...roles.map((role) => (access.roles?.includes(role) ? '✓' : ''))],
  };
  return [`\`${method} ${path}\``, firstSentence(summary), ...ticks[access.kind]];
}

/** Heads and rows, without that column where no row has anything in it. */
function withoutEmpty(heads, rows, column) {
  if (rows.some((row) => row[column] !== '')) return [heads, rows];
  const kept = (row) => row.filter((_, at) => at !== column);
  return [kept(heads), rows.map(kept)];
}

function firstSentence(text) {
  return text.split(/(?<=\.)\s/, 1)[0].replace(/\.$/, '');
}
