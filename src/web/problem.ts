import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { refusedWish } from '../core/people/refused.ts';

/** A refusal on its way to the one place that writes it down. `code` is stable; `detail` is for people. */
export class ProblemError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
  readonly refused: string | undefined;
  readonly attempt: Attempt | undefined;

  constructor(status: ContentfulStatusCode, code: string, detail: string, more: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.problems = more.problems ?? [];
    this.refused = more.refused;
    this.attempt = more.attempt;
  }
}

export interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Everything that is wrong at once, one sentence each. */
  readonly problems?: readonly string[];
  /** The code of the rule or gate that said no; nothing at all was changed. */
  readonly refused?: string;
  readonly attempt?: Attempt;
}

/** What the log and the count know better than the caller may: why, and whose token it was. */
interface Attempt {
  readonly reason: string;
  readonly actor?: string;
}

/** The attempt behind a problem on its way out: every 401 and 403, and whatever says so of itself. */
export const attemptOf = ({ status, code, refused, attempt }: ProblemError): Attempt | undefined => {
  if (attempt !== undefined) return attempt;
  if (refused !== undefined && refusedWish(refused) !== undefined) return { reason: refused };
  return status === 401 || status === 403 ? { reason: code } : undefined;
};

/** On a 404 that only says so to whoever may not know better. */
export const HIDDEN: ProblemExtras = { attempt: { reason: 'may_not_see' } };

/** RFC 9457. `instance` is the path without its query, which may hold what nobody should log. */
export const problemResponse = (problem: ProblemError, path: string): Response => {
  const { status, code, message, problems, headers, refused } = problem;
  const document = {
    type: `urn:textops:problem:${code}`,
    title: TITLES[status] ?? 'Error',
    status,
    detail: message,
    code,
    instance: path,
    ...(problems.length === 0 ? {} : { problems }),
    ...(refused === undefined ? {} : { refused: true, reason: refused }),
  };
  return new Response(JSON.stringify(document), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  500: 'Internal error',
  503: 'Service unavailable',
};
