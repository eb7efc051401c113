import { describe, expect } from 'vitest';
import { noRight } from '../../src/core/people/refused.ts';
import type { Commit, CommitOutcome, Once } from '../../src/core/ports/commit.ts';
import type { Store, StoredRun } from '../../src/core/ports/store.ts';
import type { Upkeep } from '../../src/core/ports/upkeep.ts';
import { link } from '../../src/core/runs/chain.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { type Dice, dice } from './dice.ts';
import {
  approve,
  cancel,
  change,
  claimIn,
  claimOut,
  claimRuns,
  dequeue,
  enqueue,
  entry,
  keysOf,
  note,
  nothing,
  request,
  run,
  send,
  T0,
  text,
} from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const RUNS = ['R1', 'R2', 'R3'] as const;
const KEYS = ['nightly', 'weekly'] as const;
const COMMITS = 60;

const spec = (key: string, chat: string): ScheduleSpec => ({
  key,
  jobKey: 'backup',
  cron: '0 * * * *',
  timezone: 'Europe/Berlin',
  chat,
  params: {},
  overlap: 'skip',
});

/** What both stores hold before: three messages that wait, three runs in the hands of a worker. */
const prepare = async (store: Store): Promise<void> => {
  await store.inbox.accept([text('m1'), text('m2', { lane: 'b' }), text('m3', { lane: 'c' })], T0);
  await claimIn(store);
  await store.runs.commit([enqueue(...RUNS.map((id) => entry(`L${id}`)))]);
  await claimRuns(store);
};

/** Commits as callers make them of what they saw, some of it seen too long ago. */
const commitsOn = (store: Store, roll: Dice) => {
  const seen: { runs: (StoredRun | undefined)[]; heads: { seq: number; hash: string }[] } = {
    runs: [],
    heads: [],
  };
  const versions = new Map<string, number>();

  const ofRun = async (at: number): Promise<Partial<Commit>> => {
    const runId = roll.among(RUNS);
    const known = seen.runs.filter((one) => one?.state.runId === runId);
    const stored = roll.isRare() ? roll.anyOf(known) : await run(store, runId);
    seen.runs.push(stored);
    const command = stored === undefined ? request(runId, { at }) : roll.among([approve(at), cancel(at)]);
    try {
      return change(stored, command, runId);
    } catch {
      // The rules refuse it, so there is nothing to commit.
      return {};
    }
  };
  const ofRecords = async (at: number): Promise<Partial<Commit>> => {
    const now = await store.runs.head('system');
    seen.heads.push(now);
    const head = roll.isRare() ? (roll.anyOf(seen.heads) ?? now) : now;
    const events = link('system', head, [{ type: 'Noted', at, actor: 'system', payload: {} }]);
    return { records: { expectedSeq: head.seq, events } };
  };
  const ofMessage = (): Partial<Commit> => ({
    once: roll.among<Once>([
      { kind: 'mark', inboxId: 1 + roll.below(4) },
      { kind: 'first', channel: 'dev', account: 'dev', eventKey: `p${roll.below(6)}`, lane: 'dev:ops' },
    ]),
  });
  const ofQueue = (at: number): Partial<Commit> => {
    const runId = roll.among(RUNS);
    const next = entry(runId, { attempt: 1 + roll.below(2), notBefore: at + roll.among([0, 1_000]) });
    return { queue: roll.among([enqueue(next), enqueue(next), dequeue(runId)]).queue };
  };
  const ofLease = (): Partial<Commit> => {
    const runId = `L${roll.among(RUNS)}`;
    return { lease: { runId, fence: 1 + roll.below(2), after: roll.among(['keep', 'release'] as const) } };
  };
  const ofSchedule = (at: number): Partial<Commit> => {
    const key = roll.among(KEYS);
    const version = versions.get(key) ?? 0;
    const expectedVersion = roll.isRare() ? version + 1 : version;
    const isNew = version === 0 || roll.isRare();
    if (expectedVersion === version) versions.set(key, version + 1);
    const defines = { spec: spec(key, `dev:${roll.below(3)}`), source: 'chat' } as const;
    const settles = { dueAt: at, outcome: 'skipped', because: 'told so' } as const;
    const standing = roll.among([{ nextAt: at + 5 }, { paused: { by: 'Ana', at } }]);
    return {
      schedules: [{ key, expectedVersion, standing, ...(isNew ? { defines } : { settles }) }],
    };
  };
  const ofHouse = (): Partial<Commit> => ({
    upkeep: [
      roll.among<Upkeep>([
        { kind: 'freeze', by: 'Ana', reason: 'weekend' },
        { kind: 'unfreeze' },
        { kind: 'pause', what: 'job:x', by: 'Ana', reason: 'why' },
        { kind: 'unpause', what: 'job:x' },
        { kind: 'refusal_counted', refused: noRight('stranger'), times: 2 },
      ]),
    ],
  });

  return async (n: number): Promise<Commit> => {
    const at = T0 + n;
    const parts = [
      ...(roll.below(2) === 0 ? [await ofRun(at)] : []),
      ...roll.some([ofMessage(), ofQueue(at), ofHouse()]),
      ...(roll.isRare() ? [ofLease()] : []),
      ...(roll.isRare() ? [await ofRecords(at)] : []),
    ];
    const commit: Commit = { ...send(note(`n${roll.below(40)}`)), ...Object.assign({}, ...parts), at };
    const decided = roll.isRare() ? { ...commit, decides: true as const } : commit;
    // A version counts only if the rest of the commit stands, which nobody knows beforehand; so it stands alone.
    return roll.isRare() ? { ...nothing, ...ofSchedule(at), at } : decided;
  };
};

