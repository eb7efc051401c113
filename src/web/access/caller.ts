import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '../problem.ts';
import type { Caller, WebContext, WebEnv } from '../web-deps.ts';
import { isLocal } from './guard.ts';
import { type IdentifyDeps, identify, type Unidentified } from './identify.ts';
import { type Access, mayUse, type Permission, rolesWith } from './permissions.ts';

/** Finds out who is calling and lets in whom the route takes. Whoever is refused is told so once, and the log says why. */
export const admit =
  (deps: IdentifyDeps, access: Access): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    c.set('caller', await admitted(deps, access, c));
    await next();
  };

const admitted = async (deps: IdentifyDeps, access: Access, c: WebContext): Promise<Caller> => {
  // Providers verify themselves, some of them with the very header that tokens come in.
  if (access === 'open') return { kind: 'nobody' };
  if (access === 'local') {
    if (isLocal(c)) return { kind: 'local' };
    throw new ProblemError(403, 'loopback_only', 'The dev door answers this machine only.');
  }
  const identified = await identify(deps, c);
  if ('refused' in identified) throw refused(deps, identified.refused);
  const { caller } = identified;
  if (caller.kind === 'nobody') throw unauthorized();
  if (!may(caller, access)) throw forbidden(caller, access);
  return caller;
};

/** Whether the caller has it. On the machine of the dev profile nobody has to say who they are. */
export const may = (caller: Caller, permission: Permission): boolean =>
  caller.kind === 'local' || mayUse(rolesOf(caller), permission);

export const rolesOf = (caller: Caller): readonly string[] => {
  switch (caller.kind) {
    case 'token':
      return caller.roles;
    case 'person':
      // Policies may name a person who has no role at all; such a right is like a role of one's own.
      return caller.person.roles.length === 0 ? [caller.identity] : caller.person.roles;
    case 'local':
    case 'nobody':
      return [];
  }
};

/** Who calls a route that anybody may call and that tells some more than others. */
export const callerOf = async (deps: IdentifyDeps, c: WebContext): Promise<Caller> => {
  const identified = await identify(deps, c);
  return 'caller' in identified ? identified.caller : { kind: 'nobody' };
};

const refused = ({ rooms }: IdentifyDeps, { why, reason, actor, error }: Unidentified): ProblemError => {
  const attempt = { reason, ...(actor === undefined ? {} : { actor }) };
  switch (why) {
    case 'token':
      return unauthorized(attempt);
    case 'nobody_here': {
      const said = 'The token is good, but nobody here has its account; an owner can add it to a person.';
      return new ProblemError(403, 'unknown_person', said, { attempt });
    }
    case 'unavailable': {
      rooms.observe({ kind: 'loop_faulted', loop: 'identity provider', error });
      const said = 'The identity provider cannot be asked at present, so no token of it is taken. Try again.';
      return new ProblemError(503, 'issuer_unavailable', said, { attempt });
    }
  }
};

export const unauthorized = (attempt: ProblemError['attempt'] = { reason: 'no_token' }): ProblemError =>
  new ProblemError(401, 'unauthorized', 'This needs a good token: Authorization: Bearer TOKEN.', {
    headers: { 'www-authenticate': 'Bearer realm="textops"' },
    ...(attempt === undefined ? {} : { attempt }),
  });

const forbidden = (caller: Caller, permission: Permission): ProblemError => {
  const roles = rolesWith(permission).map((role) => (role === 'custom' ? 'a role of your own' : role));
  const said = `This needs the permission ${permission}, which these roles have: ${roles.join(', ')}.`;
  const actor = actorOf(caller);
  const attempt = { reason: `lacks ${permission}`, ...(actor === undefined ? {} : { actor }) };
  return new ProblemError(403, 'permission_needed', said, { attempt });
};

/** As the history would name whoever is calling. */
export const actorOf = (caller: Caller): string | undefined => {
  if (caller.kind === 'token') return `user:http:${caller.name}`;
  return caller.kind === 'person' ? `user:${caller.identity}` : undefined;
};
