import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '../problem.ts';
import type { WebContext, WebDeps, WebEnv } from '../web-deps.ts';

/**
 * A web page that somebody opens must not be able to command an instance on the same machine: neither by a request of
 * its own (Origin) nor by a name of its own that points at 127.0.0.1 (Host). In every profile, on every route.
 */
export const guard = (deps: Pick<WebDeps, 'publicUrl'>): MiddlewareHandler<WebEnv> => {
  const outside = deps.publicUrl === undefined ? undefined : new URL(deps.publicUrl);
  return async (c, next) => {
    const host = hostOf(c);
    if (!isLoopbackHost(host) && !isOutside(host, outside)) {
      throw new ProblemError(403, 'foreign_host', 'This host name is not mine. Use 127.0.0.1 or PUBLIC_URL.');
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && !isOwn(origin, host, outside)) {
      throw new ProblemError(403, 'foreign_origin', 'A page of another origin may not use this instance.');
    }
    await next();
  };
};

/** Also around refusals: nothing that is said here is for a frame, a cache or a script. */
export const protect: MiddlewareHandler<WebEnv> = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) if (!c.res.headers.has(name)) c.header(name, value);
};

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A server always has the header; without one there is only the address itself. */
export const hostOf = (c: WebContext): string =>
  (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();

export const isLoopbackHost = (host: string): boolean =>
  /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/.test(host);

const isOutside = (host: string, outside: URL | undefined): boolean => {
  if (outside === undefined) return false;
  const port = outside.protocol === 'https:' ? '443' : '80';
  return host === outside.host || (outside.port === '' && host === `${outside.host}:${port}`);
};

const isOwn = (origin: string, host: string, outside: URL | undefined): boolean =>
  [`http://${host}`, `https://${host}`, outside?.origin].includes(origin.toLowerCase());

/** Whether the request comes from this machine and nobody passed it on. What is unknown is not local. */
export const isLocal = (c: WebContext): boolean => {
  const peer = c.env?.incoming?.socket?.remoteAddress ?? '';
  const loopback = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(peer) || peer === '::1';
  return loopback && isLoopbackHost(hostOf(c)) && FORWARDED.every((name) => c.req.header(name) === undefined);
};

/** What a proxy or a tunnel adds: behind one, everybody's connection comes from this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via', 'cf-connecting-ip'];
