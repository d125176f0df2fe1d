import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { Workshop } from '../workshop.js';

/** By rule: a file, and the import that it may not have. */
const violations: Readonly<Record<string, readonly [file: string, ...imports: string[]]>> = {
  'no-circles': ['libs/domain/src/planted/circle.ts', './round.js'],
  'every-import-resolves': ['libs/kernel/src/planted.ts', './nowhere.js'],
  'never-dist': ['libs/testing/src/planted.ts', '../../../dist/planted.js'],
  'testing-is-for-tests': ['libs/platform/src/planted-testing.ts', '#testing/planted.js'],
  'kernel-keeps-its-floor': ['libs/kernel/src/planted-floor.ts', '#contracts/planted.js'],
  'postgres-keeps-its-floor': ['libs/postgres/src/planted.ts', '#event-store/planted.js'],
  'contracts-keeps-its-floor': ['libs/contracts/src/planted-floor.ts', '#domain/planted/planted.events.js'],
  'domain-keeps-its-floor': ['libs/domain/src/planted/planted-floor.ts', '#contracts/planted.js'],
  'event-store-keeps-its-floor': ['libs/event-store/src/planted-floor.ts', '#messaging/planted.js'],
  'messaging-keeps-its-floor': ['libs/messaging/src/planted-floor.ts', '#event-store/planted.js'],
  'vault-keeps-its-floor': ['libs/vault/src/planted-floor.ts', '#postgres/planted-base.js'],
  'event-store-on-postgres-keeps-its-floor': [
    'libs/event-store/src/postgres/planted.ts',
    '#messaging/planted.js',
  ],
  'messaging-on-postgres-keeps-its-floor': ['libs/messaging/src/postgres/planted.ts', '#vault/planted.js'],
  'vault-on-postgres-keeps-its-floor': ['libs/vault/src/postgres/planted.ts', '#event-store/planted.js'],
  'messaging-direct-keeps-its-floor': [
    'libs/messaging/src/direct/planted.ts',
    '#event-store/postgres/planted.js',
  ],
  'messaging-kafka-keeps-its-floor': ['libs/messaging/src/kafka/planted.ts', '#postgres/planted-base.js'],
  'read-models-keeps-its-floor': ['libs/read-models/src/planted.ts', '#messaging/planted.js'],
  'platform-keeps-its-floor': ['libs/platform/src/planted-floor.ts', '#contracts/planted.js'],
  'aggregates-do-not-meet': ['libs/domain/src/planted/planted-meets.ts', '#domain/other/other.events.js'],
  'adapters-do-not-meet': ['libs/event-store/src/in-memory/planted.ts', '../postgres/planted-base.js'],
  'only-platform-picks-adapters': ['apps/ledger/src/planted.ts', '#event-store/postgres/planted-base.js'],
  'apps-do-not-meet': ['apps/ledger/src/in/planted.ts', '#apps/receipts/src/planted.js'],
  'standalone-sees-only-modules': ['apps/standalone/src/planted.ts', '#apps/receipts/src/planted.js'],
  'cli-sees-only-projections-and-publishers': [
    'apps/cli/src/planted.ts',
    '#apps/receipts/src/read/planted.query.js',
  ],
  'read-and-out-never-look-in': ['apps/ledger/src/out/planted.publisher.ts', '../in/planted-base.js'],
  'access-decides-only-its-own': ['apps/access/src/planted.ts', '#domain/fund/planted.decide.js'],
  'donations-decides-only-its-own': ['apps/donations/src/planted.ts', '#domain/fund/planted.decide.js'],
  'ledger-decides-only-its-own': ['apps/ledger/src/planted-decides.ts', '#domain/staff/planted.decide.js'],
  'receipts-decides-only-its-own': ['apps/receipts/src/planted.ts', '#domain/fund/planted.decide.js'],
  'disbursements-decides-only-its-own': [
    'apps/disbursements/src/planted.ts',
    '#domain/fund/planted.decide.js',
  ],
  'beneficiaries-decides-only-its-own': [
    'apps/beneficiaries/src/planted.ts',
    '#domain/fund/planted.decide.js',
  ],
  'replay-never-decides': ['apps/cli/src/planted-replay.ts', '#domain/fund/planted.decide.js'],
  'gateway-knows-no-domain': ['apps/gateway/src/planted.ts', '#domain/fund/planted.decide.js'],
  'personal-data-stays-home': ['apps/audit/src/planted-vault.ts', '#vault/planted.js'],
  pure: ['libs/domain/src/planted/planted-pure.ts', 'node:fs'],
  'zod-in-contracts-only': ['libs/kernel/src/planted-zod.ts', 'zod'],
  'driver-kafkajs-stays-home': ['libs/messaging/src/planted-kafka.ts', 'kafkajs'],
  'driver-eventstore-stays-home': ['libs/event-store/src/planted-store.ts', '@eventstore/db-client'],
  'driver-grpc-stays-home': ['libs/event-store/src/kurrentdb/planted-grpc.ts', '@grpc/grpc-js'],
  'driver-opentelemetry-stays-home': ['libs/messaging/src/planted-trace.ts', '@opentelemetry/api'],
  'driver-pg-stays-home': ['libs/read-models/src/planted-pg.ts', 'pg'],
  'driver-typeorm-stays-home': ['apps/ledger/src/in/planted-typeorm.ts', 'typeorm'],
  'driver-nest-stays-home': ['libs/read-models/src/planted-nest.ts', '@nestjs/common'],
};

