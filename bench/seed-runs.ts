import { setImmediate as turn } from 'node:timers/promises';
import { adHocJob, type JobVersion } from '../src/core/jobs/job.ts';
import type { Person } from '../src/core/people/person.ts';
import type { Commit, Draft, Once, QueueChange } from '../src/core/ports/commit.ts';
import type { Store } from '../src/core/ports/store.ts';
import { GENESIS, link } from '../src/core/runs/chain.ts';
import type { AttemptResult, RunCommand } from '../src/core/runs/command.ts';
import { decide } from '../src/core/runs/decide.ts';
import { specHash } from '../src/core/runs/digest.ts';
import type { RunEvent } from '../src/core/runs/event.ts';
import { evolve } from '../src/core/runs/evolve.ts';
import { react } from '../src/core/runs/react.ts';
import { absent, type RunState } from '../src/core/runs/run.ts';
import { newRunId } from '../src/core/runs/run-id.ts';
import { openStore } from '../src/db/open.ts';

// Runs with everything that they leave behind, made by the real rules and written through the store's own commits. Only the
// process boundaries are missing. `past`: a long past of finished runs, one every half minute. `troubled`: the same past, in
// which most runs were tried three times, ten events each. `later`: runs that failed once, just now, and are tried again in some hours.

export type Kind = 'past' | 'troubled' | 'later';

const seedRuns = async (store: Store, count: number, kind: Kind): Promise<void> => {
  const runIds = seededIds(count);
  // A run takes nine seconds from its request to its end.
  const now = Date.now() - 10_000;
  const told = STORIES[kind];
  const everyMs = kind === 'later' ? 0 : EVERY_MS;
  let written: Promise<void> = Promise.resolve();
  for (let from = 0; from < count; from += BATCH) {
    const commits: Commit[] = [];
    for (const [index, runId] of runIds.slice(from, from + BATCH).entries()) {
      commits.push(...seededRun(told, runId, from + index, now - (count - from - index) * everyMs));
      // The one before is being written meanwhile, and its answers want to be heard.
      if (index % 50 === 0) await turn();
    }
    await written;
    written = write(store, commits);
  }
  await written;
};

const write = async (store: Store, commits: readonly Commit[]): Promise<void> => {
  const outcomes = await store.runs.commit(commits);
  if (outcomes.some((outcome) => outcome !== 'committed')) throw new Error('a seed was refused');
};

const BATCH = 2000;
const EVERY_MS = 30_000;

/** The ids of the first so many seeded runs, the same every time. */
export const seededIds = (count: number): readonly string[] => {
  const random = seeded(20_261_121);
  const ids = new Set<string>();
  while (ids.size < count) ids.add(newRunId(random));
  // In the order of time, so that the indexes grow at their ends: hours become minutes, and no lookup becomes shorter.
  return [...ids].toSorted();
};

/** Mulberry32: the same ids in every run of the benchmark. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const people: readonly Person[] = ['ana', 'bob', 'cho'].map((id) => ({
  id: `dev:${id}`,
  name: id,
  roles: ['operator', 'approver'],
  identities: [`dev:${id}`],
}));

const jobs = ['demo', 'backup', 'report', 'deploy', 'cleanup']
  .map(adHocJob)
  .map((job) => ({ job, hash: specHash(job) }));

const pick = <T>(from: readonly T[], index: number): T => {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** The request and the decision arrive as two messages; the outcome is one of the usual ones. */
const seededRun = (told: Story, runId: string, index: number, at: number): readonly Commit[] => {
  const address = `dev:ops-${index % 200}`;
  let state: RunState = absent;
  let drafts: readonly Draft[] = [];
  let queue: readonly QueueChange[] = [];
  const events: RunEvent[] = [];
  for (const command of told(runId, index, address, at)) {
    const decision = decide(state, command);
    if (!decision.ok) throw new Error(`${command.type}: ${decision.refusal.why}`);
    state = decision.events.reduce<RunState>((before, event) => evolve(before, event, runId), state);
    events.push(...decision.events);
    if (state.status === 'absent') throw new Error('a run has vanished');
    const telling = { cards: false, deciders: [], gates: [], tail: [], version: events.length };
    const reaction = react(state, decision.events, telling);
    drafts = [...drafts, ...reaction.outbox];
    // What was put in for an earlier attempt has been taken out since.
    queue = reaction.queue.filter(({ op }) => op === 'add');
  }
  if (state.status === 'absent') throw new Error('a run never was');
  const once = (part: string): Once => ({
    kind: 'first',
    channel: 'dev',
    account: 'dev',
    eventKey: `${runId}-${part}`,
    lane: address,
  });
  const linked = link(runId, { seq: 0, hash: GENESIS }, events);
  return [
    {
      once: once('run'),
      run: { state, expectedVersion: 0, events: linked },
      ...(state.status === 'Denied' ? {} : { output: { ...output, runId } }),
      queue,
      outbox: drafts.map((draft) => ({ ...draft, delivered: true })),
      at,
    },
    { once: once('decision'), queue: [], outbox: [], at },
  ];
};

