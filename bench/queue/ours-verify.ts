import { observe } from '../databases.ts';

/** What a run that was asked for, approved and worked once leaves behind, in this order. */
const EVENTS = [
  'RunCreated',
  'ApprovalRequested',
  'RunApproved',
  'ExecutionDispatched',
  'ExecutionStarted',
  'ExecutionSucceeded',
] as const;

/** The answer to the request, the answer to the yes, and the end. */
const MESSAGES = 3;

/** The rate of a queue that lost an event, a message or a run would mean nothing. */
export const assertFullPrice = async (url: string, count: number): Promise<void> => {
  await using database = await observe(url);
  const expect = async (what: string, sql: string, expected: number): Promise<void> => {
    const found = await database.number(sql);
    if (found !== expected) throw new Error(`${what}: ${found} are stored, ${expected} are owed`);
  };
  await expect('succeeded runs', "select count(*) from runs where status = 'Succeeded'", count);
  await expect('runs', 'select count(*) from runs', count);
  for (const [index, type] of EVENTS.entries()) {
    const sql = `select count(*) from events where type = '${type}' and seq = ${index + 1}`;
    await expect(`${type} as event ${index + 1}`, sql, count);
  }
  const ofRuns = 'select count(*) from events where chain in (select id from runs)';
  await expect('events', ofRuns, count * EVENTS.length);
  const heads =
    'select count(*) from runs join events on chain = runs.id and seq = runs.version and hash = runs.head_hash';
  await expect('runs at the newest link of their chain', heads, count);
  await expect('messages', 'select count(*) from outbox', count * MESSAGES);
  await expect('outputs', 'select count(*) from outputs', count);
  for (const table of ['job_queue', 'job_later', 'job_leases']) {
    await expect(table, `select count(*) from ${table}`, 0);
  }
};
