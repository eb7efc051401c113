import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { Person } from '../core/people/person.ts';
import type { Sender } from '../core/ports/channel.ts';
import { isLocal } from './guard.ts';
import { ProblemError } from './problem.ts';
import type { ApiToken, Caller, Route, WebContext, WebDeps, WebEnv } from './web-deps.ts';

/** Finds out who is calling and lets in whom the route takes. */
export const admit =
  (deps: Pick<WebDeps, 'profile' | 'apiTokens'>, access: Route['access']): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    const caller = callerOf(deps, c);
    if (access === 'local' && !isLocal(c)) {
      throw new ProblemError(403, 'loopback_only', 'The dev door answers this machine only.');
    }
    if (access === 'token' && caller.kind === 'nobody') throw unauthorized();
    c.set('caller', caller);
    await next();
  };

const callerOf = ({ profile, apiTokens }: Pick<WebDeps, 'profile' | 'apiTokens'>, c: WebContext): Caller => {
  const header = c.req.header('authorization');
  if (header !== undefined) {
    const token = owner(apiTokens, header);
    if (token !== undefined) return { kind: 'token', name: token.name, role: token.role };
    // The routes that need no token verify callers in ways of their own, some of them with this very header.
    return { kind: 'nobody' };
  }
  return profile === 'dev' && isLocal(c) ? { kind: 'local' } : { kind: 'nobody' };
};

/** Every token is compared, as a hash and in constant time, so the time taken says nothing about any of them. */
const owner = (tokens: readonly ApiToken[], header: string): ApiToken | undefined => {
  const given = digest(/^bearer +([\x21-\x7e]{1,1024})$/i.exec(header)?.[1] ?? '');
  return tokens.filter(({ token }) => timingSafeEqual(digest(token), given))[0];
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const unauthorized = (): ProblemError =>
  new ProblemError(401, 'unauthorized', 'This needs a token: Authorization: Bearer TOKEN (see API_TOKENS).', {
    headers: { 'www-authenticate': 'Bearer realm="textops"' },
  });

export interface Asker {
  readonly person: Person;
  readonly from: Sender;
  /** The account behind the request, for keys that must not collide and for the address of its runs. */
  readonly account: string;
}

/** The person that a request speaks for. */
export const askerOf = async (deps: Pick<WebDeps, 'rooms'>, c: WebContext): Promise<Asker> => {
  const caller = c.get('caller');
  if (caller.kind === 'token') return tokenAsker(deps, caller);
  if (caller.kind === 'nobody') throw unauthorized();
  const account = c.req.header('x-textops-user') ?? 'api';
  if (!/^[\w.@+-]{1,64}$/.test(account)) {
    throw new ProblemError(400, 'invalid_user', 'X-Textops-User takes 1 to 64 letters, digits and _ . @ + -');
  }
  const identity = `dev:${account}`;
  const person = await deps.rooms.directory.whoIs(identity);
  // Only the dev profile has callers without a token, and there everybody who comes through this door has a seat.
  if (person === undefined) throw new Error(`nobody is called ${identity}`);
  return { person, from: { identity, name: person.name }, account };
};

/** A token that is called like a person of the catalog is that person, so nobody asks with it and approves in chat. */
const tokenAsker = async (
  { rooms }: Pick<WebDeps, 'rooms'>,
  { name, role }: Extract<Caller, { kind: 'token' }>,
): Promise<Asker> => {
  const identity = `http:${name}`;
  const same = (await rooms.store.people.list()).find((person) => person.id === name);
  // A requester asks by API only, for what operators may ask for.
  const roles = role === 'requester' ? ['requester', 'operator'] : [role];
  const person = { id: same?.id ?? identity, name: same?.name ?? name, roles, identities: [identity] };
  return { person, from: { identity, name: person.name }, account: name };
};
