import { type IssuedToken, USE_NOTED_MS } from '../../core/people/token.ts';
import type { ITokens, TokenChange } from '../../core/ports/tokens.ts';
import { fromJson, given, toJson } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { sharedRead } from '../shared-read.ts';
import { type Param, rows, type Steps } from '../steps.ts';

export const tokensOf = (engine: Engine): ITokens => {
  const look = sharedRead((hashes: readonly string[]) =>
    engine.read(function* () {
      const found = yield* tokens('where token_hash = any($1)', hashes);
      return new Map(found.map((token) => [token.tokenHash, token] as const));
    }),
  );
  return {
    list: () => engine.read(() => tokens('')),
    find: async (tokenHash) => (await look([tokenHash]))[0],
    touch: async (name, at) => {
      await engine.write(() =>
        rows(
          'update api_tokens set last_used_at = $2 where name = $1 and coalesce(last_used_at, 0) <= $3',
          name,
          at,
          at - USE_NOTED_MS,
        ),
      );
    },
  };
};

interface Row {
  readonly name: string;
  readonly token_hash: string;
  readonly roles: string;
  readonly person_id: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

function* tokens(tail: string, ...params: readonly Param[]): Steps<readonly IssuedToken[]> {
  const found = yield* rows<Row>(
    'select name, token_hash, roles, person_id, created_at, created_by, expires_at, last_used_at, revoked_at ' +
      `from api_tokens ${tail} order by name`,
    ...params,
  );
  return found.map((row) => ({
    name: row.name,
    tokenHash: row.token_hash,
    roles: fromJson(row.roles) as readonly string[],
    ...given('personId', row.person_id),
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...given('expiresAt', row.expires_at),
    ...given('lastUsedAt', row.last_used_at),
    ...given('revokedAt', row.revoked_at),
  }));
}

export function* changeTokens(change: TokenChange, at: number): Steps<void> {
  if (change.kind === 'token_revoked') {
    yield* rows(
      'update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null',
      change.name,
      at,
    );
    return;
  }
  const { name, tokenHash, roles, personId, createdAt, createdBy, expiresAt } = change.token;
  yield* rows(
    'insert into api_tokens (name, token_hash, roles, person_id, created_at, created_by, expires_at) ' +
      'values ($1, $2, $3, $4, $5, $6, $7)',
    name,
    tokenHash,
    toJson(roles),
    personId ?? null,
    createdAt,
    createdBy,
    expiresAt ?? null,
  );
}
