import { createToken, revokeToken } from '../../core/flows/people/tokens.ts';
import type { Amendment } from '../../core/flows/runs/amend.ts';
import type { IssuedToken } from '../../core/people/token.ts';
import { sha256Hex } from '../../core/runs/hash.ts';
import { isoOf } from '../../core/time/instant.ts';
import { newApiToken } from '../../program/keys.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { speaker } from '../voice/speaker.ts';

export interface TokenOptions {
  readonly as?: string;
}

export interface CreateOptions extends TokenOptions {
  readonly person?: string;
  /** Milliseconds. */
  readonly expires?: number;
}

/** `textops token create NAME ROLE[,ROLE]`: the token on stdout, this once and never again. */
export const tokenCreate = async (
  { voice, settings, withStore }: CliContext,
  wanted: { readonly name: string; readonly roles: readonly string[] },
  { person, expires, as }: CreateOptions,
): Promise<ExitCode> => {
  const token = newApiToken();
  const { words, made } = await withStore(async (store) => {
    const done = await carryOut(
      store,
      createToken(store, {
        ...wanted,
        ...(person === undefined ? {} : { personId: person }),
        ...(expires === undefined ? {} : { expiresInMs: expires }),
        tokenHash: sha256Hex(token),
        namesElsewhere: settings().apiTokens.map(({ name }) => name),
        by: await speaker(store, as),
      }),
    );
    return { words: await wordsUnlessRefused(store, done), made: madeOf(done) };
  });
  if (voice.json) {
    const { name, roles, personId, expiresAt } = made;
    const until = expiresAt === undefined ? null : isoOf(expiresAt);
    voice.document('token', { name, roles, person: personId ?? null, expiresAt: until, token });
  } else {
    voice.talk(words);
    voice.data(token);
  }
  return EXIT.done;
};

/** `textops token revoke NAME`. */
export const tokenRevoke = async (
  { voice, withStore }: CliContext,
  name: string,
  { as }: TokenOptions,
): Promise<ExitCode> => {
  const words = await withStore(async (store) => {
    const done = await carryOut(store, revokeToken(store, { name, by: await speaker(store, as) }));
    return wordsUnlessRefused(store, done, 'unknown_token');
  });
  if (voice.json) voice.document('token', { name, revoked: true });
  else voice.data(words);
  return EXIT.done;
};

const madeOf = ({ upkeep = [] }: Amendment): IssuedToken => {
  const made = upkeep.find((one) => one.kind === 'token_created');
  if (made === undefined) throw new Error('a token was neither made nor refused');
  return made.token;
};

/** `textops token list`: what may come in over HTTP, without the tokens of API_TOKENS. */
export const tokenList = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const [tokens, at] = await withStore((store) => Promise.all([store.tokens.list(), store.now()]));
  if (voice.json) {
    voice.document(
      'tokens',
      tokens.map((token) => tokenView(token, at)),
    );
    return EXIT.done;
  }
  voice.table(
    ['TOKEN', 'STATE', 'ROLES', 'PERSON', 'CREATED', 'BY', 'EXPIRES', 'USED'],
    tokens.map((token) => [
      token.name,
      stateOf(token, at),
      token.roles.join(','),
      token.personId ?? '',
      isoOf(token.createdAt),
      token.createdBy,
      isoOr(token.expiresAt, ''),
      isoOr(token.lastUsedAt, ''),
    ]),
  );
  if (tokens.length === 0) voice.talk('None yet: textops token create NAME ROLE. API_TOKENS has its own.');
  return EXIT.done;
};

const stateOf = ({ expiresAt, revokedAt }: IssuedToken, at: number): 'good' | 'expired' | 'revoked' => {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && at >= expiresAt ? 'expired' : 'good';
};

const tokenView = (token: IssuedToken, at: number) => ({
  name: token.name,
  state: stateOf(token, at),
  roles: token.roles,
  person: token.personId ?? null,
  createdAt: isoOf(token.createdAt),
  createdBy: token.createdBy,
  expiresAt: isoOr(token.expiresAt, null),
  lastUsedAt: isoOr(token.lastUsedAt, null),
  revokedAt: isoOr(token.revokedAt, null),
});

const isoOr = <T>(at: number | undefined, otherwise: T): string | T =>
  at === undefined ? otherwise : isoOf(at);
