// Who may import whom (docs/explanation: the floors). test/lint plants one violation of each rule and sees it reported.
const aside = '\\.(spec|contract)\\.ts$';
const ports = ['event-store', 'messaging', 'vault'];
const anyPort = ports.join('|');

// Which aggregates each service may decide.
const owns = {
  access: ['staff'],
  donations: ['donor', 'campaign', 'pledge', 'donation', 'statement', 'bank-item'],
  ledger: ['fund', 'journal'],
  receipts: ['receipt-book', 'receipt'],
  disbursements: ['programme', 'request', 'delegation', 'lot'],
  beneficiaries: ['child', 'facility', 'consent', 'enrolment', 'sponsorship'],
};
const opensVault = ['donations', 'ledger', 'receipts', 'disbursements', 'beneficiaries', 'access'];

/** Code at `from` may import nothing of ours but `allowed`. */
const only = (name, from, allowed) => ({
  name: `${name}-keeps-its-floor`,
  severity: 'error',
  from: { path: from, pathNot: aside },
  to: { path: '^(libs|apps)/', pathNot: `^(${allowed.join('|')})` },
});

/** A driver is imported in its homes alone; the second form of the path is what is not installed. */
const driver = (name, packages, homes) => ({
  name: `driver-${name}-stays-home`,
  severity: 'error',
  from: { path: '^(libs|apps)/', pathNot: `^(${homes.join('|')})` },
  to: { path: `(^|node_modules/)${packages}(/|$)` },
});

const floors = [
  only('kernel', '^libs/kernel/', ['libs/kernel/']),
  only('postgres', '^libs/postgres/', ['libs/postgres/', 'libs/kernel/']),
  only('contracts', '^libs/contracts/', ['libs/contracts/', 'libs/kernel/']),
  only('domain', '^libs/domain/', ['libs/domain/', 'libs/kernel/']),
  ...ports.map((port) =>
    only(port, `^libs/${port}/(?!src/(postgres/|direct/|kafka/|(key-lanes|first-behind)\\.ts))`, [
      `libs/${port}/`,
      'libs/kernel/',
    ]),
  ),
  ...ports.map((port) =>
    only(`${port}-on-postgres`, `^libs/${port}/src/postgres/`, [
      `libs/${port}/`,
      'libs/kernel/',
      'libs/postgres/',
    ]),
  ),
  only('messaging-kafka', '^libs/messaging/src/(kafka/|(key-lanes|first-behind)\\.ts)', [
    'libs/messaging/',
    'libs/kernel/',
    'libs/event-store/src/[^/]+\\.ts',
  ]),
  only('messaging-direct', '^libs/messaging/src/direct/', [
    'libs/messaging/',
    'libs/kernel/',
    'libs/postgres/',
    'libs/event-store/src/[^/]+\\.ts',
  ]),
  only('read-models', '^libs/read-models/', [
    'libs/read-models/',
    'libs/event-store/src/[^/]+\\.ts',
    'libs/postgres/',
    'libs/kernel/',
  ]),
  only('platform', '^libs/platform/', ['libs/(?!domain/|contracts/|testing/)']),
];

const neighbours = [
  {
    name: 'aggregates-do-not-meet',
    severity: 'error',
    from: { path: '^libs/domain/src/([^/]+)/' },
    to: { path: '^libs/domain/', pathNot: '^libs/domain/src/$1/' },
  },
  {
    name: 'adapters-do-not-meet',
    severity: 'error',
    from: { path: `^libs/(${anyPort})/src/([^/]+)/`, pathNot: aside },
    to: { path: '^libs/$1/src/[^/]+/', pathNot: '^libs/$1/src/$2/' },
  },
  {
    name: 'only-platform-picks-adapters',
    severity: 'error',
    from: { path: '^apps/', pathNot: '\\.spec\\.ts$' },
    to: { path: `^libs/(${anyPort})/src/[^/]+/` },
  },
  {
    name: 'apps-do-not-meet',
    severity: 'error',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/(standalone|cli)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'standalone-sees-only-modules',
    severity: 'error',
    from: { path: '^apps/standalone/' },
    to: { path: '^apps/', pathNot: '^apps/(standalone/|[^/]+/src/[^/]+\\.module\\.ts$)' },
  },
  {
    name: 'cli-sees-only-projections-and-publishers',
    severity: 'error',
    from: { path: '^apps/cli/' },
    to: {
      path: '^apps/',
      pathNot: '^apps/(cli/|[^/]+/src/(read/.*\\.projection|out/[^/]*\\.publisher)\\.ts$)',
    },
  },
  {
    name: 'read-and-out-never-look-in',
    severity: 'error',
    from: { path: '^apps/[^/]+/src/(read|out)/', pathNot: aside },
    to: { path: '^apps/[^/]+/src/in/' },
  },
];

const domains = [
  ...Object.entries(owns).map(([app, aggregates]) => ({
    name: `${app}-decides-only-its-own`,
    severity: 'error',
    from: { path: `^apps/${app}/` },
    to: { path: '^libs/domain/', pathNot: `^libs/domain/src/(${aggregates.join('|')})/` },
  })),
  {
    name: 'replay-never-decides',
    severity: 'error',
    from: { path: '^apps/(cli|audit)/' },
    to: { path: '^libs/domain/', pathNot: '\\.(events|state|upcast|policy)\\.ts$' },
  },
  {
    name: 'gateway-knows-no-domain',
    severity: 'error',
    from: { path: '^apps/(gateway|standalone)/' },
    to: { path: '^libs/domain/' },
  },
  {
    name: 'personal-data-stays-home',
    severity: 'error',
    from: {
      path: '^(libs|apps)/',
      pathNot: `^(libs/(vault|platform|testing)|apps/(${opensVault.join('|')}))/`,
    },
    to: { path: '^libs/vault/' },
  },
  {
    name: 'pure',
    severity: 'error',
    from: { path: '^libs/(kernel|domain|contracts)/', pathNot: '\\.spec\\.ts$' },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'core'], pathNot: '(^|node_modules/)zod(/|$)' },
  },
  {
    name: 'zod-in-contracts-only',
    severity: 'error',
    from: { path: '^libs/(kernel|domain)/' },
    to: { path: '(^|node_modules/)zod(/|$)' },
  },
];

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    // Without the `source` condition below imports resolve to dist/ or nowhere, and no other rule fires.
    { name: 'every-import-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'never-dist', severity: 'error', from: {}, to: { path: '^dist/' } },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^libs/testing/|${aside}` },
      to: { path: '^libs/testing/|(^|node_modules/)(@jest|jest|fast-check)(/|$)' },
    },
    ...floors,
    ...neighbours,
    ...domains,
    driver('kafkajs', 'kafkajs', ['libs/messaging/src/kafka/']),
    driver('eventstore', '@eventstore', [
      'libs/event-store/src/kurrentdb/',
      'libs/testing/src/eventstoredb-protocol/',
    ]),
    driver('grpc', '(@grpc|google-protobuf)', ['libs/testing/src/eventstoredb-protocol/']),
    driver('opentelemetry', '@opentelemetry', ['libs/platform/src/tracing/']),
    driver('pg', 'pg', ['libs/postgres/', 'libs/testing/']),
    driver('typeorm', 'typeorm', [
      'libs/testing/',
      'libs/read-models/',
      'libs/platform/',
      'apps/[^/]+/src/read/',
      'apps/[^/]+/migrations/',
    ]),
    driver('nest', '@nestjs', ['apps/', 'libs/platform/', 'libs/testing/']),
  ],
  options: {
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
