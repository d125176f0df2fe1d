import 'reflect-metadata';
import { Catch, UseFilters, type RpcExceptionFilter, type Type } from '@nestjs/common';
import {
  PATTERN_EXTRAS_METADATA,
  PATTERN_HANDLER_METADATA,
  TRANSPORT_METADATA,
} from '@nestjs/microservices/constants.js';
import { throwError, type Observable } from 'rxjs';

/** A service whose module's controllers subscribe to topics. */
export interface SubscribingService {
  /** Its consumer group. */
  readonly name: string;
  readonly module: Type;
}

/** What an `@EventPattern` says beside its topic. */
export interface SubscriptionExtras {
  /** Types of the messages that the method wants, where that is not all; `ConsumeOptions.types` says what it means. */
  readonly types?: readonly string[];
  /** The service; {@link assignSubscriptions} adds it. */
  readonly group?: unknown;
}

/** Lets an error through as it is; Nest's own filter would log it and put "Internal server error" in its place. */
@Catch()
class CauseKept implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

const assigned = new WeakSet<object>();

/** The transport that only the subscriptions of this group are for. */
export function transportIdOf(group: string): symbol {
  return Symbol.for(`mangnon.topics.${group}`);
}

/**
 * Tells Nest which service each `@EventPattern` method belongs to, by the module that lists its controller, so that
 * services of one process subscribe to the same topic side by side. To be called before any transport is connected.
 */
export function assignSubscriptions(services: readonly SubscribingService[]): void {
  for (const { name, module } of services)
    for (const controller of controllersOf(module, new Set()))
      for (const method of methodsOf(controller)) assign(controller, method, name);
}

function assign(controller: Type, method: string, group: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, method);
  const callback: unknown = descriptor?.value;
  if (!descriptor || typeof callback !== 'function' || assigned.has(callback)) return;
  if (Reflect.getMetadata(PATTERN_HANDLER_METADATA, callback) === undefined) return;
  Reflect.defineMetadata(TRANSPORT_METADATA, transportIdOf(group), callback);
  const told = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, callback) as SubscriptionExtras | undefined;
  Reflect.defineMetadata(PATTERN_EXTRAS_METADATA, { ...told, group }, callback);
  UseFilters(new CauseKept())(controller.prototype as object, method, descriptor);
  assigned.add(callback);
}

/** Controllers of the module and of what it imports; modules made by a function stay out. */
function controllersOf(module: Type, seen: Set<Type>): readonly Type[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const own = (Reflect.getMetadata('controllers', module) ?? []) as readonly Type[];
  const imports = (Reflect.getMetadata('imports', module) ?? []) as readonly unknown[];
  const classes = imports.filter((imported): imported is Type => typeof imported === 'function');
  return [...own, ...classes.flatMap((imported) => controllersOf(imported, seen))];
}

function methodsOf(controller: Type): readonly string[] {
  return Object.getOwnPropertyNames(controller.prototype);
}
