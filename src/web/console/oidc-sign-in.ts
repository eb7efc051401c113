import { noteSignIn } from '../../core/flows/people/sign-in.ts';
import { hostOf } from '../access/guard.ts';
import { ProblemError } from '../problem.ts';
import type { BrowserLogin, LoginAsked, WebContext, WebDeps } from '../web-deps.ts';
import { pathOf } from './respond.ts';
import { keep, openSession, taken } from './visitor.ts';

const CALLBACK = '/login/oidc/callback';

/** How long somebody may take at their identity provider. */
const PATIENCE_S = 600;

/** `/login/oidc` leads to the identity provider, and its callback back in. */
export const answerOidc = async (deps: WebDeps, c: WebContext): Promise<Response | undefined> => {
  const { path, method } = c.req;
  const { browserLogin } = deps;
  if (browserLogin === undefined || method !== 'GET') return undefined;
  if (path === '/login/oidc') return begin(deps, browserLogin, c);
  return path === CALLBACK ? finish(deps, browserLogin, c) : undefined;
};

interface Begun extends LoginAsked {
  readonly next: string;
}

const begin = async (deps: WebDeps, login: BrowserLogin, c: WebContext): Promise<Response> => {
  const { url, asked } = await reached(deps, login.begin(callbackOf(deps, c)));
  const begun: Begun = { ...asked, next: pathOf(c.req.query('next')) };
  // It stays in the browser that began, so an answer that somebody else got is worth nothing there.
  keep(c, 'oidc', Buffer.from(JSON.stringify(begun)).toString('base64url'), PATIENCE_S);
  return c.redirect(url, 303);
};

const finish = async (deps: WebDeps, login: BrowserLogin, c: WebContext): Promise<Response> => {
  const begun = begunOf(taken(c, 'oidc'));
  const answeredAt = new URL(callbackOf(deps, c));
  answeredAt.search = new URL(c.req.url).search;
  const subject = begun && (await reached(deps, login.finish(answeredAt, begun)));
  if (begun === undefined || subject === undefined) {
    throw new ProblemError(
      403,
      'login_void',
      'That sign-in was not finished, or took too long. Begin it again.',
    );
  }
  const identity = `web:${subject}`;
  const person = await deps.rooms.store.people.find(identity);
  if (person === undefined) {
    const said = `You are signed in there, but nobody here has the account ${identity}; an owner can add it to a person.`;
    throw new ProblemError(403, 'unknown_person', said, {
      attempt: { reason: 'unknown_person', actor: `user:${identity}` },
    });
  }
  await noteSignIn(deps.rooms.store, identity);
  await openSession(deps, c, identity);
  return c.redirect(begun.next, 303);
};

const callbackOf = ({ publicUrl }: WebDeps, c: WebContext): string =>
  `${publicUrl ?? `http://${hostOf(c)}`}${CALLBACK}`;

const begunOf = (text: string | undefined): Begun | undefined => {
  if (text === undefined) return undefined;
  try {
    const { state, nonce, verifier, next } = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    ) as Partial<Begun>;
    if (state === undefined || nonce === undefined || verifier === undefined) return undefined;
    return { state, nonce, verifier, next: pathOf(next) };
  } catch {
    return undefined;
  }
};

const reached = async <T>({ rooms }: WebDeps, answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    rooms.observe({ kind: 'loop_faulted', loop: 'identity provider', error });
    throw new ProblemError(
      503,
      'login_unavailable',
      'The identity provider cannot be asked at present. Try again.',
    );
  }
};