const text = 'connected\nnothing to do\ndone\n';
const output = { epoch: 1, attempt: 1, head: text, tail: '', bytes: text.length };
const digest = { bytes: text.length, sha256: 'b'.repeat(64) };

type Story = (runId: string, index: number, address: string, at: number) => readonly RunCommand[];

const past: Story = (runId, index, address, at) => {
  const version = pick(jobs, index);
  const { asks, approves, denies, starts } = acts({ runId, index, address, at, ...version });
  if (index % 25 === 7) return [asks, denies];
  const result: AttemptResult =
    index % 25 === 13
      ? { ok: false, reason: 'exit', summary: 'No space left on device', exitCode: 28, output: digest }
      : { ok: true, summary: `Job '${version.job.key}' completed successfully`, output: digest };
  return [asks, approves, starts, { ...ends, result, at: at + 9000 }];
};

const TROUBLES_MAX = 3;

const troubled: Story = (runId, index, address, at) => {
  const version = pick(troubledJobs, index);
  const { asks, approves, denies, starts } = acts({ runId, index, address, at, ...version });
  if (index % 50 === 7) return [asks, denies];
  const last = index % 25 === 13 ? 2 : TROUBLES_MAX;
  const tries = Array.from({ length: last }, (_, before): readonly RunCommand[] => {
    const attempt = before + 1;
    const began = at + 3010 + before * 2000;
    const isLast = attempt === last;
    const result: AttemptResult = isLast
      ? { ok: true, summary: `Job '${version.job.key}' completed successfully`, output: digest }
      : { ok: false, reason: 'exit', summary: 'connection refused', exitCode: 75, output: digest };
    return [
      { ...starts, attempt, fence: attempt, at: began },
      { ...ends, fence: attempt, result, ...(!isLast && { retry: { allowed: true } }), at: began + 1500 },
    ];
  });
  return [asks, approves, ...tries.flat()];
};

const later: Story = (runId, index, address, at) => {
  const { asks, approves, starts } = acts({ runId, index, address, at, ...patient });
  const result: AttemptResult = {
    ok: false,
    reason: 'exit',
    summary: 'not yet',
    exitCode: 75,
    output: digest,
  };
  return [asks, approves, starts, { ...ends, result, retry: { allowed: true }, at: at + 9000 }];
};

const HOURS = 3_600_000;
/** Tries again after a second at the most. */
const troubledJobs = jobs.map(({ job }) => {
  const retry = { attemptsMax: TROUBLES_MAX, delayMsMin: 100, delayMsMax: 1000 };
  const version: JobVersion = { ...job, spec: { ...job.spec, retry } };
  return { job: version, hash: specHash(version) };
});

const patientJob: JobVersion = {
  ...adHocJob('patient'),
  spec: {
    ...adHocJob('patient').spec,
    retry: { attemptsMax: 3, delayMsMin: 12 * HOURS, delayMsMax: 24 * HOURS },
  },
};
const patient = { job: patientJob, hash: specHash(patientJob) };

const STORIES: Readonly<Record<Kind, Story>> = { past, troubled, later };

const worker = { kind: 'worker', id: 'w1' } as const;
const ends = { type: 'finish', by: worker, fence: 1, chance: 0.5 } as const;

interface Scene {
  readonly runId: string;
  readonly index: number;
  readonly address: string;
  readonly at: number;
  readonly job: JobVersion;
  readonly hash: string;
}

const acts = ({ runId, index, address, at, job, hash }: Scene) => {
  const asker = pick(people, index);
  const by = { kind: 'person', person: asker, identity: `dev:${asker.id}` } as const;
  const asks: RunCommand = {
    type: 'request',
    runId,
    job,
    params: {},
    defaulted: [],
    by,
    origin: { channel: 'dev', address, chat: 'private', messageId: `${runId}-run` },
    selfApproval: true,
    neverAccepted: true,
    files: {},
    at,
  };
  const approves: RunCommand = { type: 'approve', by, at: at + 3000 };
  const denies: RunCommand = { type: 'deny', by, reason: 'not now', at: at + 3000 };
  const starts: RunCommand = {
    type: 'start',
    by: worker,
    workerId: 'w1',
    epoch: 1,
    attempt: 1,
    fence: 1,
    specHash: hash,
    files: {},
    entitled: people.map(({ id }) => id),
    at: at + 3010,
  };
  return { asks, approves, denies, starts };
};

function isKind(word: string): word is Kind {
  return Object.hasOwn(STORIES, word);
}

if (import.meta.main) {
  const [url, count, kind = 'past'] = process.argv.slice(2);
  if (url === undefined || count === undefined || !isKind(kind)) {
    throw new Error('node bench/seed-runs.ts DATABASE_URL COUNT [past|troubled|later]');
  }
  const store = await openStore({ url });
  const began = performance.now();
  await seedRuns(store, Number(count), kind);
  await store.close();
  console.log(Math.round(performance.now() - began));
}
