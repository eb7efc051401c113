import type { Person } from '../../people/person.ts';
import { rolesInUse } from '../../people/roles.ts';
import { refusalOfRevoke, refusalOfToken, type TokenRefusal } from '../../people/token.ts';
import type { Store } from '../../ports/store.ts';
import { createdWords, revokedTokenWords, tokenRefusal } from '../../text/people/token-words.ts';
import { rightsOf } from '../messages/heard.ts';
import type { Amendment } from '../runs/amend.ts';

interface By {
  readonly person: Pick<Person, 'roles'>;
  readonly identity: string;
}

export interface TokenOrder {
  readonly name: string;
  readonly roles: readonly string[];
  readonly personId?: string;
  readonly expiresInMs?: number;
  /** The token itself stays with whoever asked for it. */
  readonly tokenHash: string;
  /** Names of tokens that are kept elsewhere. */
  readonly namesElsewhere: readonly string[];
  readonly by: By;
}

/** Making a token is an owner's act and leaves a record of who and when, never of the token. */
export const createToken =
  (store: Pick<Store, 'tokens' | 'people' | 'catalog' | 'now'>, order: TokenOrder) =>
  async (): Promise<Amendment> => {
    const { name, personId, expiresInMs, tokenHash, namesElsewhere, by } = order;
    if (!by.person.roles.includes('owner')) return refused({ why: 'owner_needed' });
    const [tokens, people, jobs, at] = await Promise.all([
      store.tokens.list(),
      store.people.list(),
      store.catalog.list(),
      store.now(),
    ]);
    const refusal = refusalOfToken({
      ...order,
      people,
      rolesInUse: rolesInUse(jobs.map(rightsOf)),
      taken: [...namesElsewhere, ...tokens.map((token) => token.name)],
    });
    if (refusal !== undefined) return refused(refusal);
    const actor = `user:${by.identity}`;
    const roles = [...new Set(order.roles)];
    const made = {
      name,
      roles,
      ...(personId === undefined ? {} : { personId }),
      ...(expiresInMs === undefined ? {} : { expiresAt: at + expiresInMs }),
    };
    const whose = people.find(({ id }) => id === personId)?.name;
    return {
      said: { lines: [[createdWords(name, roles, whose)]] },
      records: [{ type: 'TokenCreated', actor, payload: made }],
      upkeep: [{ kind: 'token_created', token: { ...made, tokenHash, createdAt: at, createdBy: actor } }],
    };
  };

/** Its next request is refused, wherever it is answered. */
export const revokeToken =
  (store: Pick<Store, 'tokens'>, { name, by }: { readonly name: string; readonly by: By }) =>
  async (): Promise<Amendment> => {
    if (!by.person.roles.includes('owner')) return refused({ why: 'owner_needed' });
    const refusal = refusalOfRevoke(name, await store.tokens.list());
    if (refusal !== undefined) return refused(refusal);
    return {
      said: { lines: [[revokedTokenWords(name)]] },
      records: [{ type: 'TokenRevoked', actor: `user:${by.identity}`, payload: { name } }],
      upkeep: [{ kind: 'token_revoked', name }],
    };
  };

const refused = (refusal: TokenRefusal): Amendment => {
  const { why, words } = tokenRefusal(refusal);
  return { said: { lines: [[words]] }, refused: why };
};
