import fc from 'fast-check';
import type { JobVersion } from '../../../src/core/jobs/job.ts';
import type { Actor } from '../../../src/core/people/person.ts';
import type { AttemptResult, RequestAdvice, RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import { isPreviewPending } from '../../../src/core/runs/decide-preview.ts';
import type { Decision } from '../../../src/core/runs/decision.ts';
import { specHash } from '../../../src/core/runs/digest.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { absent, type RunState } from '../../../src/core/runs/run.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  careful,
  carefulMigrate,
  cho,
  dbMigrate,
  eve,
  files,
  green,
  minutes,
  nightly,
  noon,
  RUN,
  report,
  system,
  urgent,
  w1,
  withApproval,
  withSpec,
} from '../../cast.ts';

/** One move of the world: what is asked, by whom, how much later, and a number for everything else. */
export interface Step {
  readonly kind: RunCommand['type'];
  /** Not `kind`, but what would bring the run on. */
  readonly forward: boolean;
  readonly who: number;
  readonly later: number;
  readonly luck: number;
}

export const jobs: readonly JobVersion[] = [
  backup,
  report,
  dbMigrate,
  withSpec(dbMigrate, { effects: 'idempotent', retry: report.spec.retry }),
  withApproval(report, { quorum: 2 }),
  withApproval(backup, { policy: 'never' }),
  withApproval(backup, { needs: [{ role: 'approver', count: 2 }] }),
  urgent,
  careful,
  carefulMigrate,
];

export const actors: readonly Actor[] = [by(ana), by(bob), by(cho), by(eve), nightly, w1, system];

const kinds: readonly RunCommand['type'][] = [
  'request',
  'approve',
  'deny',
  'explain',
  'resume',
  'cancel',
  'recover',
  'notify',
  'expire',
  'preview',
  'start',
  'progress',
  'finish',
  'lose',
];

const later = fc.oneof(
  { weight: 9, arbitrary: fc.nat(minutes(2)) },
  { weight: 1, arbitrary: fc.nat(minutes(40)) },
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    forward: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    who: fc.nat(99),
    later,
    luck: fc.nat(99),
  }),
  { maxLength: 40, size: 'max' },
);

/** What brings a run on from where it is; chance alone would seldom get beyond the first page of a story. */
const onward: Readonly<Record<RunState['status'], RunCommand['type']>> = {
  absent: 'request',
  Created: 'cancel',
  AwaitingApproval: 'approve',
  Approved: 'resume',
  Dispatching: 'start',
  Running: 'finish',
  Succeeded: 'recover',
  Failed: 'recover',
  Denied: 'recover',
  Canceled: 'recover',
  Expired: 'recover',
};

const onwardOf = (state: RunState): RunCommand['type'] =>
  state.status === 'AwaitingApproval' && isPreviewPending(state) ? 'preview' : onward[state.status];

export interface Turn {
  readonly before: RunState;
  readonly command: RunCommand;
  readonly decision: Decision;
  readonly after: RunState;
}

/** Plays a story: the first command asks for the run, perhaps with advice, the rest is chance. */
export const play = (
  job: JobVersion,
  story: readonly Step[],
  advice: RequestAdvice = {},
): readonly Turn[] => {
  const turns: Turn[] = [];
  let state: RunState = absent;
  let at = noon;
  const take = (command: RunCommand): void => {
    const decision = decide(state, command);
    const before = state;
    if (decision.ok) state = decision.events.reduce<RunState>((run, event) => evolve(run, event, RUN), state);
    turns.push({ before, command, decision, after: state });
  };
  take(asks(job, { advice }));
  for (const step of story) {
    at += step.later;
    take(commandOf(job, state, step, at));
  }
  return turns;
};

export const eventsOf = (turns: readonly Turn[]): readonly RunEvent[] =>
  turns.flatMap(({ decision }) => (decision.ok ? decision.events : []));

const output = { bytes: 0, sha256: '' };

const drySeen = { ok: true, summary: 'would change 3 tables', sha256: 'd'.repeat(64) };
const changedMind = { ...drySeen, sha256: 'e'.repeat(64) };

const resultOf = (luck: number): AttemptResult => {
  if (luck % 4 === 0) return { ok: true, summary: 'done', output };
  const reason = luck % 4 === 1 ? 'interrupted' : 'exit';
  return { ok: false, reason, summary: 'broken', output };
};

/** Usually the right actor for the command, now and then anybody. */
const actorOf = (right: readonly Actor[], { who, luck }: Step): Actor =>
  (luck < 15 ? actors : right)[who % (luck < 15 ? actors : right).length] ?? system;

const commandOf = (job: JobVersion, state: RunState, step: Step, at: number): RunCommand => {
  const { luck } = step;
  const person = { by: actorOf([by(ana), by(bob), by(cho)], step), at };
  const worker = { by: actorOf([w1], step), at };
  const house = { by: actorOf([system], step), at };
  const fence = (state.status === 'absent' ? 0 : state.fence) - (luck % 10 === 0 ? 1 : 0);
  const entitled = luck % 20 === 1 ? ['bob'] : ['ana', 'bob', 'cho'];
  const kind = step.forward ? onwardOf(state) : step.kind;
  switch (kind) {
    case 'request':
      return asks(job, { ...person });
    case 'approve':
    case 'deny':
    case 'cancel':
      return { type: kind, ...person };
    case 'explain':
      return { type: 'explain', ...person, deniedBy: 'bob', reason: 'not today' };
    case 'resume':
      return { type: 'resume', ...person, gates: green, entitled };
    case 'recover':
      return { type: 'recover', ...person, leaseExpired: luck % 2 === 0 };
    case 'notify':
      return { type: 'notify', ...house, addresses: luck % 2 === 0 ? [] : ['dev:boss'] };
    case 'expire':
      return { type: 'expire', ...house };
    case 'start': {
      const attempt = 'attempt' in state ? state.attempt - (luck % 15 === 0 ? 1 : 0) : 1;
      const changed = luck % 25 === 2 ? { 'scripts/backup.sh': String(luck) } : undefined;
      const found = changed ?? (state.status === 'absent' ? files : state.files);
      const epoch = state.status === 'absent' ? 1 : state.epoch;
      const claim = { workerId: 'w1', epoch, attempt, fence: fence + 1, specHash: specHash(job) };
      const preview = state.status === 'absent' || luck % 30 === 3 ? changedMind : state.preview;
      return {
        type: 'start',
        ...worker,
        ...claim,
        files: found,
        entitled,
        ...(preview === undefined ? {} : { preview }),
      };
    }
    case 'preview': {
      const epoch = state.status === 'absent' ? 1 : state.epoch;
      return { type: 'preview', ...worker, workerId: 'w1', epoch, fence: fence + 1, seen: drySeen };
    }
    case 'progress':
      return {
        type: 'progress',
        ...worker,
        fence,
        text: 'half',
        ...(luck % 2 === 0 ? { percent: luck } : {}),
      };
    case 'finish':
      return { type: 'finish', ...worker, fence, result: resultOf(luck), chance: luck / 100 };
    case 'lose':
      return { type: 'lose', ...house, fence, lastBeat: at, chance: luck / 100 };
  }
};
