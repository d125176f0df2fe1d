import kafkajs, { type AclEntry, type AclFilter, type Admin, type Kafka } from 'kafkajs';
import { textOf, type AccessRule } from './access-rules.js';

// Not found by name in what the package exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** What {@link applyAccess} changed. */
export interface AccessApplied {
  readonly allowed: readonly AccessRule[];
  /** How many entries were taken away that these users had beyond their rules. */
  readonly takenAway: number;
}

/**
 * Has the brokers allow these users what the rules say, and nothing else: makes the entries that are missing, then takes
 * away every other entry of theirs. Whoever calls must be allowed to alter the cluster. Rejects where no broker answers.
 */
export async function applyAccess(
  kafka: Kafka,
  users: readonly string[],
  rules: readonly AccessRule[],
): Promise<AccessApplied> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const found = (await Promise.all(users.map((user) => entriesOf(admin, user)))).flat();
    const there = new Set(found.map(keyOf));
    const allowed = rules.filter((rule) => !there.has(keyOf(entryOf(rule))));
    if (allowed.length > 0) await admin.createAcls({ acl: allowed.map(entryOf) });
    const wanted = new Set(rules.map((rule) => keyOf(entryOf(rule))));
    const others = found.filter((entry) => !wanted.has(keyOf(entry)));
    if (others.length > 0) await admin.deleteAcls({ filters: others });
    return { allowed, takenAway: others.length };
  } finally {
    await admin.disconnect();
  }
}

/** The rules in lines for people and files: user, resource, pattern, name, operation, with tabs between. */
export function accessLines(rules: readonly AccessRule[]): readonly string[] {
  return rules.map(textOf);
}

async function entriesOf(admin: Admin, user: string): Promise<readonly AclEntry[]> {
  const filter: AclFilter = {
    principal: principalOf(user),
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
  const { resources } = await admin.describeAcls(filter);
  return resources.flatMap(({ acls, resourceType, resourceName, resourcePatternType }) =>
    acls.map((acl) => ({ ...acl, resourceType, resourceName, resourcePatternType })),
  );
}

function entryOf({ user, operation, resource, pattern, name }: AccessRule): AclEntry {
  return {
    principal: principalOf(user),
    host: '*',
    operation: operations[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: resource === 'Topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: pattern === 'Literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
  };
}

const operations = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  Delete: AclOperationTypes.DELETE,
} as const satisfies Readonly<Record<AccessRule['operation'], number>>;

function principalOf(user: string): string {
  return `User:${user}`;
}

function keyOf(entry: AclEntry): string {
  const { principal, host, operation, permissionType, resourceType, resourceName, resourcePatternType } =
    entry;
  return [principal, host, operation, permissionType, resourceType, resourcePatternType, resourceName].join(
    ' ',
  );
}
