import type { ChainRow, EventPlace, EventRow, IHistory } from '../../core/ports/history.ts';
import type { Engine } from '../engine.ts';
import { RUN_COLUMNS, unfitColumns } from '../runs/run-columns.ts';
import { runFromJson } from '../runs/run-json.ts';
import { first, rows, type Steps } from '../steps.ts';
import { guardsOnPg, guardsOnSqlite } from './guards.ts';
import { appendSeal, headsOf, headsOfChain, headsOfSeals, look, seals } from './seals.ts';

export const historyOf = (engine: Engine): IHistory => ({
  rows: (after, limit) => engine.read(() => runRows(after, limit)),
  row: (chain) => engine.read(() => (chain === 'system' ? systemRow() : runRow(chain))),
  events: (from, upTo, limit) => engine.read(() => events(from, upTo, limit)),
  ends: (after, limit) => engine.read(() => ends(after, limit)),
  headsOf: (after, upTo) => engine.read(() => headsOf(after, upTo)),
  headsOfChain: (chain) => engine.read(() => headsOfChain(chain)),
  headsOfSeals: (from, upTo) => engine.read(() => headsOfSeals(from, upTo)),
  seals: (after, limit) => engine.read(() => seals(after, limit)),
  look: (after, limit) => engine.read(() => look(after, limit)),
  append: (seal, heads) => engine.write(() => appendSeal(seal, heads)),
  guards: () => engine.read(engine.kind === 'pg' ? guardsOnPg : guardsOnSqlite),
});

type RunRow = {
  readonly id: string;
  readonly version: number;
  readonly head_hash: string;
  readonly sealed_seq: number;
  readonly address: string;
  readonly terms: string;
  readonly state: string;
};

// Whoever takes the terms away must not thereby hide the run.
const SELECT =
  `select id, version, head_hash, sealed_seq, address, ${RUN_COLUMNS.join(', ')}, terms, state ` +
  'from runs left join run_terms on run_id = id';

function* runRows(after: string, limit: number): Steps<readonly ChainRow[]> {
  const found = yield* rows<RunRow>(`${SELECT} where id > $1 order by id limit $2`, after, limit);
  return found.map(chainRow);
}

function* runRow(id: string): Steps<ChainRow | undefined> {
  const found = yield* first<RunRow>(`${SELECT} where id = $1`, id);
  return found === undefined ? undefined : chainRow(found);
}

function* systemRow(): Steps<ChainRow | undefined> {
  const row = yield* first<{ seq: number; hash: string; sealed_seq: number }>(
    "select seq, hash, sealed_seq from system_chain where name = 'system'",
  );
  if (row === undefined) return undefined;
  return { chain: 'system', seq: row.seq, hash: row.hash, sealedSeq: row.sealed_seq, suspect: false };
}

const chainRow = (row: RunRow): ChainRow => {
  const { id, version, head_hash, sealed_seq } = row;
  return { chain: id, seq: version, hash: head_hash, sealedSeq: sealed_seq, ...stateOf(row) };
};

/** A run whose conversation moved is suspect as well; the second look knows about moves. */
const stateOf = (row: RunRow): Pick<ChainRow, 'suspect'> & { readonly state: ChainRow['state'] & {} } => {
  try {
    const state = runFromJson(row.terms, row.state);
    return { state, suspect: row.address !== state.origin.address || unfitColumns(row, state).length > 0 };
  } catch {
    return { state: 'unreadable', suspect: true };
  }
};

/** Rows arrive as one text each: taking it apart costs less than a driver's own columns, most of all PostgreSQL's. */
const SEPARATOR = '\u001f';
const COLUMNS = ['chain', 'seq', 'type', 'at', 'actor', 'payload', 'hash'] as const;

function* events(
  { chain, seq }: EventPlace,
  upTo: string | undefined,
  limit: number,
): Steps<readonly EventRow[]> {
  const params = [chain, seq, limit, ...(upTo === undefined ? [] : [upTo])];
  const end = upTo === undefined ? '' : ' and chain <= $4';
  const rest = `from events where (chain, seq) > ($1, $2)${end} order by chain, seq limit $3`;
  const line = COLUMNS.join(` || $${params.length + 1} || `);
  const lines = yield* rows<{ line: string | null }>(`select ${line} as line ${rest}`, ...params, SEPARATOR);
  const taken = lines.map((row) => takenApart(row.line));
  if (taken.every((event) => event !== undefined)) return taken;
  // Somebody wrote what we never would: a separator inside a column, or nothing at all.
  type Row = Readonly<Record<(typeof COLUMNS)[number], unknown>>;
  const found = yield* rows<Row>(`select ${COLUMNS.join(', ')} ${rest}`, ...params);
  return found.map((row) => eventRow(COLUMNS.map((name) => String(row[name]))));
}

const takenApart = (line: string | null): EventRow | undefined => {
  const parts = line?.split(SEPARATOR);
  return parts?.length === COLUMNS.length ? eventRow(parts) : undefined;
};

/** By index: taking a list apart by name goes through its iterator, a million times. */
const eventRow = (parts: readonly string[]): EventRow => ({
  chain: parts[0] ?? '',
  seq: Number(parts[1]),
  type: parts[2] ?? '',
  at: Number(parts[3]),
  actor: parts[4] ?? '',
  payload: parts[5] ?? '',
  hash: parts[6] ?? '',
});

function* ends(after: string, limit: number): Steps<readonly { chain: string; at: number }[]> {
  return yield* rows<{ chain: string; at: number }>(
    'select r.id as chain, e.at from runs r join events e on e.chain = r.id and e.seq = r.version ' +
      'where r.id > $1 order by r.id limit $2',
    after,
    limit,
  );
}
