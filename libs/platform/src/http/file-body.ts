import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { RequestFault } from './request-fault.js';

/** Metadata key of {@link FileBody} on a handler. */
export const FILE_BODY = 'mangnon:file-body';

/** What a route takes as its body instead of JSON. */
export interface FileBody {
  /** Media types; their parameters are passed over. */
  readonly types: readonly string[];
  readonly bytesMax: number;
  /** What is thrown for a larger one. */
  readonly tooLarge: () => Error;
}

/** A file as it was sent, whole. */
export class ReceivedFile {
  /** SHA-256 in hex. */
  readonly digest: string;

  constructor(readonly bytes: Buffer) {
    this.digest = createHash('sha256').update(bytes).digest('hex');
  }
}

/** Files that are received at once by one controller; each is held in memory. */
const receivedAtOnceMax = 4;
/** What is too large is read on for so many times its limit, so that whoever sends it can still read the answer. */
const drainedTimes = 4;

/** Reads the body of a request whose caller has been let in, and not before. */
@Injectable()
class ReceiveFile implements NestInterceptor {
  #underWay = 0;

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const limits = Reflect.getMetadata(FILE_BODY, context.getHandler()) as FileBody;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.#underWay >= receivedAtOnceMax)
      throw new RequestFault('http/busy', { headers: { 'Retry-After': '5' } });
    this.#underWay += 1;
    try {
      request.body = new ReceivedFile(await bytesOf(request.body, limits));
    } finally {
      this.#underWay -= 1;
    }
    return next.handle();
  }
}

async function bytesOf(body: unknown, { bytesMax, tooLarge }: FileBody): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (!(body instanceof Readable)) throw new RequestFault('http/unsupported-media-type');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= bytesMax) pieces.push(piece);
    else pieces.length = 0;
    if (bytes > bytesMax * drainedTimes) break;
  }
  if (bytes > bytesMax) throw tooLarge();
  return Buffer.concat(pieces);
}

/** Makes the route take a file as its body: read once the caller is let in, and given to the handler by {@link FileOf}. */
export function TakesFile(file: FileBody): MethodDecorator {
  return applyDecorators(
    SetMetadata(FILE_BODY, file),
    UseInterceptors(ReceiveFile),
    ApiConsumes(...file.types),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );
}

/** Gives the handler the {@link ReceivedFile} of a route that takes one. */
export const FileOf = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ReceivedFile =>
    context.switchToHttp().getRequest<FastifyRequest>().body as ReceivedFile,
);
