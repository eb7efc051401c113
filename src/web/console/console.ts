import type { MiddlewareHandler } from 'hono';
import { type Permission, rolesWith } from '../access/permissions.ts';
import { limitBody } from '../limit-body.ts';
import { ProblemError } from '../problem.ts';
import type { Caller, WebContext, WebDeps, WebEnv } from '../web-deps.ts';
import { ACTS } from './acts.ts';
import { allows } from './allows.ts';
import { assetAt } from './assets.ts';
import { frameOf } from './frame.ts';
import { STREAMS_MAX } from './live.ts';
import { document, type Page } from './page.ts';
import { PAGES } from './pages.ts';
import { type Places, places } from './places.ts';
import { htmlResponse, isReading, wantsPage } from './respond.ts';
import { matched, type Visit } from './route.ts';
import { answerSignIn } from './sign-in.ts';
import { assertOwnForm, type Visitor, visitorOf } from './visitor.ts';

/**
 * The console: pages for people at the very addresses where programs find JSON. Whoever asks for HTML, or sends a form, is
 * answered here; everybody else is passed on.
 */
export const consolePages = (deps: WebDeps): MiddlewareHandler<WebEnv> => {
  const house: House = { deps, streams: places(STREAMS_MAX) };
  return async (c, next) => {
    const answer = (await answerOpen(deps, c)) ?? (await answerSignedIn(house, c));
    if (answer === undefined) return next();
    return answer;
  };
};

interface House {
  readonly deps: WebDeps;
  readonly streams: Places;
}

/** What is there for whoever has not said yet who they are. */
const answerOpen = async (deps: WebDeps, c: WebContext): Promise<Response | undefined> => {
  const asset = isReading(c) ? assetAt(c.req.path) : undefined;
  if (asset !== undefined) {
    return c.body(asset.text, 200, { 'content-type': asset.type, 'cache-control': KEEP });
  }
  return answerSignIn(deps, c, () => formOf(c));
};

const KEEP = 'public, max-age=31536000, immutable';

const answerSignedIn = async (house: House, c: WebContext): Promise<Response | undefined> => {
  const { path } = c.req;
  if (isReading(c)) {
    if (!wantsPage(c)) return undefined;
    for (const page of PAGES) {
      const params = matched(page.path, path);
      if (params === undefined) continue;
      c.set('route', page.path);
      const visitor = await admitted(house.deps, c, page.needs);
      if (visitor instanceof Response) return visitor;
      const visit = await visitOf(house, c, { visitor, params, form: {} });
      return written(visit, await page.show(visit));
    }
    return undefined;
  }
  if (!sendsForm(c)) return undefined;
  for (const { path: pattern, needs, act } of ACTS) {
    const params = matched(pattern, path);
    if (params === undefined) continue;
    c.set('route', pattern);
    const visitor = await admitted(house.deps, c, needs);
    if (visitor instanceof Response) return visitor;
    const form = await formOf(c);
    assertOwnForm(visitor, form);
    const visit = await visitOf(house, c, { visitor, params, form });
    return written(visit, await act(visit));
  }
  return undefined;
};

/** Who comes in, or where to go first. */
const admitted = async (deps: WebDeps, c: WebContext, needs: Permission): Promise<Visitor | Response> => {
  const visitor = await visitorOf(deps, c);
  if (visitor === undefined) return signInFirst(c);
  const caller: Caller = { kind: 'person', person: visitor.person, identity: visitor.identity };
  c.set('caller', caller);
  if (allows(deps, visitor, needs)) return visitor;
  const who = rolesWith(needs).filter((role) => role !== 'custom');
  throw new ProblemError(403, 'permission_needed', `That is for people of role ${who.join(', ')}.`, {
    attempt: { reason: `lacks ${needs}`, actor: `user:${visitor.identity}` },
  });
};

const signInFirst = (c: WebContext): Response => {
  const next = c.req.method === 'POST' ? '' : `?next=${encodeURIComponent(c.req.path)}`;
  // A part of a page that is asked for by a script cannot be answered with another page.
  if (c.req.header('hx-request') === 'true') return c.body(null, 401, { 'hx-redirect': `/login${next}` });
  return c.redirect(`/login${next}`, 303);
};

const visitOf = async (
  { deps, streams }: House,
  c: WebContext,
  { visitor, params, form }: Pick<Visit, 'visitor' | 'params' | 'form'>,
): Promise<Visit> => {
  const timezone = visitor.person.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { deps, streams, c, visitor, params, form, reader: { now: await deps.rooms.store.now(), timezone } };
};

const written = async (visit: Visit, shown: Page | Response): Promise<Response> =>
  shown instanceof Response
    ? shown
    : htmlResponse(visit.c, document(shown, await frameOf(visit)), shown.status);

const FORM = 'application/x-www-form-urlencoded';

const sendsForm = (c: WebContext): boolean =>
  c.req.method === 'POST' && (c.req.header('content-type') ?? '').toLowerCase().startsWith(FORM);

/** A field that is given twice counts as its last. */
const formOf = async (c: WebContext): Promise<Readonly<Record<string, string>>> => {
  await limitBody(c, () => Promise.resolve());
  const fields = new URLSearchParams(await c.req.text());
  return Object.fromEntries([...fields].map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]));
};
