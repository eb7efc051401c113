import { Hono, type MiddlewareHandler } from 'hono';
import { actorOf, admit } from './access/caller.ts';
import { guard, protect } from './access/guard.ts';
import { isAccess } from './access/permissions.ts';
import { advisorRoutes } from './api/advisors.ts';
import { gateRoutes } from './api/gates.ts';
import { jobRoutes } from './api/jobs.ts';
import { letterRoutes } from './api/letters.ts';
import { requestRoutes } from './api/request.ts';
import { runRoutes } from './api/runs.ts';
import { scheduleRoutes } from './api/schedules.ts';
import { consolePages } from './console/console.ts';
import { problemPages } from './console/problem-page.ts';
import { devRoutes } from './dev-door.ts';
import { healthRoutes } from './health.ts';
import { limitBody } from './limit-body.ts';
import { metricsRoutes } from './metrics.ts';
import { openApi } from './openapi/openapi.ts';
import { attemptOf, ProblemError, problemResponse } from './problem.ts';
import type { MonitorDeps, Route, WebContext, WebDeps, WebEnv } from './web-deps.ts';

export type WebApp = Hono<WebEnv>;

/** Every HTTP route of the program, without a server: tests call `app.request()`. */
export const webApp = (deps: WebDeps): WebApp => {
  const own = ownRoutes(deps);
  return appOf(deps, [...own, documentRoute(deps, own), ...channelRoutes(deps)], consolePages(deps));
};

/** Only what a monitor asks, for a process without doors. */
export const monitorApp = (deps: MonitorDeps): WebApp =>
  appOf(deps, [...healthRoutes(deps), ...metricsRoutes(deps)]);

/** `between`: answers some of what comes before any route does. */
const appOf = (
  deps: MonitorDeps,
  routes: readonly Route[],
  ...between: readonly MiddlewareHandler<WebEnv>[]
): WebApp => {
  const app: WebApp = new Hono<WebEnv>();
  for (const route of routes) assertGuarded(route);
  app.use(countRequests(deps), protect, problemPages(deps), guard(deps), ...between);
  for (const { method, path, access, handle } of routes) {
    app.on(method, path, named(path), admit(deps, access), limitBody, handle);
  }
  // Who may not come in does not learn which paths exist either.
  app.all('*', admit(deps, 'service.read'), (c) => {
    throw noRoute(routes, c.req.path);
  });
  app.onError((error, c) => {
    if (error instanceof ProblemError) {
      noteAttempt(deps, error, c);
      return problemResponse(error, c.req.path);
    }
    const { method, path } = c.req;
    deps.rooms.observe({ kind: 'request_failed', method, path, error });
    const said = 'Something went wrong here. It is in the log; nothing about it is told to callers.';
    return problemResponse(new ProblemError(500, 'internal', said), c.req.path);
  });
  return app;
};

const named =
  (path: string): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    c.set('route', path);
    await next();
  };

/** By the pattern of the route, because what strangers ask for has no end. */
const countRequests =
  ({ metrics }: MonitorDeps): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    await next();
    const method = METHODS.has(c.req.method) ? c.req.method : 'other';
    const route = c.get('route') ?? 'none';
    metrics?.served({ method, route, code: String(c.res.status) });
  };

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);

/** The one place where whoever is refused over HTTP goes on record, whichever rule it was. */
const noteAttempt = ({ rooms }: MonitorDeps, problem: ProblemError, c: WebContext): void => {
  const attempt = attemptOf(problem);
  if (attempt === undefined) return;
  const actor = attempt.actor ?? actorOf(c.get('caller') ?? { kind: 'nobody' });
  const { reason } = attempt;
  rooms.observe({
    kind: 'auth_refused',
    channel: 'http',
    reason,
    ...(actor === undefined ? {} : { actor }),
  });
};

const ownRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'GET', path: '/', access: 'service.read', handle: (c) => c.text(frontPage(deps)) },
  ...healthRoutes(deps),
  ...metricsRoutes(deps),
  ...runRoutes(deps),
  ...requestRoutes(deps),
  ...jobRoutes(deps),
  ...scheduleRoutes(deps),
  ...gateRoutes(deps),
  ...advisorRoutes(deps),
  ...letterRoutes(deps),
  ...devRoutes(deps),
];

const documentRoute = (deps: WebDeps, described: readonly Route[]): Route => {
  const route: Route = {
    method: 'GET',
    path: '/openapi.json',
    access: 'service.read',
    handle: (c) => c.json(openApi(deps, [...described, route])),
  };
  return route;
};

/** A door without a lock is a fault of the program: better that it does not start. */
const assertGuarded = ({ method, path, access }: Route): void => {
  if (!isAccess(access)) throw new Error(`${method} ${path} names no permission (${String(access)})`);
};

const channelRoutes = ({ routes = [] }: WebDeps): readonly Route[] =>
  routes.map((route) => ({
    method: route.method,
    path: route.path,
    access: route.access,
    handle: (c) => route.handle(c.req.raw),
  }));

const frontPage = ({ profile, rooms }: WebDeps): string =>
  [
    `TextOps ${rooms.house.version} (${profile}) is running.`,
    'Routes: /runs, /jobs, /health; all of them with their fields: /openapi.json',
    profile === 'dev' ? 'Try it: POST /dev/inbound' : 'Ask in your chat: help',
    '',
  ].join('\n');

const noRoute = (routes: readonly Route[], path: string): ProblemError => {
  const methods = routes.filter((route) => matches(route.path, path)).map((route) => route.method);
  if (methods.length === 0) return new ProblemError(404, 'unknown_route', 'There is nothing at this path.');
  const allow = [...new Set(methods)].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return new ProblemError(405, 'method_not_allowed', `This path takes ${allow.join(', ')}.`, {
    headers: { allow: allow.join(', ') },
  });
};

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]))
  );
};
