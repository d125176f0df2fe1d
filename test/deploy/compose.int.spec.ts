import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readCompose, type ComposeService } from './compose-file.js';
import { processNames } from './known.js';

const compose = readCompose();
const all = Object.entries(compose.services);
const isOurs = ({ image }: ComposeService): boolean => image.startsWith('mangnon:');
const ours = all.filter(([, service]) => isOurs(service));
const runs = (name: string): ComposeService => compose.services[name]!;

/** Names of those for which it does not hold. */
const without = (test: (service: ComposeService, name: string) => boolean): readonly string[] =>
  all.filter(([name, service]) => !test(service, name)).map(([name]) => name);

describe('docker-compose.yml', () => {
  it('is as the Compose Specification says', () => {
    const schemas = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
    const schema = JSON.parse(readFileSync(join(schemas, 'schemas/compose.schema.json'), 'utf8')) as object;
    const ajv = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true });
    formats.default(ajv);
    const { $schema: _, ...draft7 } = schema as { $schema?: string };
    const check = ajv.compile(draft7);
    expect([check(compose), check.errors]).toEqual([true, null]);
    expect(check({ ...compose, services: { one: { ...runs('ledger'), memory: 5 } } })).toBe(false);
  });

  it('runs every service of the registry, and the gateway', () => {
    const long = ours.filter(([, { restart }]) => restart !== 'no');
    expect(long.map(([name]) => name).sort()).toEqual([...processNames].sort());
    for (const [name, { command }] of long) expect(command).toEqual([name]);
  });

  it('runs nothing as root, with rights beyond those of a process, or on a file system that it may change', () => {
    expect(without(({ user }) => user !== undefined && !/^(0|root)\b/.test(user))).toEqual([]);
    expect(without(({ user = '' }) => /^[1-9]\d*:[1-9]\d*$|^\$\{MANGNON_USER:\?/.test(user))).toEqual([]);
    expect(without(({ read_only }) => read_only === true)).toEqual([]);
    expect(without(({ cap_drop }) => cap_drop?.join() === 'ALL')).toEqual([]);
    expect(without(({ security_opt }) => security_opt?.includes('no-new-privileges:true') === true)).toEqual(
      [],
    );
    expect(without(({ privileged, network_mode }) => !privileged && network_mode === undefined)).toEqual([]);
  });

  it('bounds what each may use', () => {
    const limits = ['cpus', 'memory', 'pids'];
    expect(without(({ deploy }) => limits.every((limit) => limit in deploy.resources.limits))).toEqual([]);
  });

  it('publishes the gateway alone, to this machine alone', () => {
    expect(all.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['gateway']);
    expect(runs('gateway').ports).toEqual(['127.0.0.1:${MANGNON_PORT:-3000}:3000']);
    const on = (network: string) => all.filter(([, { networks }]) => networks.includes(network));
    expect(on('edge').map(([name]) => name)).toEqual(['gateway']);
    expect(runs('gateway').networks).not.toContain('engines');
    const open = Object.entries(compose.networks).filter(([, { internal }]) => internal !== true);
    expect(open.map(([name]) => name)).toEqual(['edge']);
  });

  it('starts each when what it needs is ready', () => {
    const conditions = ['service_healthy', 'service_completed_successfully'];
    const isReadyKnown = (name: string): boolean =>
      runs(name).healthcheck?.test !== undefined || (isOurs(runs(name)) && runs(name).restart !== 'no');
    for (const [name, { depends_on = {} }] of all)
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        expect([name, needed, conditions]).toEqual([name, needed, expect.arrayContaining([condition])]);
        if (condition === 'service_healthy') expect([needed, isReadyKnown(needed)]).toEqual([needed, true]);
        else expect([needed, runs(needed).restart]).toEqual([needed, 'no']);
      }
    for (const name of processNames.filter((each) => each !== 'gateway'))
      expect(Object.keys(runs(name).depends_on ?? {})).toEqual(
        expect.arrayContaining(['roles', 'topics', 'kurrentdb']),
      );
  });

  it('takes each engine in one exact release', () => {
    const others = all.filter(([, service]) => !isOurs(service)).map(([, { image }]) => image);
    expect(others.filter((image) => !/:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image))).toEqual([]);
  });

  it('mounts files of the repository that are there, none of them to be changed', () => {
    const files = all.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => volume.startsWith('./'));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const [source = '', , mode] = file.split(':');
      expect([source, existsSync(source), mode]).toEqual([source, true, 'ro']);
    }
  });
});