/** Files that the planted ones point at; harmless by themselves. */
const targets = [
  'libs/domain/src/planted/planted.events.ts',
  'libs/domain/src/other/other.events.ts',
  'libs/domain/src/fund/planted.decide.ts',
  'libs/domain/src/staff/planted.decide.ts',
  'libs/event-store/src/postgres/planted-base.ts',
  'libs/postgres/src/planted-base.ts',
  'apps/ledger/src/in/planted-base.ts',
  'apps/receipts/src/read/planted.query.ts',
  'dist/planted.js',
  ...['contracts', 'event-store', 'messaging', 'vault'].map((lib) => `libs/${lib}/src/planted.ts`),
];

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';

describe('the import rules', () => {
  // The sources themselves are looked at as a whole by `npm run lint`.
  const workshop = new Workshop(/^(apps|libs|test|docs)$/);
  let reported: readonly string[] = [];

  beforeAll(async () => {
    for (const path of targets) workshop.plant(path, 'export const planted = 1;\n');
    for (const [file, ...imports] of Object.values(violations)) {
      const lines = imports.map((from, index) => `import * as planted${String(index)} from '${from}';`);
      workshop.plant(file, `${lines.join('\n')}\nexport const all = [planted0];\n`);
    }
    workshop.plant('test/.gitkeep', '');
    workshop.plant('libs/domain/src/planted/round.ts', "export { all } from './circle.js';\n");
    const flags = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs', 'test'];
    const { output } = await workshop.run(cruiser, ...flags);
    const report = JSON.parse(output) as Report;
    reported = report.summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
  });
  afterAll(() => workshop.close());

  it.each(Object.entries(violations))('%s is reported where it is broken', (rule, [file]) => {
    expect(reported).toContain(`${rule} ${file}`);
  });

  it('have a violation planted for each of them', () => {
    const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      readonly forbidden: readonly { readonly name: string }[];
    };
    expect(Object.keys(violations).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  it('report nothing that was not planted, and make lint fail for it', async () => {
    const untouched = (line: string): boolean => !/planted|domain\/src\/other/.test(line);
    expect(reported.filter(untouched)).toEqual([]);
    const { code, output } = await workshop.run('scripts/lint.mjs', 'imports');
    expect([code, output]).toEqual([1, expect.stringContaining('lint: imports')]);
  });
});
