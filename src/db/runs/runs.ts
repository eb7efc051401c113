import type { OutputText } from '../../core/ports/commit.ts';
import type { IRunRepository, RunFilter, RunPage, StoredRun } from '../../core/ports/store.ts';
import { GENESIS } from '../../core/runs/chain.ts';
import type { StoredEvent } from '../../core/runs/event.ts';
import { fromJson } from '../codec.ts';
import { commitTo } from '../commit/commit.ts';
import type { Engine } from '../engine.ts';
import { sharedRead } from '../shared-read.ts';
import { first, type Param, rows, type Steps } from '../steps.ts';
import { runFromJson } from './run-json.ts';
import { misfits } from './run-misfits.ts';

export const runRepository = (engine: Engine, onUpkeep: () => void): IRunRepository => ({
  commit: commitTo(engine, onUpkeep),
  find: findOn(engine),
  list: (filter) => engine.read(() => list(filter)),
  waitingIn: (address, limit) =>
    engine.read(() =>
      storedRuns(
        `${SELECT} where status = 'AwaitingApproval' and address = $1 order by created_at, id limit $2`,
        address,
        limit,
      ),
    ),
  overdue: (at, limit, but = []) => engine.read(() => dueIds('due_at < $1', 'due_at', at, limit, but)),
  noticeDue: (at, limit, but = []) =>
    // What is overdue is closed and nobody is told to hurry any more.
    engine.read(() => dueIds('notice_at <= $1 and due_at >= $1', 'notice_at', at, limit, but)),
  history: (chain) => engine.read(() => history(chain)),
  chains: (after, limit) => engine.read(() => chains(after ?? '', limit)),
  head: () => engine.read(() => systemHead()),
  output: (runId, of) => engine.read(() => (of === undefined ? newestOutput(runId) : outputOf(runId, of))),
  misfits: (runIds) => engine.read(() => misfits(runIds)),
  runOfCard: (address, messageId) => engine.read(() => runOfCard(address, messageId)),
});

interface RunRow {
  readonly id: string;
  readonly version: number;
  readonly head_hash: string;
  readonly terms: string;
  readonly state: string;
  readonly created_at: number;
}

const SELECT =
  'select id, version, head_hash, terms, state, created_at from runs join run_terms on run_id = id';

const storedRun = (row: RunRow): StoredRun => ({
  state: runFromJson(row.terms, row.state),
  version: row.version,
  headHash: row.head_hash,
});

function* storedRuns(sql: string, ...params: readonly Param[]): Steps<readonly StoredRun[]> {
  return (yield* rows<RunRow>(sql, ...params)).map(storedRun);
}

/** Names alone, because a run that cannot be read must not keep the others of its page from being dealt with. */
function* dueIds(
  where: string,
  order: string,
  at: number,
  limit: number,
  but: readonly string[],
): Steps<readonly string[]> {
  const found =
    but.length === 0
      ? yield* rows<{ id: string }>(
          `select id from runs where ${where} order by ${order} limit $2`,
          at,
          limit,
        )
      : yield* rows<{ id: string }>(
          `select id from runs where ${where} and id <> all($3) order by ${order} limit $2`,
          at,
          limit,
          but,
        );
  return found.map(({ id }) => id);
}

const findOn = (engine: Engine): IRunRepository['find'] => {
  const look = sharedRead((runIds: readonly string[]) => engine.read(() => find(runIds)));
  return async (runIds) => {
    const found = await look(runIds);
    return new Map(
      runIds.flatMap((runId, index) => {
        const run = found[index];
        return run === undefined ? [] : [[runId, run] as const];
      }),
    );
  };
};

function* find(runIds: readonly string[]): Steps<ReadonlyMap<string, StoredRun>> {
  const found = runIds.length === 0 ? [] : yield* rows<RunRow>(`${SELECT} where id = any($1)`, runIds);
  return new Map(found.map((row) => [row.id, storedRun(row)]));
}

function* list(filter: RunFilter): Steps<RunPage> {
  const { conditions, params } = conditionsOf(filter);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  // One more than asked for tells whether there is a next page.
  const found = yield* rows<RunRow>(
    `${SELECT} ${where} order by created_at desc, id desc limit $${params.length + 1}`,
    ...params,
    filter.limit + 1,
  );
  const page = found.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    runs: page.map(storedRun),
    ...(found.length > page.length && last !== undefined
      ? { nextCursor: `${last.created_at}.${last.id}` }
      : {}),
  };
}

