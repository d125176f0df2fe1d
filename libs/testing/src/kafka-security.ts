import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { makeAuthority, makeHost } from '#platform/certificates/certificates.js';

/** Brokers that speak by TLS, to whoever signs in, and allow what they were told alone. */
export interface KafkaSecurity {
  /** File of the authority (PEM) that has certified the brokers; its own, made here. */
  readonly caFile: string;
  /** `admin`, who may do everything, and the services. */
  readonly users: readonly string[];
  /** File of a user's password. */
  readonly passwordFile: (user: string) => string;
  /** How a client signs in as this user. */
  readonly as: (user: string) => Required<Pick<KafkaConfig, 'ssl' | 'sasl'>>;
  /** For `server.properties`. */
  readonly properties: Readonly<Record<string, string>>;
  /** For making the storage, with the users in it. */
  readonly formatFlags: readonly string[];
}

/** The user who may do everything. */
const admin = 'admin';

/** Makes authority, certificate and passwords of these users in a folder, or finds them there. */
export function kafkaSecurity(directory: string, services: readonly string[]): KafkaSecurity {
  mkdirSync(join(directory, 'users'), { recursive: true, mode: 0o700 });
  const users = [admin, ...services];
  const passwordFile = (user: string): string => join(directory, 'users', user);
  for (const user of users) kept(passwordFile(user), () => `${randomBytes(24).toString('base64url')}\n`);
  const passwordOf = (user: string): string => readFileSync(passwordFile(user), 'utf8').trim();
  const caFile = join(directory, 'ca.pem');
  const keystore = join(directory, 'broker.pem');
  if (!existsSync(keystore)) certify(caFile, keystore);
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return {
    caFile,
    users,
    passwordFile,
    as: (user) => ({
      ssl: { ca: readFileSync(caFile, 'utf8') },
      sasl: { mechanism: 'scram-sha-512', username: user, password: passwordOf(user) },
    }),
    properties: {
      'listener.security.protocol.map': 'CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': caFile,
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
      'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
      'listener.name.clients.scram-sha-512.sasl.jaas.config': `${scram} required username="${admin}" password="${passwordOf(admin)}";`,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'false',
      // The controllers speak among themselves, on loopback and without a name.
      'super.users': `User:${admin};User:ANONYMOUS`,
    },
    formatFlags: users.flatMap((user) => [
      '--add-scram',
      `SCRAM-SHA-512=[name=${user},password=${passwordOf(user)}]`,
    ]),
  };
}

function kept(file: string, make: () => string): void {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
}

/** The authority's own key is kept nowhere: a new one is as good. */
function certify(caFile: string, keystore: string): void {
  const authority = makeAuthority('Mang Non engines');
  const { certPem, keyPem } = makeHost(authority, ['localhost', '127.0.0.1']);
  writeFileSync(caFile, authority.certPem);
  writeFileSync(keystore, keyPem + certPem, { mode: 0o600 });
}