/** Everything that somebody could see of it. */
const seenOf = async (store: Store) => {
  const histories = await Promise.all(['system', ...RUNS].map((chain) => store.runs.history(chain)));
  const schedules = await Promise.all(KEYS.map((key) => store.schedules.find(key)));
  const settled = await Promise.all(KEYS.map((key) => store.schedules.occurrences(key, 100)));
  const repeats = (await store.reader.repeats(100)).map(({ lastAt: _, ...one }) => JSON.stringify(one));
  // When it came last is the moment of the batch for all that came in it.
  const dispatches = (await store.reader.dispatchRepeats(100)).map(({ lastAt: _, ...one }) =>
    JSON.stringify(one),
  );
  return {
    dispatches: dispatches.toSorted(),
    runs: [...(await store.runs.find(RUNS)).values()].toSorted((a, b) =>
      a.state.runId < b.state.runId ? -1 : 1,
    ),
    misfits: await store.runs.misfits(RUNS),
    histories,
    schedules,
    settled,
    repeats: repeats.toSorted(),
    figures: await store.reader.figures(T0 + 100),
    refusals: await store.reader.refusals(T0 + 100),
    pauses: await store.pauses.list(),
    freeze: await store.freeze.current(),
    left: (await claimIn(store, { at: T0 + 5_000 })).map(({ inboxId }) => inboxId),
    queue: await store.queue.expired(T0 + 9_000, 100),
    outbox: keysOf(await claimOut(store, { at: T0 + 5_000 })),
  };
};

export const batchesContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('batches', () => {
    for (const seed of [3, 4]) {
      law(`come out as their commits would one after another (seed ${seed})`, async ({ store: apart }) => {
        const backend = await open();
        try {
          await Promise.all([prepare(apart), prepare(backend.store)]);
          const commits: Commit[] = [];
          const outcomes: CommitOutcome[] = [];
          const next = commitsOn(apart, dice(seed));
          for (let n = 0; n < COMMITS; n += 1) {
            const commit = await next(n);
            commits.push(commit);
            outcomes.push(...(await apart.runs.commit([commit])));
          }
          expect(new Set(outcomes).size).toBe(5);
          expect(await backend.store.runs.commit(commits)).toEqual(outcomes);
          expect(await seenOf(backend.store)).toEqual(await seenOf(apart));
        } finally {
          await backend.close();
        }
      });
    }
  });
};
