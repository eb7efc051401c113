import type { GrownChain, SealedHead, SealLook } from '../../core/ports/history.ts';
import type { Seal, SealHead } from '../../core/runs/seal.ts';
import { given } from '../codec.ts';
import { first, insertMany, many, rows, type Steps, updateMany } from '../steps.ts';

const SELECT = 'select number, at, previous, events, heads, key, hash, signature from seals';

export function* seals(after: number, limit: number): Steps<readonly Seal[]> {
  return yield* rows<Seal>(`${SELECT} where number > $1 order by number limit $2`, after, limit);
}

const HEADS = 'select chain, seq, hash, seal from seal_heads';

export function* headsOf(after: string, upTo: string | undefined): Steps<readonly SealedHead[]> {
  const end = upTo === undefined ? [] : [upTo];
  const until = upTo === undefined ? '' : ' and chain <= $2';
  return yield* rows<SealedHead>(`${HEADS} where chain > $1${until} order by chain, seq`, after, ...end);
}

export function* headsOfChain(chain: string): Steps<readonly SealedHead[]> {
  return yield* rows<SealedHead>(`${HEADS} where chain = $1 order by seq`, chain);
}

export function* headsOfSeals(from: number, upTo: number): Steps<readonly SealedHead[]> {
  return yield* rows<SealedHead>(`${HEADS} where seal >= $1 and seal <= $2`, from, upTo);
}

export function* look(after: string, limit: number): Steps<SealLook> {
  const newest = yield* first<Seal>(`${SELECT} order by number desc limit 1`);
  const runs = yield* rows<GrownRow>(
    grown('runs', 'id', 'version', 'head_hash', 'and c.id > $1 order by c.id limit $2'),
    after,
    limit,
  );
  // It is looked at with the first page, whatever its name.
  const system = after === '' ? yield* rows<GrownRow>(grown('system_chain', 'name', 'seq', 'hash', '')) : [];
  return { newest, grown: [...system, ...runs].map(grownChain) };
}

/** The event itself is looked up as well: a seal must not repeat what only the row says. */
const grown = (table: string, name: string, seq: string, hash: string, rest: string): string =>
  `select c.${name} as chain, c.${seq} as seq, c.${hash} as hash, c.sealed_seq, e.hash as event_hash, ` +
  `(select max(h.seq) from seal_heads h where h.chain = c.${name}) as last_sealed ` +
  `from ${table} c left join events e on e.chain = c.${name} and e.seq = c.${seq} ` +
  `where c.${seq} > c.sealed_seq ${rest}`;

interface GrownRow extends SealHead {
  readonly sealed_seq: number;
  readonly event_hash: string | null;
  readonly last_sealed: number | null;
}

const grownChain = ({ chain, seq, hash, sealed_seq, event_hash, last_sealed }: GrownRow): GrownChain => ({
  chain,
  seq,
  hash,
  sealedSeq: sealed_seq,
  ...given('eventHash', event_hash),
  lastSealed: last_sealed ?? 0,
});

/** The number decides between processes that seal at once; what they sealed they have read before it was taken. */
export function* appendSeal(seal: Seal, heads: readonly SealHead[]): Steps<'appended' | 'taken'> {
  const { number, at, previous, events, heads: covered, key, hash, signature } = seal;
  // Looked for first, because SQLite's trigger takes a second one for a change of the first.
  const there = yield* rows('select number from seals where number = $1', number);
  if (there.length > 0) return 'taken';
  const won = yield* rows(
    'insert into seals (number, at, previous, events, heads, key, hash, signature) ' +
      'values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (number) do nothing returning number',
    number,
    at,
    previous,
    events,
    covered,
    key,
    hash,
    signature,
  );
  if (won.length === 0) return 'taken';
  yield* many(
    HEAD,
    heads.map((head) => [head.chain, head.seq, head.hash, number]),
  );
  yield* markSealed(heads);
  return 'appended';
}

const HEAD = insertMany('seal_heads', { chain: 'text', seq: 'bigint', hash: 'text', seal: 'bigint' });
const SEALED_RUN = updateMany('runs', { sealed_seq: 'bigint' }, ['id', 'text']);
const SEALED_SYSTEM = updateMany('system_chain', { sealed_seq: 'bigint' }, ['name', 'text']);

function* markSealed(heads: readonly SealHead[]): Steps<void> {
  const runs = heads.filter(({ chain }) => chain !== 'system');
  // In the order in which commits lock them, so that the two cannot wait for each other.
  yield* rows(
    'select id from runs where id = any($1) order by id for update',
    runs.map(({ chain }) => chain),
  );
  yield* many(
    SEALED_RUN,
    runs.map(({ chain, seq }) => [seq, chain]),
  );
  yield* many(
    SEALED_SYSTEM,
    heads.filter(({ chain }) => chain === 'system').map(({ seq }) => [seq, 'system']),
  );
}
