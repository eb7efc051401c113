import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Store, StoredRun } from '../../src/core/ports/store.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import { asRunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { type DevAnswer, freshFolder, type Program, startProgram, until } from '../e2e/program.ts';
import { textops } from '../e2e/textops.ts';

// Whole programs on one database that are killed at any moment while work goes on, and what has to be true afterwards.

/** Every start of a process leaves its run, epoch and attempt behind, in one write. */
const MARK = 'echo "$TEXTOPS_IDEMPOTENCY_KEY:$TEXTOPS_ATTEMPT" >> starts; sleep 0.$(( $$ % 5 ))';

const YAML = `
jobs:
  once: { command: ["sh", "-c", ${JSON.stringify(MARK)}] }
  again: { effects: idempotent, command: ["sh", "-c", ${JSON.stringify(MARK)}] }
`;

const WORKERS = 4;
const LEASE_MS = 2000;

export interface Campaign {
  readonly folder: string;
  readonly url: string;
  readonly store: Store;
  /** Asks for so many more runs and says yes to each; whatever gets no answer is said again until it does. */
  readonly asks: (count: number) => Promise<void>;
  /** A process at random is killed while jobs run, and another one takes its place. */
  readonly kills: (who: 'worker' | 'anybody') => Promise<void>;
  /** Until every run that was asked for has succeeded; what nobody knows the end of is answered. */
  readonly settles: (deadlineMs: number) => Promise<void>;
  readonly asked: () => number;
}

export const campaign = async (
  url: (folder: string) => Promise<string>,
  open: (url: string) => Promise<Store>,
  chance: () => number,
): Promise<Campaign> => {
  const folder = await freshFolder(YAML);
  const address = await url(folder);
  const env = { DATABASE_URL: address, WORKER: 'separate', LEASE_MS: String(LEASE_MS), LOG_LEVEL: 'error' };
  let control = await startProgram(folder, env);
  const startWorker = (): Promise<Program> => startProgram(folder, env, 'worker');
  const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker));
  const store = await open(address);
  let asked = 0;
  /** Said until somebody answers, under one key: a message that was taken already answers nothing. */
  const tells = async (body: string): Promise<DevAnswer> => {
    const message = { from: 'ana', conversation: 'ops', body, providerMessageId: randomUUID() };
    let last: unknown;
    const answer = until(async () => {
      const found = await post(control, message);
      if (found.answer === undefined) last = found.instead;
      return found.answer;
    }, 60_000);
    return answer.catch((error: unknown) => {
      throw new Error(`${body}: ${String(last)}\n${control.output()}`, { cause: error });
    });
  };
  const approves = async (runId: string): Promise<void> => void (await tells(`yes ${runId}`));
  const asksOne = async (): Promise<void> => {
    asked += 1;
    const { runId } = await tells(`run ${asked % 3 === 0 ? 'again' : 'once'}`);
    // An answer that was lost is found among the runs that wait when all is quiet.
    if (runId !== null) await approves(runId);
  };
  return {
    folder,
    url: address,
    store,
    asked: () => asked,
    asks: async (count) => void (await Promise.all(Array.from({ length: count }, asksOne))),
    kills: async (who) => {
      await until(async () => (await store.reader.figures(await store.now())).running > 0, 60_000);
      const victim = Math.floor(chance() * (who === 'worker' ? WORKERS : WORKERS + 1));
      const worker = workers[victim];
      await (worker ?? control).kill();
      if (worker === undefined) control = await startProgram(folder, env);
      else workers[victim] = await startWorker();
    },
    settles: async (deadlineMs) => {
      await until(async () => {
        for (const { state } of await listed(store, ['AwaitingApproval'])) await approves(state.runId);
        const done = await listed(store, ['Succeeded']);
        return done.length >= asked;
      }, deadlineMs);
      expect(await control.stop()).toBe(0);
      expect(await Promise.all(workers.map((worker) => worker.stop()))).toEqual(workers.map(() => 0));
    },
  };
};

/** What was answered, or what came instead of an answer. */
const post = async (
  { url }: Program,
  message: object,
): Promise<{ readonly answer?: DevAnswer; readonly instead?: unknown }> => {
  try {
    const response = await fetch(`${url}/dev/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.ok) return { answer: (await response.json()) as DevAnswer };
    return { instead: `${response.status} ${await response.text()}` };
  } catch (error) {
    return { instead: error };
  }
};

const listed = async (
  store: Store,
  status?: readonly StoredRun['state']['status'][],
): Promise<StoredRun[]> => {
  const runs: StoredRun[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.runs.list({
      limit: 100,
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    runs.push(...page.runs);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return runs;
};

/** Nothing lost, nothing started twice, every history whole. */
export const judge = async ({ store, folder, url, asked }: Campaign) => {
  const runs = await listed(store);
  expect(runs).toHaveLength(asked());
  const allowed = new Set<string>();
  const counts = { starts: 0, lost: 0, retried: 0, askedAgain: 0 };
  for (const run of runs) {
    const { runId } = run.state;
    const history = await store.runs.history(runId);
    expect([runId, firstFault(history)]).toEqual([runId, undefined]);
    expect(fold(history.map(asRunEvent), runId)).toEqual(run.state);
    expect([run.version, run.headHash]).toEqual([history.at(-1)?.seq, history.at(-1)?.hash]);
    for (const event of history.map(asRunEvent)) {
      if (event.type === 'ExecutionStarted')
        allowed.add(`${runId}:${event.payload.epoch}:${event.payload.attempt}`);
      if (event.type === 'ExecutionLost') counts.lost += 1;
      if (event.type === 'ExecutionRetried') counts.retried += 1;
      if (event.type === 'ApprovalRequested' && event.payload.because === 'lost') counts.askedAgain += 1;
    }
  }
  const started = (await readFile(join(folder, 'starts'), 'utf8')).trim().split('\n');
  counts.starts = started.length;
  const twice = started.filter((key, index) => started.indexOf(key) !== index);
  expect(twice).toEqual([]);
  expect(started.filter((key) => !allowed.has(key))).toEqual([]);
  const { waiting, ready, running } = await store.reader.figures(await store.now());
  expect({ waiting, ready, running }).toEqual({ waiting: 0, ready: 0, running: 0 });
  expect(await textops(folder, url, 'audit', 'verify')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^ok: /),
  });
  return { ...counts, runs: runs.length };
};
