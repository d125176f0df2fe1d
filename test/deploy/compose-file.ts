import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** A service of `docker-compose.yml`, as far as it is looked at. */
export interface ComposeService {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly stop_grace_period?: string;
  readonly restart: string;
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, string | number>> } };
}

/** `docker-compose.yml`. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<
    Record<string, { readonly internal?: boolean; readonly ipam?: { config: { subnet: string }[] } }>
  >;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** The file as it stands, with what it takes from its own anchors. */
export function readCompose(): ComposeFile {
  return parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as ComposeFile;
}

/** With variables put in as compose does: the given ones, otherwise their defaults. */
export function interpolate(text: string, given: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}/g,
    (_, name: string, usual?: string) => given[name] ?? usual ?? '',
  );
}

/** Lays out what a service finds in `/run/secrets`, from the files of a folder of secrets; throws where one is missing. */
export function mountSecrets(
  { secrets }: ComposeFile,
  service: ComposeService,
  from: string,
  to: string,
): void {
  for (const { source, target } of service.secrets ?? []) {
    const file = interpolate(secrets[source]?.file ?? '', { MANGNON_SECRETS: from });
    mkdirSync(dirname(join(to, target)), { recursive: true });
    copyFileSync(file, join(to, target));
  }
}
