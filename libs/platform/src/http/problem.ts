import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '#kernel/json.js';
import { languageOf, type Language } from './language.js';
import type { RefusalAnswer } from './refusals.js';
import type { FieldFault } from './request-fault.js';

/** Statuses that a problem may have. */
export type ProblemStatus = RefusalAnswer['status'];

/** What a problem says besides the sentence of its code. */
export interface ProblemParts {
  readonly details?: JsonObject;
  readonly fields?: readonly FieldFault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** URN under which the log holds what went wrong. */
  readonly instance?: string;
}

const titles: Record<ProblemStatus, Record<Language, string>> = {
  400: { vi: 'Yêu cầu không hợp lệ', en: 'Bad request' },
  401: { vi: 'Chưa đăng nhập', en: 'Not signed in' },
  403: { vi: 'Không được phép', en: 'Not allowed' },
  404: { vi: 'Không tìm thấy', en: 'Not found' },
  405: { vi: 'Phương thức không được nhận', en: 'Method not allowed' },
  406: { vi: 'Không có dạng phù hợp', en: 'Not acceptable' },
  409: { vi: 'Xung đột', en: 'Conflict' },
  410: { vi: 'Không còn hiệu lực', en: 'Gone' },
  413: { vi: 'Nội dung quá lớn', en: 'Too large' },
  415: { vi: 'Dạng nội dung không được nhận', en: 'Unsupported media type' },
  422: { vi: 'Không thực hiện được', en: 'Cannot be done' },
  423: { vi: 'Đang bị khoá', en: 'Locked' },
  429: { vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  500: { vi: 'Lỗi hệ thống', en: 'Internal error' },
  503: { vi: 'Hệ thống bận', en: 'Busy' },
};

/**
 * Answers with problem+json (RFC 9457) in the language that the request prefers: `type` is `/problems/<code>`, `title`
 * goes with the status, `detail` with the code. Does nothing when an answer is already under way.
 */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: string,
  answer: RefusalAnswer,
  parts: ProblemParts = {},
): void {
  if (reply.sent || reply.raw.headersSent) return;
  const language = languageOf(request.headers['accept-language']);
  void reply
    .headers({ ...parts.headers, 'Content-Language': language, Vary: 'Accept-Language' })
    .status(answer.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemOf(code, answer, language, parts)));
}

function problemOf(code: string, answer: RefusalAnswer, language: Language, parts: ProblemParts): object {
  return {
    type: `/problems/${code}`,
    title: titles[answer.status][language],
    status: answer.status,
    detail: answer[language],
    code,
    ...(parts.details === undefined || Object.keys(parts.details).length === 0
      ? {}
      : { details: parts.details }),
    ...(parts.fields === undefined ? {} : { fields: parts.fields }),
    ...(parts.instance === undefined ? {} : { instance: parts.instance }),
  };
}
