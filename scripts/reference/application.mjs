import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';

const dist = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

/**
 * The default run's application without engines: Nest's preview mode makes neither providers nor controllers. Answers the
 * route table and every controller's class and service by its name.
 */
export async function openApplication() {
  const { services } = await dist('apps/standalone/src/standalone.module.js');
  const { PlatformModule } = await dist('libs/platform/src/platform.module.js');
  const { OperationsModule } = await dist('libs/platform/src/operations/operations.module.js');
  const { routeTable } = await dist('libs/platform/src/http/routes.js');
  class Previewed {}
  const imports = [
    PlatformModule.with({ services }),
    OperationsModule,
    ...services.map(({ module }) => module),
  ];
  Module({ imports })(Previewed);
  const app = await NestFactory.createApplicationContext(Previewed, { preview: true, logger: false });
  const controllers = new Map();
  for (const { metatype, controllers: own } of app.get(ModulesContainer).values()) {
    const service = services.find(({ module }) => module === metatype)?.name ?? 'operations';
    for (const { metatype: type } of own.values()) controllers.set(type.name, { service, type });
  }
  return { services, controllers, routes: routeTable(app) };
}

/** What controllers and routes say of refusals, by service. */
export async function refusalAnswers() {
  const { REFUSAL_ANSWERS } = await dist('libs/platform/src/http/problem-filter.js');
  const { platformAnswers } = await dist('libs/platform/src/http/platform-answers.js');
  const { pageFaults } = await dist('apps/gateway/src/pages/page-faults.js');
  const { controllers } = await openApplication();
  const told = [...controllers.values()].flatMap(({ service, type }) =>
    [type, ...Object.values(Object.getOwnPropertyDescriptors(type.prototype)).map(({ value }) => value)]
      .filter((target) => typeof target === 'function')
      .map((target) => [service, Reflect.getMetadata(REFUSAL_ANSWERS, target) ?? {}]),
  );
  return [['any', platformAnswers], ...told, ['pages', pageFaults]];
}