const conditionsOf = (filter: RunFilter) => {
  const conditions: string[] = [];
  const params: Param[] = [];
  const add = (text: (n: number) => string, ...values: readonly Param[]): void => {
    conditions.push(text(params.length + 1));
    params.push(...values);
  };
  const { status, jobKey, requesterId, address, since, cursor } = filter;
  // One status reads its index in the order of the list; of several, all rows would have to be sorted first.
  const [only] = status ?? [];
  if (status !== undefined && only !== undefined && status.length === 1)
    add((n) => `status = $${n}${hint(status)}`, only);
  else if (status !== undefined) add((n) => `status = any($${n})${hint(status)}`, status);
  if (jobKey !== undefined) add((n) => `job_key = $${n}`, jobKey);
  if (requesterId !== undefined) add((n) => `requester_id = $${n}`, requesterId);
  if (address !== undefined) add((n) => `address = $${n}`, address);
  if (since !== undefined) add((n) => `created_at >= $${n}`, since);
  if (cursor !== undefined) {
    const dot = cursor.indexOf('.');
    const at = Number(cursor.slice(0, dot));
    // A cursor that we never handed out leads nowhere.
    if (dot < 1 || !Number.isSafeInteger(at)) conditions.push('1 = 0');
    else add((n) => `(created_at, id) < ($${n}, $${n + 1})`, at, cursor.slice(dot + 1));
  }
  return { conditions, params };
};

/** Says of the asked statuses what the partial indexes say of their rows, so that the planner may use them. */
const hint = (status: readonly string[]): string => {
  if (status.every((one) => LIVE.has(one))) return ' and ended_at is null';
  if (status.every((one) => UNHAPPY.has(one))) {
    return " and status in ('Failed', 'Denied', 'Canceled', 'Expired')";
  }
  return '';
};

const LIVE: ReadonlySet<string> = new Set([
  'Created',
  'AwaitingApproval',
  'Approved',
  'Dispatching',
  'Running',
]);
const UNHAPPY: ReadonlySet<string> = new Set(['Failed', 'Denied', 'Canceled', 'Expired']);

function* history(chain: string): Steps<readonly StoredEvent[]> {
  const found = yield* rows<Omit<StoredEvent, 'payload'> & { readonly payload: string }>(
    'select chain, seq, type, at, actor, payload, hash from events where chain = $1 order by seq',
    chain,
  );
  return found.map((event) => ({ ...event, payload: fromJson(event.payload) }));
}

/** Hops from name to name along the primary key, so that long histories cost no more than short ones. */
function* chains(after: string, limit: number): Steps<readonly string[]> {
  const found = yield* rows<{ chain: string }>(
    'with recursive names (chain) as (' +
      'select min(chain) from events where chain > $1 union all ' +
      'select (select min(e.chain) from events e where e.chain > names.chain) from names ' +
      'where names.chain is not null) ' +
      'select chain from names where chain is not null limit $2',
    after,
    limit,
  );
  return found.map(({ chain }) => chain);
}

function* systemHead(): Steps<{ seq: number; hash: string }> {
  const head = yield* first<{ seq: number; hash: string }>(
    "select seq, hash from system_chain where name = 'system'",
  );
  return head ?? { seq: 0, hash: GENESIS };
}

function* newestOutput(runId: string): Steps<OutputText | undefined> {
  const row = yield* first<Omit<OutputText, 'runId'>>(
    'select epoch, attempt, head, tail, bytes from outputs where run_id = $1 ' +
      'order by epoch desc, attempt desc limit 1',
    runId,
  );
  return row === undefined ? undefined : { runId, ...row };
}

function* outputOf(
  runId: string,
  { epoch, attempt }: { readonly epoch: number; readonly attempt: number },
): Steps<OutputText | undefined> {
  const row = yield* first<Pick<OutputText, 'head' | 'tail' | 'bytes'>>(
    'select head, tail, bytes from outputs where run_id = $1 and epoch = $2 and attempt = $3',
    runId,
    epoch,
    attempt,
  );
  return row === undefined ? undefined : { runId, epoch, attempt, ...row };
}

function* runOfCard(address: string, messageId: string): Steps<string | undefined> {
  const row = yield* first<{ run_id: string }>(
    'select run_id from cards where address = $1 and message_id = $2',
    address,
    messageId,
  );
  return row?.run_id;
}
