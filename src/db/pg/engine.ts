import type { Pool, PoolClient } from 'pg';
import { grouped } from '../commit/group.ts';
import { persist } from '../commit/persist.ts';
import type { Engine } from '../engine.ts';
import { CommitUnknown } from '../fault.ts';
import { wakeListeners } from '../listeners.ts';
import type { Step, Steps } from '../steps.ts';
import type { Connected } from './connect.ts';
import { pgFault } from './faults.ts';
import { startNotifying } from './notify.ts';

/** Runs steps on a pool. */
export const pgEngine = (
  { pool, close }: Connected,
  url: string,
  clock: (() => number) | undefined,
): Engine => {
  const listeners = wakeListeners();
  const notifying = startNotifying(pool, url, listeners.tell);
  return {
    kind: 'pg',
    read: (work) => persist(() => drive(pool, work()), pgFault),
    write: (work) => persist((after) => transact(pool, () => work(after)), pgFault),
    lockSql: 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as held',
    now: clock === undefined ? serverClock(pool) : async () => clock(),
    present: () => ({ sql: `coalesce(cast($1 as bigint), ${SERVER_TIME})`, value: clock?.() ?? null }),
    wake: (what) => {
      what.forEach(listeners.tell);
      notifying.tellOthers(what);
    },
    onWake: listeners.add,
    close: async () => {
      await notifying.stop();
      await close();
    },
  };
};

/** One transaction of its own. Throws `CommitUnknown` when nobody can say whether it happened. */
export const transact = async <T>(pool: Pool, work: () => Steps<T>): Promise<T> => {
  const client = await pool.connect();
  const told = teller(client);
  let broken: Error | undefined;
  let committing = false;
  try {
    told.tell('begin');
    const result = await drive(client, work(), told.tell);
    committing = true;
    told.tell('commit');
    await told.heard();
    return result;
  } catch (error) {
    const why = await told.reasonOf(error);
    if (pgFault(why) === 'connection') {
      broken = why instanceof Error ? why : new Error(String(why));
      throw committing ? new CommitUnknown(why) : why;
    }
    broken = await rolledBack(client);
    throw why;
  } finally {
    client.release(broken);
  }
};

type Told = string | ReturnType<typeof queryOf>;

/** Sends statements one behind the other, without waiting for each answer: what nobody has to know yet costs no round trip. */
const teller = (client: PoolClient) => {
  const answers: Promise<unknown>[] = [];
  return {
    tell: (query: Told): void => {
      const answer = client.query(query);
      answers.push(answer);
      // It is heard later, with all the others.
      answer.catch(() => undefined);
    },
    heard: (): Promise<unknown> => Promise.all(answers),
    /** What failed first; whatever was sent behind it was refused because of it. */
    reasonOf: async (seen: unknown): Promise<unknown> => {
      const settled = await Promise.allSettled(answers);
      const [first] = settled.filter((one) => one.status === 'rejected');
      return first === undefined ? seen : first.reason;
    },
  };
};

/** A connection that cannot even roll back is thrown away. */
const rolledBack = async (client: PoolClient): Promise<Error | undefined> => {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const drive = async <T>(on: Pool | PoolClient, steps: Steps<T>, tell?: (query: Told) => void): Promise<T> => {
  let turn = steps.next([]);
  while (turn.done !== true) {
    const query = queryOf(turn.value);
    if (tell !== undefined && ANSWERLESS.test(query.text)) {
      tell(query);
      turn = steps.next([]);
      continue;
    }
    const { rows } = await on.query<Record<string, unknown>>(query);
    turn = steps.next(rows);
  }
  return turn.value;
};

/** Changes of which no rows come back. */
const ANSWERLESS = /^(?:insert|update|delete) (?!.* returning )/;

const queryOf = (step: Step) => {
  const text = step.kind === 'rows' ? step.sql : step.many.pg;
  // Copies, because the driver's types know no read-only arrays.
  const values = step.kind === 'rows' ? [...step.params] : columnsOf(step);
  return { name: nameOf(text), text, values };
};

const columnsOf = (step: Extract<Step, { kind: 'many' }>): unknown[] =>
  Array.from({ length: step.many.columns }, (_, column) => step.rows.map((row) => row[column]));

/** Named statements are planned once per connection. */
const names = new Map<string, string>();
const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `textops_${names.size + 1}`;
  names.set(text, name);
  return name;
};

/** Whoever asks while an answer is under way shares the next one, which is never older than the question. */
const serverClock = (pool: Pool): (() => Promise<number>) => {
  const ask = grouped<'now', number>(async (all) => {
    const at = await persist(() => serverTime(pool), pgFault);
    return all.map(() => at);
  }, Infinity);
  return async () => {
    const [at] = await ask(['now']);
    if (at === undefined) throw new Error('PostgreSQL did not tell the time.');
    return at;
  };
};

const SERVER_TIME = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint';

const serverTime = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ at: number }>(`select ${SERVER_TIME} as at`);
  const at = rows[0]?.at;
  if (at === undefined) throw new Error('PostgreSQL did not tell the time.');
  return at;
};
