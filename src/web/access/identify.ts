import { createHash, timingSafeEqual } from 'node:crypto';
import { faultOfToken, rolesOfToken, TOKEN_PREFIX, USE_NOTED_MS } from '../../core/people/token.ts';
import { sha256Hex } from '../../core/runs/hash.ts';
import type { ApiToken, Caller, WebContext, WebDeps } from '../web-deps.ts';
import { isLocal } from './guard.ts';
import { personById } from './person-by-id.ts';

export type IdentifyDeps = Pick<WebDeps, 'rooms' | 'profile' | 'apiTokens' | 'identityProvider'>;

/** Why a header makes nobody of its sender. The reason is for the log; whoever forges learns nothing from it. */
export interface Unidentified {
  readonly why: 'token' | 'nobody_here' | 'unavailable';
  readonly reason: string;
  readonly actor?: string;
  readonly error?: unknown;
}

export type Identified = { readonly caller: Caller } | { readonly refused: Unidentified };

/** Who is calling. A token that is not good makes nobody of anybody, on the machine itself as well. */
export const identify = async (deps: IdentifyDeps, c: WebContext): Promise<Identified> => {
  const header = c.req.header('authorization');
  if (header === undefined) {
    return { caller: { kind: deps.profile === 'dev' && isLocal(c) ? 'local' : 'nobody' } };
  }
  const token = /^bearer +([\x21-\x7e]{1,8192})$/i.exec(header)?.[1];
  if (token === undefined) return bad('malformed');
  const own = ofEnvironment(deps.apiTokens, token);
  if (own !== undefined) return { caller: { kind: 'token', name: own.name, roles: [own.role] } };
  if (token.startsWith(TOKEN_PREFIX)) return ofDatabase(deps, token);
  return token.includes('.') && deps.identityProvider !== undefined
    ? ofProvider(deps, deps.identityProvider, token)
    : bad('unknown_token');
};

const bad = (reason: string, actor?: string): Identified => ({
  refused: { why: 'token', reason, ...(actor === undefined ? {} : { actor }) },
});

/** Every token is compared, as a hash and in constant time, so the time taken says nothing about any of them. */
const ofEnvironment = (tokens: readonly ApiToken[], token: string): ApiToken | undefined => {
  const given = digest(token);
  return tokens.filter((one) => timingSafeEqual(digest(one.token), given))[0];
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Looked up anew for every request, its person as well: whatever was taken away counts from now on. */
const ofDatabase = async ({ rooms: { store } }: IdentifyDeps, token: string): Promise<Identified> => {
  const tokenHash = sha256Hex(token);
  const found = await store.tokens.find(tokenHash);
  if (found === undefined || !timingSafeEqual(Buffer.from(found.tokenHash), Buffer.from(tokenHash))) {
    return bad('unknown_token');
  }
  const { name, personId, lastUsedAt } = found;
  const at = await store.now();
  const person = personId === undefined ? undefined : await personById(store.people, personId);
  const fault = faultOfToken(found, person, at);
  if (fault !== undefined) return bad(`token_${fault}`, `user:http:${name}`);
  if (lastUsedAt === undefined || at - lastUsedAt >= USE_NOTED_MS) await store.tokens.touch(name, at);
  const roles = rolesOfToken(found, person);
  return { caller: { kind: 'token', name, roles, ...(person === undefined ? {} : { person }) } };
};

const ofProvider = async (
  { rooms }: IdentifyDeps,
  provider: NonNullable<IdentifyDeps['identityProvider']>,
  token: string,
): Promise<Identified> => {
  const verified = await provider.verify(token, await rooms.store.now());
  if (verified.kind === 'refused') return bad(verified.reason);
  if (verified.kind === 'unavailable') {
    return { refused: { why: 'unavailable', reason: 'issuer_unavailable', error: verified.error } };
  }
  const identity = `web:${verified.subject}`;
  // Not the directory: what a provider calls somebody must not be taken for an account of one of our channels.
  const person = await rooms.store.people.find(identity);
  return person === undefined
    ? { refused: { why: 'nobody_here', reason: 'unknown_person', actor: `user:${identity}` } }
    : { caller: { kind: 'person', person, identity } };
};
