import { readFileSync } from 'node:fs';
import { services } from '#apps/standalone/src/standalone.module.js';

/** What is deployed: every service of the registry, the gateway among them. */
export const processNames: readonly string[] = services.map(({ name }) => name);

/** Files of keys that a service needs: of its own rooms of the vault, and of digests; the gateway knows none of them. */
export function keysOf(name: string): readonly string[] {
  const rooms = services.find((service) => service.name === name)?.rooms ?? [];
  return name === 'gateway' ? [] : [...rooms, 'digest'].map((key) => `keys/${key}.key`).sort();
}

/** Names of all settings that docs/reference/settings.md tells of. */
export const knownSettings: ReadonlySet<string> = new Set(
  [...readFileSync('docs/reference/settings.md', 'utf8').matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(
    ([, name = '']) => name,
  ),
);

/** Whether a variable of the environment holds a secret itself, instead of the name of a file that does. */
export function holdsSecret(name: string, value: string): boolean {
  const isSecret = /(PASSWORD|SECRET|TOKEN|_KEY)$/.test(name);
  return isSecret || /:\/\/[^/@\s]*:[^/@\s]+@/.test(value);
}
