import { html } from 'hono/html';
import { noteSignIn, signIn, signInOf } from '../../core/flows/people/sign-in.ts';
import { SEATS } from '../../core/people/may.ts';
import { isLocal } from '../access/guard.ts';
import { ProblemError } from '../problem.ts';
import type { WebContext, WebDeps } from '../web-deps.ts';
import type { Html } from './html.ts';
import { answerOidc } from './oidc-sign-in.ts';
import { document } from './page.ts';
import { htmlResponse, pathOf } from './respond.ts';
import { assertOwnForm, closeSession, openSession, visitorOf } from './visitor.ts';

type Form = () => Promise<Readonly<Record<string, string>>>;

/** The pages on which somebody says who they are, and what is sent from there. */
export const answerSignIn = async (
  deps: WebDeps,
  c: WebContext,
  form: Form,
): Promise<Response | undefined> => {
  const { method, path } = c.req;
  if (path === '/login') return method === 'POST' ? enter(deps, c, await form()) : ask(deps, c);
  if (path !== '/logout' || method !== 'POST') return answerOidc(deps, c);
  const visitor = await visitorOf(deps, c);
  if (visitor !== undefined) assertOwnForm(visitor, await form());
  await closeSession(deps, c);
  return c.redirect('/login', 303);
};

/** Asking uses nothing up: messengers open a link before anybody has tapped it, to show what is behind it. */
const ask = async (deps: WebDeps, c: WebContext): Promise<Response> => {
  const code = c.req.query('code');
  const next = pathOf(c.req.query('next'));
  const body = code === undefined ? choices(deps, c, next) : await offer(deps, code, next);
  return show(deps, c, body);
};

const show = async (deps: WebDeps, c: WebContext, body: Html, status: 200 | 403 = 200): Promise<Response> => {
  const reader = { now: await deps.rooms.store.now(), timezone: 'UTC' };
  return htmlResponse(c, document({ title: 'Sign in', body }, { profile: deps.profile, reader }), status);
};

const choices = (deps: WebDeps, c: WebContext, next: string): Html => html`
<div class="door">
<h1>Sign in</h1>
${hasSeats(deps, c) ? seats(next) : ''}
${deps.browserLogin && provider(deps.browserLogin.issuer, next)}
<h2>From your chat</h2>
<p>Send <code>/login</code> to the bot in a private chat, and open the link that it answers. It works once, for five minutes.</p>
</div>`;

/** A link and no form: a form of ours leads nowhere else. */
const provider = (issuer: string, next: string): Html => html`
<h2>Your organization</h2>
<p><a class="button primary" href="/login/oidc?next=${encodeURIComponent(next)}">Sign in with ${new URL(issuer).host}</a></p>`;

const seats = (next: string): Html => html`
<h2>A seat of this machine</h2>
<p>The dev profile, opened on the machine itself: nobody asks for a password.</p>
<form method="post" action="/login" class="seats">
<input type="hidden" name="next" value="${next}">
${Object.entries(SEATS).map(
  ([seat, roles]) =>
    html`<button name="seat" value="${seat}"><strong>${seat}</strong> ${roles.length === 0 ? 'no role' : roles.join(', ')}</button>`,
)}
</form>`;

const offer = async (deps: WebDeps, code: string, next: string): Promise<Html> => {
  const found = await signInOf(deps.rooms, code);
  if (found === undefined) return html`<div class="door"><h1>Sign in</h1><p>${VOID}</p></div>`;
  return html`
<div class="door">
<h1>Sign in as ${found.person.name}?</h1>
<p>This browser will act as ${found.person.name} (<code>${found.identity}</code>) for twelve hours. If that is not you, close this page.</p>
<form method="post" action="/login">
<input type="hidden" name="code" value="${code}">
<input type="hidden" name="next" value="${next}">
<button class="primary">Sign in</button>
</form>
</div>`;
};

const VOID = 'This link was used already or is too old. Send /login to the bot for a new one.';

const enter = async (
  deps: WebDeps,
  c: WebContext,
  { seat, code, next }: Readonly<Record<string, string>>,
): Promise<Response> => {
  // There is no session yet whose secret a form could carry; a browser names where the form comes from.
  if (c.req.header('origin') === undefined) {
    throw new ProblemError(403, 'foreign_form', 'A form without an origin is not taken.');
  }
  const identity = code === undefined ? await sit(deps, c, seat) : await signIn(deps.rooms, code);
  if (identity === undefined)
    return show(deps, c, html`<div class="door"><h1>Sign in</h1><p>${VOID}</p></div>`, 403);
  await openSession(deps, c, identity);
  return c.redirect(pathOf(next), 303);
};

const sit = async (deps: WebDeps, c: WebContext, seat = ''): Promise<string> => {
  if (hasSeats(deps, c) && Object.hasOwn(SEATS, seat)) {
    await noteSignIn(deps.rooms.store, `web:dev:${seat}`);
    return `web:dev:${seat}`;
  }
  throw new ProblemError(403, 'no_such_seat', 'There is no such seat here.');
};

/** Only whoever sits at the machine itself, and only where nothing matters. */
const hasSeats = ({ profile }: WebDeps, c: WebContext): boolean => profile === 'dev' && isLocal(c);
