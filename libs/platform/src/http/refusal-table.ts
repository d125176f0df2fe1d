import type { ModulesContainer } from '@nestjs/core';
import { platformAnswers } from './platform-answers.js';
import { REFUSAL_ANSWERS } from './problem-filter.js';
import type { RefusalAnswer, RefusalAnswers } from './refusals.js';

/** Every refusal code that a route of the application may answer with, by code, in the order of the alphabet. */
export function refusalTable(modules: ModulesContainer): ReadonlyMap<string, RefusalAnswer> {
  const found: [string, RefusalAnswer][] = Object.entries(platformAnswers);
  for (const module of modules.values())
    for (const { metatype } of module.controllers.values())
      if (typeof metatype === 'function') found.push(...answersOf(metatype));
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function answersOf(controller: object): readonly [string, RefusalAnswer][] {
  const prototype = (controller as { readonly prototype: object }).prototype;
  const handlers = Object.values(Object.getOwnPropertyDescriptors(prototype)).map(
    ({ value }) => value as unknown,
  );
  return [controller, ...handlers].flatMap((target) => {
    if (typeof target !== 'function') return [];
    const answers = Reflect.getMetadata(REFUSAL_ANSWERS, target) as RefusalAnswers<string> | undefined;
    return Object.entries(answers ?? {});
  });
}
