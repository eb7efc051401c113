import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import type { Person } from '../../core/people/person.ts';
import { sha256Hex } from '../../core/runs/hash.ts';
import { hostOf, isLoopbackHost } from '../access/guard.ts';
import { ProblemError } from '../problem.ts';
import type { WebContext, WebDeps } from '../web-deps.ts';
import type { Said } from './html.ts';

/** Somebody who uses the console with a browser. */
export interface Visitor {
  readonly person: Person;
  /** `web:…`, which signs what they do. */
  readonly identity: string;
  /** Stands in every form, so that no other page can send one. */
  readonly csrf: string;
  readonly signedInAt: number;
}

const SESSION_MS = 12 * 60 * 60_000;

/** Whoever approves something heavy has shown who they are no longer ago than that. */
export const FRESH_MS = 15 * 60_000;

/** The person behind the browser, as they are now; nobody whose account was taken away comes in. */
export const visitorOf = async ({ rooms }: WebDeps, c: WebContext): Promise<Visitor | undefined> => {
  const secret = cookieOf(c, 'session');
  if (secret === undefined) return undefined;
  const session = await rooms.store.webSessions.find(sha256Hex(secret));
  if (session === undefined || session.until <= (await rooms.store.now())) return undefined;
  const { identity, signedInAt } = session;
  const person = await rooms.directory.whoIs(identity);
  return person && { person, identity, csrf: csrfOf(secret), signedInAt };
};

/** From now on this browser is theirs. The secret is a new one each time, so nobody can have put it there before. */
export const openSession = async (deps: WebDeps, c: WebContext, identity: string): Promise<void> => {
  await forget(deps, c);
  const secret = randomBytes(32).toString('base64url');
  const { store } = deps.rooms;
  const at = await store.now();
  await store.webSessions.open({
    idHash: sha256Hex(secret),
    identity,
    signedInAt: at,
    until: at + SESSION_MS,
  });
  keep(c, 'session', secret, SESSION_MS / 1000);
};

export const closeSession = async (deps: WebDeps, c: WebContext): Promise<void> => {
  await forget(deps, c);
  keep(c, 'session', '', 0);
};

const forget = async ({ rooms }: WebDeps, c: WebContext): Promise<void> => {
  const secret = cookieOf(c, 'session');
  if (secret !== undefined) await rooms.store.webSessions.close(sha256Hex(secret));
};

/** Refuses a form that this console did not write for this very browser. */
export const assertOwnForm = ({ csrf }: Visitor, form: Readonly<Record<string, string>>): void => {
  const given = createHash('sha256')
    .update(form['csrf'] ?? '')
    .digest();
  if (timingSafeEqual(given, createHash('sha256').update(csrf).digest())) return;
  throw new ProblemError(403, 'foreign_form', 'This form is too old, or not from here. Load the page again.');
};

const csrfOf = (secret: string): string => sha256Hex(`form ${secret}`);

/** One sentence for the next page; it is shown once. */
export const sayNext = (c: WebContext, said: Said): void => {
  const text = JSON.stringify({ ...said, words: said.words.slice(0, 600) });
  keep(c, 'said', Buffer.from(text).toString('base64url'), 60);
};

export const takeSaid = (c: WebContext): Said | undefined => {
  const kept = taken(c, 'said');
  if (kept === undefined) return undefined;
  try {
    const said = JSON.parse(Buffer.from(kept, 'base64url').toString()) as Partial<Said>;
    if (typeof said.words !== 'string') return undefined;
    return { tone: said.tone === 'refused' ? 'refused' : 'done', words: said.words };
  } catch {
    return undefined;
  }
};

/** What was kept, once. */
export const taken = (c: WebContext, kept: Kept): string | undefined => {
  const value = cookieOf(c, kept);
  if (value !== undefined) keep(c, kept, '', 0);
  return value;
};

type Kept = 'session' | 'said' | 'oidc';

/** Only a browser that came over https takes a `__Host-` cookie, which no other host of the domain can set. */
const nameOf = (kept: Kept, over: 'open' | 'secure'): string =>
  over === 'secure' ? `__Host-textops-${kept}` : `textops-${kept}`;

const wayOf = (c: WebContext): 'open' | 'secure' => (isLoopbackHost(hostOf(c)) ? 'open' : 'secure');

const cookieOf = (c: WebContext, kept: Kept): string | undefined => {
  const value = getCookie(c, nameOf(kept, wayOf(c)));
  return value === '' ? undefined : value;
};

export const keep = (c: WebContext, kept: Kept, value: string, maxAge: number): void => {
  const over = wayOf(c);
  setCookie(c, nameOf(kept, over), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: over === 'secure',
    maxAge,
  });
};
