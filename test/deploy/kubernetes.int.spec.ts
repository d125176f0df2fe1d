import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { stopsWithinMs } from '#platform/apart/run-process.js';
import { holdsSecret, knownSettings, processNames } from './known.js';
import {
  filesOf,
  folders,
  readKustomization,
  readManifests,
  type Container,
  type Manifest,
  type Policy,
  type Workload,
} from './manifests.js';
import { faultsOfTypes } from './typed.js';

const manifests = readManifests();
const ofKind = (kind: string): readonly Manifest[] => manifests.filter((one) => one.kind === kind);
const deployments = ofKind('Deployment') as readonly Workload[];
const workloads = [...deployments, ...(ofKind('Job') as readonly Workload[])];
const policies = ofKind('NetworkPolicy') as readonly Policy[];
const containersOf = ({ spec }: Workload): readonly Container[] => [
  ...(spec.template.spec.initContainers ?? []),
  ...spec.template.spec.containers,
];
const containers = workloads.flatMap(containersOf);
const namesOf = (list: readonly { readonly metadata: { readonly name: string } }[]) =>
  list.map(({ metadata }) => metadata.name).sort();

describe('deploy/kubernetes', () => {
  it('is of objects as the API describes them', () => {
    expect(manifests.length).toBeGreaterThan(25);
    const [one] = deployments as [Workload];
    const wrong = { ...one, spec: { ...one.spec, replica: 2 } };
    expect(faultsOfTypes([...manifests, wrong])).toEqual([expect.stringContaining('"replica"')]);
  });

  it('names each file in a kustomization, all in one namespace and one release', () => {
    for (const folder of folders) {
      const { resources, namespace, images } = readKustomization(folder);
      expect([folder, [...resources].sort(), namespace]).toEqual([folder, filesOf(folder), 'mangnon']);
      if (folder !== 'foundation') expect(images).toEqual([{ name: 'mangnon', newTag: '0.1.0' }]);
    }
  });

  it('runs every service of the registry, each with a service and a disruption budget', () => {
    const names = [...processNames].sort();
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget'])
      expect([kind, namesOf(ofKind(kind))]).toEqual([kind, names]);
    for (const { metadata, spec } of deployments) {
      expect(spec.template.spec.containers.map(({ args }) => args)).toEqual([[metadata.name]]);
      expect(spec.replicas).toBeGreaterThan(1);
    }
  });

  it('runs nothing as root, with rights beyond those of a process, or on a file system that it may change', () => {
    const pod = {
      ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    for (const { metadata, spec } of workloads) {
      const { securityContext, automountServiceAccountToken } = spec.template.spec;
      expect([metadata.name, securityContext, automountServiceAccountToken]).toEqual([
        ...[metadata.name, pod, false],
      ]);
    }
    const shut = {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    };
    for (const { name, securityContext } of containers) expect([name, securityContext]).toEqual([name, shut]);
  });

  it('bounds what each may use', () => {
    for (const { name, resources } of containers)
      expect([name, resources]).toEqual([
        name,
        { requests: { cpu: '100m', memory: expect.any(String) }, limits: { cpu: '1', memory: '512Mi' } },
      ]);
  });

  it('asks each service whether it lives and is ready, where it says so', () => {
    const routes = ['gateway/src/apart', '../libs/platform/src/operations'].map((folder) =>
      readFileSync(`apps/${folder}/health.controller.ts`, 'utf8'),
    );
    for (const { name, startupProbe, readinessProbe, livenessProbe } of deployments.flatMap(containersOf)) {
      const paths = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet.path);
      expect([name, paths]).toEqual([name, ['/health/live', '/health/ready', '/health/live']]);
      for (const path of ['health/live', 'health/ready'])
        for (const route of routes) expect(route).toContain(`@Get('${path}')`);
    }
  });

  it('loses no request in a rolling restart: one more is ready before one stops, which has time to drain', () => {
    for (const { spec } of deployments) {
      expect(spec.strategy).toEqual({
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      });
      const env = spec.template.spec.containers.flatMap((container) => container.env);
      const drains = env.find(({ name }) => name === 'DRAIN_SECONDS')?.value ?? '0';
      const neededMs = Number.parseInt(drains, 10) * 1_000 + stopsWithinMs;
      expect(drains).toMatch(/^[1-9]/);
      expect((spec.template.spec.terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThan(neededMs);
    }
  });

  it('sets no variable that is no setting, but to put it into another', () => {
    for (const { name, env } of containers) {
      const put = new Set(
        env.flatMap(({ value = '' }) => [...value.matchAll(/\$\(([A-Z_]+)\)/g)]).map(([, it]) => it),
      );
      const unknown = env.map((variable) => variable.name).filter((it) => !knownSettings.has(it));
      expect([name, unknown.filter((it) => !put.has(it))]).toEqual([name, []]);
      expect(env.filter(({ name: it, value = '' }) => holdsSecret(it, value))).toEqual([]);
    }
  });

  it('lets nothing flow but what is listed here', () => {
    const told = (value: object): string =>
      [...JSON.stringify(value).matchAll(/"([\w./-]+)":"([\w./-]+)"|"values":\[([^\]]*)\]/g)]
        .map(([, key = '', text = '', values]) => values ?? `${key}=${text}`)
        .join(' ') || 'all';
    const flows = policies.flatMap(({ spec }) =>
      [...(spec.ingress ?? []), ...(spec.egress ?? [])].map(
        ({ from, to, ports }) =>
          `${told(spec.podSelector)} ${from ? '<-' : '->'} ${told(from ?? to ?? {})} : ${ports.map(({ port }) => port).join()}`,
      ),
    );
    const [gateway, services] = ['app.kubernetes.io/name=gateway', 'mangnon/tier=service'];
    const engines = 'mangnon/engines=allowed';
    expect(flows).toEqual([
      'all -> kubernetes.io/metadata.name=kube-system k8s-app=kube-dns : 53,53',
      `${gateway} <- mangnon/ingress=allowed : 3000`,
      `${gateway} -> ${services} : 3000`,
      `${services} <- ${gateway} : 3000`,
      `${services} -> ${engines} : 5432,9092,2113`,
      `app.kubernetes.io/name=roles -> ${engines} : 5432`,
      `app.kubernetes.io/name=topics -> ${engines} : 9092`,
      'app.kubernetes.io/name=receipts -> cidr=0.0.0.0/0 : 465,587',
      'key=mangnon/tier operator=In "gateway","service" <- mangnon/monitoring=allowed : 3000',
    ]);
    const [deny] = policies;
    expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('opens every way in both directions: what a policy selects is what pods are labelled with', () => {
    for (const { metadata, spec } of workloads) {
      const { labels } = spec.template.metadata;
      const tier = metadata.name === 'gateway' ? 'gateway' : 'service';
      expect(labels).toMatchObject({
        'app.kubernetes.io/name': metadata.name,
        'mangnon/tier': deployments.some((one) => one.metadata.name === metadata.name) ? tier : 'job',
      });
    }
  });
});
