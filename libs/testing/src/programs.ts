import { describe } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inCi, searchPath } from './run.config.js';

/** Where the first of these programs is that the machine has, undefined when it has none of them. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = searchPath.split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tests that need a program beside npm's packages: skipped by name where it is missing, but in CI they fail. */
export function describeWith(program: string | undefined): typeof describe | typeof describe.skip {
  return program === undefined && !inCi ? describe.skip : describe;
}
