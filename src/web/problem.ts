import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal on its way to the one place that writes it down. `code` is stable; `detail` is for people. */
export class ProblemError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
  readonly refused: string | undefined;

  constructor(status: ContentfulStatusCode, code: string, detail: string, more: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = more.headers ?? {};
    this.problems = more.problems ?? [];
    this.refused = more.refused;
  }
}

interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Everything that is wrong at once, one sentence each. */
  readonly problems?: readonly string[];
  /** The code of the rule or gate that said no; nothing at all was changed. */
  readonly refused?: string;
}

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
