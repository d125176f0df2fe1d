/** Values by key, plain data. A change copies a few dozen of them, however many there are; the same content has one shape. */
export type Keyed<Value> = Leaf<Value> | Branch<Value>;

interface Leaf<Value> {
  readonly size: number;
  readonly values: Readonly<Record<string, Value>>;
}

interface Branch<Value> {
  readonly size: number;
  readonly children: readonly Keyed<Value>[];
}

/** Nothing under any key. */
export const nothingKeyed: Keyed<never> = { size: 0, values: {} };

const leafMax = 16;
const digitBits = 4;
const hashBits = 32;

/** The value under a key. */
export function underKey<Value>(keyed: Keyed<Value>, key: string): Value | undefined {
  let [node, rest] = [keyed, hashOf(key)];
  while ('children' in node) {
    node = childAt(node, rest);
    rest >>>= digitBits;
  }
  return Object.hasOwn(node.values, key) ? node.values[key] : undefined;
}

/** The same with a value under a key, instead of the one that was there. */
export function withKey<Value>(keyed: Keyed<Value>, key: string, value: Value): Keyed<Value> {
  return put(keyed, key, value, { hash: hashOf(key), shift: 0 });
}

/** The same with nothing under a key. */
export function withoutKey<Value>(keyed: Keyed<Value>, key: string): Keyed<Value> {
  return taken(keyed, key, hashOf(key));
}

/** Every value, in no order that means anything. */
export function* valuesOf<Value>(keyed: Keyed<Value>): Generator<Value, void, undefined> {
  if ('children' in keyed) for (const child of keyed.children) yield* valuesOf(child);
  else yield* Object.values(keyed.values);
}

interface Way {
  readonly hash: number;
  readonly shift: number;
}

function put<Value>(node: Keyed<Value>, key: string, value: Value, { hash, shift }: Way): Keyed<Value> {
  if ('children' in node) {
    const child = childAt(node, hash >>> shift);
    const after = put(child, key, value, { hash, shift: shift + digitBits });
    const children = node.children.with(digitOf(hash >>> shift), after);
    return { size: node.size + after.size - child.size, children };
  }
  const size = Object.hasOwn(node.values, key) ? node.size : node.size + 1;
  const values = { ...node.values, [key]: value };
  // Keys of one hash stay together.
  return size > leafMax && shift < hashBits ? split(values, shift) : { size, values };
}

function split<Value>(values: Readonly<Record<string, Value>>, shift: number): Keyed<Value> {
  const empty: Keyed<Value> = { size: 0, children: Array<Keyed<Value>>(2 ** digitBits).fill(nothingKeyed) };
  return Object.entries(values).reduce<Keyed<Value>>(
    (branch, [key, value]) => put(branch, key, value, { hash: hashOf(key), shift }),
    empty,
  );
}

function taken<Value>(node: Keyed<Value>, key: string, hash: number): Keyed<Value> {
  if ('children' in node) {
    const child = childAt(node, hash);
    const after = taken(child, key, hash >>> digitBits);
    if (after === child) return node;
    const children = node.children.with(digitOf(hash), after);
    const size = node.size - 1;
    return size > leafMax ? { size, children } : gathered(children, size);
  }
  if (!Object.hasOwn(node.values, key)) return node;
  const { [key]: _gone, ...values } = node.values;
  return { size: node.size - 1, values };
}

function gathered<Value>(children: readonly Keyed<Value>[], size: number): Keyed<Value> {
  const all = children.flatMap((child) => ('children' in child ? [] : Object.entries(child.values)));
  return { size, values: Object.fromEntries(all) };
}

function childAt<Value>({ children }: Branch<Value>, rest: number): Keyed<Value> {
  return children[digitOf(rest)] ?? nothingKeyed;
}

function digitOf(rest: number): number {
  return rest & (2 ** digitBits - 1);
}

/** FNV-1a over UTF-16 code units: spreads keys, and hides nothing. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
