import { firstFault } from '../../src/core/runs/chain.ts';
import { openStore } from '../../src/db/open.ts';
import { type Observer, observe } from '../databases.ts';
import { JOBS } from './ours-catalog.ts';

// The rate of a queue that lost an event, a message or a run would mean nothing, so everything that is owed is counted.

/** What a run that was asked for, approved and worked once leaves behind, in this order. */
const EVENTS = [
  'RunCreated',
  'ApprovalRequested',
  'RunApproved',
  'ExecutionDispatched',
  'ExecutionStarted',
  'ExecutionSucceeded',
] as const;
const QUEUED = 4;

/** The answers to the request and to the yes, and the announcement of the end. */
const MESSAGES = 3;

/** Approved, and nobody has taken them yet. */
export const assertQueued = async (url: string, count: number): Promise<void> => {
  await using database = await observe(url);
  await assertRuns(database, { status: 'Dispatching', count, events: QUEUED, messages: MESSAGES - 1 });
  await expect(database, 'queue rows', 'select count(*) from job_queue', count);
};

/** Worked to the end, once each. */
export const assertWorked = async (url: string, count: number): Promise<void> => {
  await using database = await observe(url);
  await assertRuns(database, { status: 'Succeeded', count, events: EVENTS.length, messages: MESSAGES });
  await expect(database, 'outputs', `select count(*) from outputs where run_id in ${IDS}`, count);
  for (const table of ['job_queue', 'job_leases']) {
    await expect(database, table, `select count(*) from ${table}`, 0);
  }
  await assertChained(url);
};

const RUNS = `from runs where job_key = '${JOBS.noop}'`;
const IDS = `(select id ${RUNS})`;

interface Owed {
  readonly status: string;
  readonly count: number;
  readonly events: number;
  readonly messages: number;
}

const assertRuns = async (database: Observer, { status, count, events, messages }: Owed): Promise<void> => {
  await expect(database, 'runs', `select count(*) ${RUNS} and status = '${status}'`, count);
  for (const [index, type] of EVENTS.slice(0, events).entries()) {
    const sql = `select count(*) from events where chain in ${IDS} and seq = ${index + 1} and type = '${type}'`;
    await expect(database, `${type} as event ${index + 1}`, sql, count);
  }
  await expect(database, 'events', `select count(*) from events where chain in ${IDS}`, count * events);
  const heads =
    'select count(*) from runs join events on chain = runs.id and seq = runs.version and hash = runs.head_hash ' +
    `where job_key = '${JOBS.noop}'`;
  await expect(database, 'runs at the newest link of their chain', heads, count);
  const sent = `select count(*) from outbox where run_id in ${IDS}`;
  await expect(database, 'messages', sent, count * messages);
};

/** Hashing all of them would take longer than working them; run ids are random, so the first are as good as any. */
const SAMPLE = 500;

const assertChained = async (url: string): Promise<void> => {
  const store = await openStore({ url, migrate: false });
  try {
    for (const chain of await store.runs.chains(undefined, SAMPLE)) {
      const fault = firstFault(await store.runs.history(chain));
      if (fault !== undefined) throw new Error(`chain ${chain} is broken at ${fault.seq}: ${fault.fault}`);
    }
  } finally {
    await store.close();
  }
};

const expect = async (database: Observer, what: string, sql: string, owed: number): Promise<void> => {
  const found = await database.number(sql);
  if (found !== owed) throw new Error(`${what}: ${found} are stored, ${owed} are owed`);
};
