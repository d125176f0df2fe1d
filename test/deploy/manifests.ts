import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** An object of Kubernetes, as far as every one has the same shape. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** A variable of a container. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<string, { readonly name: string; readonly key: string }>>;
}

/** A container of a pod. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: object;
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly volumeMounts: readonly object[];
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Items {
  readonly name: string;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

/** A pod as a deployment or a job makes it. */
export interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly automountServiceAccountToken: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext: object;
    readonly volumes: readonly {
      readonly projected?: {
        readonly defaultMode: number;
        readonly sources: readonly { readonly secret?: Items; readonly configMap?: Items }[];
      };
    }[];
  };
}

/** What runs pods. */
export interface Workload extends Manifest {
  readonly spec: { readonly template: Pod; readonly strategy?: object; readonly replicas?: number };
}

/** Selects pods, or opens them to each other. */
export interface Policy extends Manifest {
  readonly spec: {
    readonly podSelector: object;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Flow[];
    readonly egress?: readonly Flow[];
  };
}

interface Flow {
  readonly from?: readonly object[];
  readonly to?: readonly object[];
  readonly ports: readonly { readonly port: number }[];
}

/** Names and files of what a folder makes secrets of. */
export interface Kustomization {
  readonly namespace: string;
  readonly resources: readonly string[];
  readonly images?: readonly { readonly name: string; readonly newTag: string }[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly secretGenerator?: readonly { readonly name: string; readonly files: readonly string[] }[];
}

const root = 'deploy/kubernetes';

/** Folders in the order in which they are applied. */
export const folders = ['foundation', 'jobs', 'services'] as const;

/** The kustomization of a folder. */
export function readKustomization(folder: string): Kustomization {
  return parse(readFileSync(join(root, folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
}

/** Files of a folder that hold objects. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).filter((name) => !/^\.|^kustomization\.yaml$/.test(name));
}

/** Every object that stands in files, in their order; throws where one is no YAML. */
export function readManifests(): readonly Manifest[] {
  return folders.flatMap((folder) =>
    readKustomization(folder).resources.flatMap((file) =>
      parseAllDocuments(readFileSync(join(root, folder, file), 'utf8')).map((document) => {
        const [error] = [...document.errors, ...document.warnings];
        if (error) throw new Error(`${folder}/${file}`, { cause: error });
        return document.toJS() as Manifest;
      }),
    ),
  );
}
