import type { HttpTarget } from '../../core/jobs/job.ts';
import type { ExecutionRequest } from '../../core/ports/executor.ts';
import { fillJson, fillText, type Unfilled } from './placeholders.ts';

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Method and host, for people: no path, no query, no credentials. */
  readonly where: string;
}

/** The request with every placeholder filled, or the reason why it cannot be sent. */
export const httpCall = (target: HttpTarget, request: ExecutionRequest): HttpCall | Unfilled => {
  const url = URL.parse(target.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return { why: 'the address is no http address' };
  const headers = filledHeaders(target.headers, request);
  if ('why' in headers) return headers;
  const where = `${target.method} ${url.host}`;
  if (target.body === undefined || target.method === 'GET')
    return { method: target.method, url: url.href, headers: headers.map, where };
  const body = fillJson(target.body, request.job.spec.params, request.params);
  if ('why' in body) return body;
  const withType = { 'content-type': 'application/json', ...headers.map };
  return { method: target.method, url: url.href, headers: withType, body: JSON.stringify(body.json), where };
};

/** The next request of a redirect, or undefined when the answer stands: no redirect, or one to another origin. */
export const redirected = (call: HttpCall, response: Response): HttpCall | undefined => {
  const location = response.headers.get('location');
  if (!REDIRECTS.has(response.status) || location === null) return undefined;
  const next = URL.parse(location, call.url);
  if (next === null || next.origin !== new URL(call.url).origin) return undefined;
  if (KEEPS_METHOD.has(response.status) || call.method === 'GET') return { ...call, url: next.href };
  // Sending the body a second time could do the work a second time; 301 to 303 ask for a plain GET.
  const { body: _sentOnce, ...rest } = call;
  return { ...rest, method: 'GET', url: next.href };
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const KEEPS_METHOD = new Set([307, 308]);

const filledHeaders = (
  headers: HttpTarget['headers'],
  request: ExecutionRequest,
): { readonly map: Readonly<Record<string, string>> } | Unfilled => {
  const map: Record<string, string> = { 'idempotency-key': request.idempotencyKey };
  for (const [name, template] of Object.entries(headers)) {
    const filled = filledHeader(template, request);
    if (typeof filled !== 'string') return filled;
    if (!VISIBLE.test(filled))
      return { why: `header "${name}" contains a character that no header may have` };
    map[name.toLowerCase()] = filled;
  }
  return { map };
};

/** A line break in a value would begin another header. */
const VISIBLE = /^[\t\x20-\x7E\x80-\xFF]*$/;

const filledHeader = (template: string, { job, params, secrets }: ExecutionRequest): string | Unfilled => {
  const missing = [...template.matchAll(SECRET)]
    .map(([, name = '']) => name)
    .find((name) => !Object.hasOwn(secrets, name));
  if (missing !== undefined) return { why: `secret "${missing}" is not available` };
  // A parameter is filled first and alone, so its value can never name a secret.
  if (!template.includes('{secret:')) return fillText(template, job.spec.params, params);
  return template.replaceAll(SECRET, (_whole, name: string) => secrets[name] ?? '');
};

const SECRET = /\{secret:([A-Za-z_][A-Za-z0-9_]*)\}/g;
