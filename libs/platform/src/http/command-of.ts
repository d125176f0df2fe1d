import { createHmac } from 'node:crypto';
import {
  createParamDecorator,
  Inject,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { commandIdOf } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import type { Actor } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import { DIGEST_KEY } from '../tokens.js';
import { callerOf, type AskedRequest } from './asked-by.js';
import { ReceivedFile } from './file-body.js';
import { RequestFault } from './request-fault.js';

const printable = /^[\x20-\x7e]{1,255}$/;

/** What a command's context is made of, taken from the request. */
export interface CommandParts {
  readonly actor: Actor;
  /** Method, route pattern and path parameters. */
  readonly route: string;
  readonly idempotencyKey: string;
  readonly body: unknown;
}

/** Makes the context of a person's command; the digest is an HMAC because bodies hold names. */
@Injectable()
export class CommandContextPipe implements PipeTransform<CommandParts, CommandContext> {
  constructor(@Inject(DIGEST_KEY) private readonly digestKey: Uint8Array) {}

  transform(parts: CommandParts): CommandContext {
    const commandId = commandIdOf(parts.actor, parts.route, parts.idempotencyKey);
    const digest = createHmac('sha256', this.digestKey)
      .update(canonicalJson(parts.body ?? null))
      .digest('base64url');
    return { actor: parts.actor, commandId, digest, correlationId: commandId };
  }
}

/** Reads the parts; throws `http/idempotency-key-missing` or `-malformed`. */
export function commandPartsOf(request: AskedRequest): CommandParts {
  const header = request.headers['idempotency-key'];
  if (header === undefined || header.length === 0) throw new RequestFault('http/idempotency-key-missing');
  if (typeof header !== 'string' || !printable.test(header))
    throw new RequestFault('http/idempotency-key-malformed');
  return {
    actor: `staff:${callerOf(request).staffId}`,
    route: `${request.method} ${request.routeOptions.url ?? ''} ${canonicalJson(named(request.params))}`,
    idempotencyKey: header,
    body: request.body instanceof ReceivedFile ? fileTold(request, request.body) : request.body,
  };
}

/** What a file is sent with stands in the query. */
function fileTold({ query }: AskedRequest, { digest }: ReceivedFile): unknown {
  return { query: { ...(query as object) }, digest };
}

/** Path parameters as handlers read them: an id in capitals is the same id, and makes the same command. */
function named(params: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(params as Readonly<Record<string, string>>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isUUID(value, 'all') ? value.toLowerCase() : value]),
  );
}

const Parts = createParamDecorator((_data: unknown, context: ExecutionContext): CommandParts =>
  commandPartsOf(context.switchToHttp().getRequest<AskedRequest>()),
);

/** Gives the handler the `CommandContext` of the request, which must carry an Idempotency-Key. */
export function CommandOf(): ParameterDecorator {
  return (target, key, index) => {
    Parts(CommandContextPipe)(target, key, index);
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key);
    if (descriptor)
      ApiHeader({
        name: 'Idempotency-Key',
        required: true,
        description: '1 to 255 printable ASCII characters; the same key and body give the same answer',
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]{1,255}$' },
      })(target, key, descriptor);
  };
}
