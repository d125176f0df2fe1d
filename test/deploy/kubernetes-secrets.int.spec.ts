import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readGatewayConfig } from '#apps/gateway/src/config.js';
import { readReceiptsConfig } from '#apps/receipts/src/config.js';
import { runCli } from '#apps/cli/src/run.js';
import { readApartConfig } from '#platform/apart/config.js';
import { keysOf, processNames } from './known.js';
import {
  folders,
  readKustomization,
  readManifests,
  type Container,
  type Manifest,
  type Variable,
  type Workload,
} from './manifests.js';

const manifests = readManifests();
const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job') as Workload[];
const { secretGenerator = [], configMapGenerator = [] } = readKustomization('foundation');
const here = mkdtempSync(join(tmpdir(), 'mangnon-kubernetes-'));
const root = join(here, 'kubernetes');
const secrets = join(root, 'foundation/.mangnon-secrets');

beforeAll(async () => {
  cpSync('deploy/kubernetes', root, {
    recursive: true,
    filter: (path) => !path.includes('.mangnon-secrets'),
  });
  const quiet = (): void => undefined;
  const exit = await runCli(['init', '--to', secrets], {
    streams: { out: quiet, err: quiet, isScreen: false },
    environment: {},
    ...{ pour: async () => undefined, ask: async () => undefined, readInput: async () => '' },
  });
  expect(exit).toBe(0);
});
afterAll(() => rmSync(here, { recursive: true }));

/** Keys of what a generator makes, each with its file. */
const filesOf = (generators: typeof secretGenerator, name: string): ReadonlyMap<string, string> =>
  new Map(
    generators
      .filter((one) => one.name === name)
      .flatMap(({ files }) => files.map((file) => file.split('=') as [string, string])),
  );

interface Mounted {
  /** In the folder of what is applied first. */
  readonly file: string;
  /** Below `/run/secrets`. */
  readonly path: string;
  /** `name/key` of what is made of the file. */
  readonly key: string;
}

/** What a pod finds in `/run/secrets`. */
const mountedIn = ({ spec }: Workload): readonly Mounted[] =>
  spec.template.spec.volumes
    .flatMap(({ projected }) => projected?.sources ?? [])
    .flatMap(({ secret, configMap }) => {
      const { name, items } = secret ?? configMap!;
      const files = filesOf(secret ? secretGenerator : configMapGenerator, name);
      return items.map(({ key, path }) => ({ path, key: `${name}/${key}`, file: files.get(key) ?? 'none' }));
    });

/** Lays that out; throws where a file is missing. */
function mount(one: Workload): string {
  const to = join(here, one.metadata.name);
  for (const { file, path } of mountedIn(one)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(root, 'foundation', file), join(to, path));
  }
  return to;
}

const engines = manifests.find(({ metadata }) => metadata.name === 'engines') as
  (Manifest & { readonly data: Readonly<Record<string, string>> }) | undefined;

/** What a variable comes to; undefined where its secret may be absent. */
function valueOf({ value, valueFrom }: Variable): string | undefined {
  if (value !== undefined) return value;
  const { name, key } = valueFrom?.['configMapKeyRef'] ?? {};
  return name === 'engines' ? engines?.data[key ?? ''] : undefined;
}

function environmentOf(workload: Workload): Readonly<Record<string, string>> {
  const [container] = workload.spec.template.spec.containers as [Container];
  const mounted = mount(workload);
  const given = new Map<string, string>();
  for (const variable of container.env) {
    const value = valueOf(variable)?.replaceAll(
      /\$\(([A-Z_]+)\)/g,
      (whole, name: string) => given.get(name) ?? whole,
    );
    if (value !== undefined) given.set(variable.name, value.replaceAll('/run/secrets', mounted));
  }
  return Object.fromEntries(given);
}

const workload = (name: string): Workload => workloads.find(({ metadata }) => metadata.name === name)!;

describe('the secrets of deploy/kubernetes', () => {
  it('are all made by mangnon init, and all used', () => {
    for (const one of workloads) mount(one);
    const made = [...secretGenerator, ...configMapGenerator].flatMap(({ name, files }) =>
      files.map((file) => `${name}/${file.split('=', 1)[0] ?? ''}`),
    );
    const used = workloads.flatMap(mountedIn).map(({ key }) => key);
    expect([...new Set(used)].sort()).toEqual(made.sort());
  });

  it('are given to the service whose they are alone, readable by its group alone', () => {
    for (const { metadata, spec } of workloads) {
      const projected = spec.template.spec.volumes.flatMap((volume) => volume.projected ?? []);
      const names = projected.flatMap(({ sources }) => sources.flatMap(({ secret }) => secret?.name ?? []));
      expect(names).toEqual([metadata.name]);
      expect(projected.map(({ defaultMode }) => defaultMode)).toEqual([0o440]);
    }
  });

  it.each(processNames)('give %s the keys of its own rooms of the vault alone', (name) => {
    const paths = mountedIn(workload(name)).map(({ path }) => path);
    expect(paths.filter((path) => path.endsWith('.key')).sort()).toEqual(keysOf(name));
  });

  it.each(processNames.filter((name) => name !== 'gateway'))('let %s be set up', (name) => {
    const config = readApartConfig(3000, environmentOf(workload(name)));
    expect(config.kafka.sasl).toMatchObject({
      username: name,
      password: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(config.databaseUrl).toMatch(
      new RegExp(`^postgresql://mangnon_${name}:[\\w-]{43}@[^$]+/mangnon\\?`),
    );
    expect(config.vaultUrl).toMatch(new RegExp(`^postgresql://mangnon_${name}:[\\w-]{43}@[^$]+/vault\\?`));
    expect(config.eventStore?.url).toMatch(/^esdb\+discover:\/\/mangnon:[\w-]{43}@/);
  });

  it('let the gateway find every service, and receipts its mail', () => {
    const { services } = readGatewayConfig(environmentOf(workload('gateway')));
    for (const [name, url] of Object.entries(services)) expect(url).toBe(`http://${name}:3000`);
    const mail = { ...environmentOf(workload('receipts')), SMTP_URL: 'smtps://mail.example' };
    expect(readReceiptsConfig(mail).mailFrom).toBe('bien-lai@quy.example');
  });

  const client = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
  (client ? it : it.skip)('are found by kubectl kustomize', () => {
    for (const folder of folders) {
      const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(root, folder)], {
        encoding: 'utf8',
      });
      expect([folder, status, stderr]).toEqual([folder, 0, '']);
      expect(stdout).toContain('namespace: mangnon');
    }
  });
});
