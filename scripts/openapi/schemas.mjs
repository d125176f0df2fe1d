import ts from 'typescript';
import { documentationOf, nameOf } from './names.mjs';

const { TypeFlags } = ts;

/** Types of ours that are texts of a known form. */
const texts = { LocalDate: { type: 'string', format: 'date' } };

const plain = [
  [TypeFlags.Unknown, () => ({})],
  [TypeFlags.Null, () => ({ type: 'null' })],
  [TypeFlags.StringLiteral | TypeFlags.NumberLiteral, (type) => ({ const: type.value })],
  [TypeFlags.String, () => ({ type: 'string' })],
  [TypeFlags.Number, () => ({ type: 'number' })],
];

/**
 * Turns types into JSON Schema 2020-12. Interfaces and named object types become components; whatever JSON cannot carry
 * (bigint, Date, functions) or says nothing (any) throws, with where it stands.
 */
export class Schemas {
  #named = new Map();

  constructor(checker) {
    this.checker = checker;
  }

  /** The schema of a type; `where` is told when it has none. */
  of(type, where) {
    return this.#known(type) ?? this.#componentOf(type) ?? this.#inline(type, where);
  }

  /** Every component by a name that no other has. */
  get components() {
    const entries = [...this.#named.values()].map(({ name, schema }) => [name, schema]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #known(type) {
    if (type.flags & TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (type.flags & TypeFlags.TemplateLiteral) return { type: 'string', pattern: patternOf(type) };
    const text = texts[type.aliasSymbol?.name];
    if (text) return text;
    // A brand is known to the compiler alone.
    const parts = type.isIntersection() ? type.types : [type];
    return plain.find(([flag]) => parts.some(({ flags }) => flags & flag))?.[1](type);
  }

  #componentOf(type) {
    const name = nameOf(type, this.checker);
    if (!name || !isObjects(type)) return undefined;
    const key = `${name.file}#${name.name}`;
    if (!this.#named.has(key)) this.#add(key, name, type);
    return { $ref: `#/components/schemas/${this.#named.get(key).name}` };
  }

  #add(key, { name, file, symbol }, type) {
    const namesakes = [...this.#named.values()].filter((component) => component.of === name);
    const component = { of: name, name: namesakes.length === 0 ? name : prefixed(name, file), schema: {} };
    this.#named.set(key, component);
    const description = documentationOf(symbol, this.checker);
    component.schema = { ...(description && { description }), ...this.#inline(type, name) };
    const same = namesakes.find(({ schema }) => shapeOf(schema) === shapeOf(component.schema));
    if (same) this.#named.set(key, same);
    else if (namesakes.some((namesake) => namesake.name === component.name))
      throw new Error(`several different types of the API are named ${component.name}: rename one`);
  }

  #inline(type, where) {
    if (type.isUnion()) return this.#union(type.types, where);
    if (this.checker.isTupleType(type)) return this.#tuple(type, where);
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type);
      return { type: 'array', items: this.of(item, `${where}[]`) };
    }
    const object = type.flags & (TypeFlags.Object | TypeFlags.Intersection);
    const callable = type.getCallSignatures().length > 0 || isForeignClass(type);
    if (!object || callable)
      throw new Error(`${where}: JSON cannot carry ${this.checker.typeToString(type)}`);
    return this.#object(type, where);
  }

  #tuple(type, where) {
    const items = this.checker.getTypeArguments(type).map((item, at) => this.of(item, `${where}[${at}]`));
    return { type: 'array', prefixItems: items, items: false, minItems: items.length };
  }

  #object(type, where) {
    const members = this.checker.getPropertiesOfType(type);
    const properties = members.map((member) => [
      member.name,
      this.#member(member, `${where}.${member.name}`),
    ]);
    const required = members.filter((member) => !isOptional(member)).map(({ name }) => name);
    const index = this.checker.getIndexInfosOfType(type).find(({ keyType }) => isTextual(keyType));
    return {
      type: 'object',
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(required.length > 0 && { required }),
      ...(index && { additionalProperties: this.of(index.type, `${where}[]`) }),
    };
  }

  #member(member, where) {
    const description = documentationOf(member, this.checker);
    const schema = this.of(withoutUndefined(this.checker.getTypeOfSymbol(member)), where);
    return description ? { ...schema, description } : schema;
  }

  #union(types, where) {
    const present = types.filter((type) => !(type.flags & (TypeFlags.Undefined | TypeFlags.Null)));
    const nullable = types.some((type) => type.flags & TypeFlags.Null);
    const schema = this.#alternatives(present, where);
    return nullable ? orNull(schema) : schema;
  }

  #alternatives(types, where) {
    const schemas = types.map((type) => this.of(type, where));
    if (schemas.every((schema) => 'const' in schema)) return enumOf(schemas.map((schema) => schema.const));
    const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
    return distinct.length === 1 ? distinct[0] : { anyOf: distinct };
  }
}

/** With the service or library of its file in front. */
function prefixed(name, file) {
  const [, owner = ''] = /(?:apps|libs)\/([a-z-]+)\//.exec(file) ?? [];
  return `${owner.replaceAll(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase())}${name}`;
}

/** A schema without its own description. */
function shapeOf(schema) {
  return JSON.stringify({ ...schema, description: undefined });
}

function enumOf(values) {
  const [type] = new Set(values.map((value) => typeof value));
  if (type === 'boolean' && values.length === 2) return { type };
  return { type, enum: values };
}

function orNull(schema) {
  if (schema.anyOf) return { anyOf: [...schema.anyOf, { type: 'null' }] };
  if ('const' in schema) return { enum: [schema.const, null] };
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return { ...schema, type: [schema.type, 'null'], ...(schema.enum && { enum: [...schema.enum, null] }) };
}

function patternOf({ texts: fixed, types }) {
  const escaped = fixed.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const holes = types.map((type) => (type.flags & TypeFlags.Number ? '-?[0-9.]+' : '.*'));
  return `^${escaped.map((text, at) => `${text}${holes[at] ?? ''}`).join('')}$`;
}

/** Whether a type is an object, or one of several objects: what is worth a component. */
function isObjects(type) {
  if (type.isUnion()) return type.types.some(isObjects);
  return (type.flags & (TypeFlags.Object | TypeFlags.Intersection)) !== 0;
}

/** Date, Map, Buffer and the like: their members are not what JSON carries. */
function isForeignClass(type) {
  const [declared] = type.symbol?.declarations ?? [];
  if (!declared || !(type.symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return false;
  return ts.isClassDeclaration(declared) || declared.getSourceFile().fileName.includes('/node_modules/');
}

function isOptional(member) {
  return (member.flags & ts.SymbolFlags.Optional) !== 0;
}

function isTextual(keyType) {
  return (keyType.flags & (TypeFlags.String | TypeFlags.TemplateLiteral)) !== 0;
}

/** The one type beside undefined; a union of several sees to it itself. */
function withoutUndefined(type) {
  if (!type.isUnion()) return type;
  const kept = type.types.filter((part) => !(part.flags & TypeFlags.Undefined));
  return kept.length === 1 ? kept[0] : type;
}
