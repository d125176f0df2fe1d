import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Answer } from './api-at-work.js';

/** Holds answers against a description, with nothing in an answer that the description does not name. */
export class ApiChecker {
  readonly #ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });

  constructor(private readonly description: OpenAPIObject) {
    formats.default(this.#ajv);
    this.#ajv.addVocabulary(['components']);
    this.#ajv.addSchema({ $id: 'api', components: closed(description.components) });
  }

  /** What is wrong with the answer of a route; empty when it is as described. */
  faults(method: 'get' | 'post', path: string, answer: Answer): readonly string[] {
    const described = this.#described(method, path, answer);
    if (typeof described === 'string') return [described];
    return described === undefined ? [] : this.#faultsOf(described, answer.body);
  }

  /** The schema of such an answer, undefined where any body does; a text says what is missing. */
  #described(method: 'get' | 'post', path: string, { status, type }: Answer): object | string | undefined {
    const described = this.description.paths[path]?.[method]?.responses[String(status)];
    if (!described || !('description' in described)) return `${String(status)} is not described`;
    const content = described.content?.[type];
    return content ? content.schema : `${type} is not described`;
  }

  #faultsOf(schema: object, body: unknown): readonly string[] {
    const check = this.#ajv.compile(anchored(closed(schema)));
    if (check(body)) return [];
    const { errors } = check;
    return (errors ?? []).map(
      (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
    );
  }
}

/** The same schemas with no further members where members are named. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const names = 'properties' in schema && !('$ref' in schema) && !('additionalProperties' in schema);
  return names ? { ...inner, additionalProperties: false } : inner;
}

/** The same with references into the schemas that were added. */
function anchored(schema: unknown): object {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/');
  return JSON.parse(text) as object;
}
