import { afterEach, expect } from 'vitest';
import type { Rooms } from '../../src/core/flows/messages/heard.ts';
import { type JobSpec, type JobVersion, plainSpec } from '../../src/core/jobs/job.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { RunCommand } from '../../src/core/runs/command.ts';
import { isPreviewPending } from '../../src/core/runs/decide-preview.ts';
import type { RunState } from '../../src/core/runs/run.ts';
import { openStore } from '../../src/db/open.ts';
import { furnish } from '../../src/program/house.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../src/worker/start.ts';
import { ana, asks, bob, by, green } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { until } from './workbench.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

export const LEASE_MS = 1200;

export interface Shift {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly seen: readonly Observation[];
  /** A worker that is stopped with the test. */
  readonly worker: (workerId: string, given?: Partial<WorkerOptions>) => Worker;
  readonly job: (key: string, spec: Partial<JobSpec> & Pick<JobSpec, 'target'>) => Promise<JobVersion>;
  /** A run that waits for its decision, with its preview if the job has one. */
  readonly asked: (job: JobVersion) => Promise<string>;
  /** A run that waits in the queue. */
  readonly dispatched: (job: JobVersion) => Promise<string>;
  readonly give: (runId: string, command: RunCommand | ((at: number) => RunCommand)) => Promise<RunState>;
  readonly run: (runId: string) => Promise<RunState>;
  readonly status: (runId: string) => Promise<RunState['status']>;
  readonly events: (runId: string) => Promise<readonly string[]>;
  readonly becomes: (runId: string, status: RunState['status'], deadlineMs?: number) => Promise<void>;
}

export interface ShiftOptions {
  readonly url?: string;
  readonly clock?: () => number;
  /** What workers see instead of the plain store. */
  readonly through?: (store: Store) => Store;
}

/** A real store, the real rules, real executors. */
export const shift = async (options: ShiftOptions = {}): Promise<Shift> => {
  const { url = ':memory:', clock } = options;
  const opened = await openStore({ url, ...(clock === undefined ? {} : { clock }) });
  endings.push(() => opened.close());
  const store = options.through?.(opened) ?? opened;
  await opened.people.replaceFilePeople([ana, bob], await opened.now());
  const seen: Observation[] = [];
  const rooms = furnish({
    store,
    profile: 'dev',
    version: '0',
    leaseMs: LEASE_MS,
    buttonToken: () => '0123456789abcdef',
    fingerprint: async () => ({}),
    observe: logged((observation) => seen.push(observation)),
    cards: () => false,
    channels: () => [],
    startedAt: 0,
  });
  const run = async (runId: string) => {
    const stored = (await store.runs.find([runId])).get(runId);
    if (stored === undefined) throw new Error(`no run ${runId}`);
    return stored.state;
  };
  const give: Shift['give'] = async (runId, command) => {
    const at = await store.now();
    const executed = await rooms.orchestrator.execute({
      runId,
      command: () => (typeof command === 'function' ? command(at) : command),
    });
    if (executed.outcome !== 'committed') throw new Error(executed.outcome);
    expect(executed.decision).toMatchObject({ ok: true });
    return executed.after;
  };
  const asked: Shift['asked'] = async (job) => {
    const runId = rooms.ambient.newRunId();
    await give(runId, (at) => asks(job, { runId, files: {}, at }));
    await until(`${runId} is previewed`, async () => isDecidable(await run(runId)));
    return runId;
  };
  return {
    store,
    rooms,
    seen,
    run,
    give,
    status: async (runId) => (await run(runId)).status,
    events: async (runId) => (await store.runs.history(runId)).map(({ type }) => type),
    becomes: (runId, status, deadlineMs) =>
      until(`${runId} is ${status}`, async () => (await run(runId)).status === status, deadlineMs),
    worker: (workerId, given = {}) => {
      const worker = startWorker({ ...ordinary(rooms), workerId, ...given });
      endings.push(() => worker.stop(2000));
      return worker;
    },
    job: async (key, spec) => {
      const made = await store.catalog.put({
        key,
        spec: plainSpec({ title: key, ...spec }),
        mode: 'create',
        by: 'user:dev:ana',
        at: await store.now(),
      });
      if (typeof made === 'string') throw new Error(made);
      return made;
    },
    asked,
    dispatched: async (job) => {
      const runId = await asked(job);
      // Approved by its policy, and perhaps in the hands of a worker already.
      if ((await run(runId)).status !== 'AwaitingApproval') return runId;
      await give(runId, (at) => ({ type: 'approve', by: by(bob), at }));
      if ((await run(runId)).status === 'Dispatching') return runId;
      await give(runId, (at) => ({ type: 'resume', by: by(ana), gates: green, entitled: ['bob'], at }));
      return runId;
    },
  };
};

const isDecidable = (run: RunState): boolean => run.status !== 'absent' && !isPreviewPending(run);

const ordinary = (rooms: Rooms): Omit<WorkerOptions, 'workerId'> => ({
  rooms,
  executors: executors({ baseDir: process.cwd(), environment: process.env, graceMs: 200, drainMs: 200 }),
  slots: 4,
  leaseMs: LEASE_MS,
  secretOf: () => undefined,
  pollMs: 20,
});

/** Approved by its policy, so that a request is already a dispatch. */
export const unasked: JobSpec['approval'] = {
  ...plainSpec({ title: '', target: { kind: 'demo' } }).approval,
  policy: 'never',
};

/** A demo that takes exactly as long as a test wants. */
export const patience = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = 0;
  return {
    started: () => started,
    finish: () => resolve(),
    sleep: async (_ms: number, signal: AbortSignal): Promise<void> => {
      started += 1;
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      await Promise.race([promise, aborted.promise]);
    },
  };
};
