import {
  type CodeFigures,
  type CodePurpose,
  type OneTimeCode,
  PHONE_TRIES_MAX,
} from '../../core/people/code.ts';
import type { IPeople, PeopleChange } from '../../core/ports/people.ts';
import { given } from '../codec.ts';
import { first, rows, type Steps } from '../steps.ts';

interface Row {
  readonly code_hash: string;
  readonly purpose: CodePurpose;
  readonly until: number;
  readonly used_at: number | null;
  readonly identity: string | null;
  readonly address: string | null;
  readonly name: string | null;
  readonly person_id: string | null;
}

export function* findCode(codeHash: string): Steps<OneTimeCode | undefined> {
  const row = yield* first<Row>(
    'select code_hash, purpose, until, used_at, identity, address, name, person_id from codes where code_hash = $1',
    codeHash,
  );
  if (row === undefined) return undefined;
  return {
    codeHash: row.code_hash,
    purpose: row.purpose,
    until: row.until,
    used: row.used_at !== null,
    ...given('identity', row.identity),
    ...given('address', row.address),
    ...given('name', row.name),
    ...given('personId', row.person_id),
  };
}

type Counting = Parameters<IPeople['codeFigures']>[0];

export function* codeFigures({ identity, since, at }: Counting): Steps<CodeFigures> {
  const own = yield* first<{ n: number }>(
    'select count(*) as n from codes where identity = $1 and added_at > $2',
    identity,
    since,
  );
  const waiting = yield* first<{ n: number }>(
    "select count(*) as n from codes where purpose = 'admit' and used_at is null and until > $1",
    at,
  );
  return { own: own?.n ?? 0, waiting: waiting?.n ?? 0 };
}

const INSERT =
  'insert into codes (code_hash, purpose, until, added_at, identity, address, name, person_id) ' +
  'values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (code_hash) do nothing';

export function* addCode({ codeHash, purpose, until, at }: Parameters<IPeople['addCode']>[0]): Steps<void> {
  yield* rows(INSERT, codeHash, purpose, until, at, null, null, null, null);
}

/** Nobody asks about a code any more that has been void for so long, and what was asked for that long ago counts no more. */
const KEPT_MS = 24 * 60 * 60_000;

export function* makeCode(made: Extract<PeopleChange, { kind: 'code_made' }>, at: number): Steps<void> {
  const { codeHash, purpose, until, identity, address, name, personId } = made;
  yield* rows('delete from codes where until < $1', at - KEPT_MS);
  yield* rows(INSERT, codeHash, purpose, until, at, identity, address, name, personId ?? null);
}

export function* closeCode(codeHash: string, at: number): Steps<void> {
  yield* rows('update codes set used_at = $2 where code_hash = $1 and used_at is null', codeHash, at);
}

export function* closePhoneCodes(identity: string, at: number): Steps<void> {
  yield* rows(
    "update codes set used_at = $2 where identity = $1 and purpose = 'phone' and used_at is null",
    identity,
    at,
  );
}

export function* missCode(identity: string, at: number): Steps<void> {
  yield* rows(
    'update codes set misses = misses + 1, used_at = case when misses + 1 >= $3 then $2 else used_at end ' +
      "where identity = $1 and purpose = 'phone' and used_at is null",
    identity,
    at,
    PHONE_TRIES_MAX,
  );
}
