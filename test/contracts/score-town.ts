import { readScores } from '../../src/core/flows/history/read-scores.ts';
import { SELF_TEST } from '../../src/core/jobs/self-test.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import type { RequestCommand, RunCommand } from '../../src/core/runs/command.ts';
import { decide } from '../../src/core/runs/decide.ts';
import { specHash } from '../../src/core/runs/digest.ts';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { type Scorecard, type ScoreLine, scorecard } from '../../src/core/scorecard/card.ts';
import type { Evidence, RefusalFigures, ScoreWindow } from '../../src/core/scorecard/readings.ts';
import { verifier } from '../../src/seals/ed25519.ts';
import {
  ana,
  asks,
  backup,
  bob,
  cho,
  dbMigrate,
  fails,
  minutes,
  noon,
  says,
  starts,
  succeeds,
  withApproval,
} from '../cast.ts';
import { nothing, text } from './given.ts';

// Histories made by hand, one to a day, so that a window of a day sees one of them and no other.

const DAY = minutes(1440);
export const DAYS = { good: noon, bad: noon + 2 * DAY, bare: noon + 4 * DAY } as const;
const dayFrom = (since: number): ScoreWindow => ({ since, until: since + DAY });
export type Day = keyof typeof DAYS;

export const heavyJob = withApproval({ ...dbMigrate, key: 'heavy' }, { quorum: 1 });

export interface Told {
  readonly log?: Omit<RefusalFigures, 'counted'>;
  readonly evidence?: Evidence;
}

export const scoreTown = async (store: Store) => {
  await store.people.replaceFilePeople([ana, bob, cho], noon);
  await store.catalog.replaceFileJobs(
    [backup, heavyJob].map(({ key, spec }) => ({ key, spec })),
    'file',
    noon,
  );
  let made = 0;
  const nextId = (): string => {
    made += 1;
    return `R${String(made).padStart(5, '0')}`;
  };
  const commit = async (runs: readonly Forged[]): Promise<void> => {
    await store.runs.commit(
      runs.map(({ runId, events }) => {
        const state = fold(events, runId);
        if (state.status === 'absent') throw new Error('these commands make no run');
        const linked = link(runId, { seq: 0, hash: GENESIS }, events);
        return { ...nothing, run: { state, expectedVersion: 0, events: linked }, at: events[0]?.at ?? 0 };
      }),
    );
  };
  return {
    nextId,
    /** Runs as the rules make them. */
    runs: (...histories: readonly (readonly [RequestCommand, ...RunCommand[]])[]) =>
      commit(histories.map((commands) => ({ runId: commands[0].runId, events: eventsOf(commands) }))),
    /** Runs as the rules would never make them. */
    forged: commit,
    /** Messages that are answered after so long; undefined: never. */
    messages: async (at: number, answeredAfter: readonly (number | undefined)[]): Promise<void> => {
      const key = nextId();
      const inbound = answeredAfter.map((_, index) => text(`${key}-${index}`, { lane: `${key}-${index}` }));
      await store.inbox.accept(inbound, at);
      const heads = await store.inbox.claim({
        owner: key,
        busy: [],
        limit: inbound.length,
        at,
        until: at + minutes(10),
      });
      await store.runs.commit(
        heads.flatMap(({ inboxId }, index) => {
          const after = answeredAfter[index];
          const once = { kind: 'mark', inboxId } as const;
          return after === undefined ? [] : [{ ...nothing, once, at: at + after }];
        }),
      );
      await Promise.all(
        heads
          .filter((_, index) => answeredAfter[index] === undefined)
          .map(({ inboxId }) =>
            store.inbox.fail({ inboxId, owner: key, error: 'no disk', next: { kind: 'dead' } }),
          ),
      );
    },
    card: (day: Day, told: Told = {}): Promise<Scorecard> => cardOn(store, dayFrom(DAYS[day]), told),
    /** What one line comes to on each of the days. */
    line: async (name: string, told: Partial<Record<Day, Told>> = {}) => {
      const shown: Record<string, Pick<ScoreLine, 'outcome' | 'value' | 'samples'>> = {};
      for (const day of ['good', 'bad', 'bare'] as const) {
        const card = await cardOn(store, dayFrom(DAYS[day]), told[day] ?? {});
        const line = card.lines.find((one) => one.name === name);
        if (line === undefined) throw new Error(`there is no line ${name}`);
        const { outcome, value, samples } = line;
        shown[day] = {
          outcome,
          samples,
          ...(value === undefined ? {} : { value: Math.round(value * 100) / 100 }),
        };
      }
      return shown;
    },
  };
};

interface Forged {
  readonly runId: string;
  readonly events: readonly RunEvent[];
}

export const eventsOf = ([request, ...commands]: readonly [
  RequestCommand,
  ...RunCommand[],
]): readonly RunEvent[] =>
  [request, ...commands].reduce<readonly RunEvent[]>((history, command) => {
    const decision = decide(fold(history, request.runId), command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.why}`);
    return [...history, ...decision.events];
  }, []);

export const cardOn = async (
  store: Store,
  window: ScoreWindow,
  { log, evidence }: Told = {},
): Promise<Scorecard> =>
  scorecard(
    await readScores(
      {
        store,
        seals: { verifies: verifier(), keys: new Set(), published: new Map(), publishedIn: 'seals.log' },
        log: log ?? { logRecords: 0, logged: {} },
        evidence: evidence ?? { drills: [] },
        anybodyDecides: () => false,
      },
      window,
    ),
  );

type History = readonly [RequestCommand, ...RunCommand[]];

/** A light run that ends as it should. */
export const lightRun = (runId: string, at: number): History => [
  asks(backup, { runId, at }),
  says.yes(bob, at + 1000),
  starts(backup, { at: at + 2000 }),
  succeeds(1, at + 3000),
];

/** What the program asks of itself. */
export const selfTestRun = (runId: string, at: number): History => [
  asks(SELF_TEST, { runId, at, by: { kind: 'system', part: 'selftest' }, files: {} }),
  starts(SELF_TEST, { at: at + 1000, specHash: specHash(SELF_TEST), files: {} }),
  succeeds(1, at + 2000),
];

/** A heavy run that somebody starts after so long. */
export const heavyRun = (
  runId: string,
  at: number,
  { waitMs = 10_000, end = 'good' }: { readonly waitMs?: number; readonly end?: 'good' | 'bad' } = {},
): History => [
  asks(heavyJob, { runId, at, params: { to: '7' } }),
  says.yes(bob, at + 1000),
  says.resume(ana, { at: at + 1000 + waitMs }),
  starts(heavyJob, { at: at + 2000 + waitMs }),
  end === 'good' ? succeeds(1, at + 3000 + waitMs) : fails(1, at + 3000 + waitMs),
];
