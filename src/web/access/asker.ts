import type { Person } from '../../core/people/person.ts';
import type { Sender } from '../../core/ports/channel.ts';
import { ProblemError } from '../problem.ts';
import type { Caller, WebContext, WebDeps } from '../web-deps.ts';
import { unauthorized } from './caller.ts';
import { personById } from './person-by-id.ts';

export interface Asker {
  readonly person: Person;
  readonly from: Sender;
  /** The account behind the request, for keys that must not collide and for the address of its runs. */
  readonly account: string;
}

/** The person that a request speaks for. */
export const askerOf = async (deps: Pick<WebDeps, 'rooms'>, c: WebContext): Promise<Asker> => {
  const caller = c.get('caller');
  switch (caller.kind) {
    case 'token':
      return tokenAsker(deps, caller);
    case 'person': {
      const { person, identity } = caller;
      return { person, from: { identity, name: person.name }, account: person.id };
    }
    case 'local':
      return localAsker(deps, c);
    case 'nobody':
      throw unauthorized();
  }
};

/**
 * A token counts as the person whose it is, or who is called like it, so that nobody asks with it and approves in chat. Its
 * rights are its own; a service is nobody, and its identity no person's, so nothing that it says is ever a decision.
 */
const tokenAsker = async (
  { rooms }: Pick<WebDeps, 'rooms'>,
  { name, roles, person: owner }: Extract<Caller, { kind: 'token' }>,
): Promise<Asker> => {
  const identity = `http:${name}`;
  const same = owner ?? (await personById(rooms.store.people, name));
  const person = { id: same?.id ?? identity, name: same?.name ?? name, roles, identities: [identity] };
  return { person, from: { identity, name: person.name }, account: name };
};

const localAsker = async ({ rooms }: Pick<WebDeps, 'rooms'>, c: WebContext): Promise<Asker> => {
  const account = c.req.header('x-textops-user') ?? 'api';
  if (!/^[\w.@+-]{1,64}$/.test(account)) {
    throw new ProblemError(400, 'invalid_user', 'X-Textops-User takes 1 to 64 letters, digits and _ . @ + -');
  }
  const identity = `dev:${account}`;
  const person = await rooms.directory.whoIs(identity);
  // Only the dev profile has callers without a token, and there everybody who comes through this door has a seat.
  if (person === undefined) throw new Error(`nobody is called ${identity}`);
  return { person, from: { identity, name: person.name }, account };
};

/** Whoever asks by API only asks for what operators may ask for. */
export const asRequester = (asker: Asker): Asker => {
  const { person } = asker;
  return person.roles.includes('requester')
    ? { ...asker, person: { ...person, roles: [...person.roles, 'operator'] } }
    : asker;
};
