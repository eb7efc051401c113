import type { Actor } from '../people/person.ts';
import { pauseMs } from '../time/backoff.ts';
import type { Instant } from '../time/instant.ts';
import { RETRIES } from '../time/retries.ts';
import { standing, tally } from './approvals.ts';
import type { RetryLeave, RunCommand } from './command.ts';
import { hasPreviewChanged } from './decide-preview.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { digestOf } from './digest.ts';
import type { RunEvent } from './event.ts';
import { lostWords } from './lost-words.ts';
import { ask, event, timedOut, voided } from './record.ts';
import { LOSSES_MAX, nextAttemptAt } from './retry.ts';
import type { LiveRun } from './run.ts';

type Running = LiveRun & { status: 'Running' };

/**
 * A worker has claimed the run and wants to start a process. What was approved is compared with what would run now, and
 * the votes with who may vote now; only then is the start recorded, and only a recorded start may happen.
 */
export const decideStart = (state: LiveRun, command: Extract<RunCommand, { type: 'start' }>): Decision => {
  if (command.by.kind !== 'worker') return refuse({ why: 'only_workers_report' });
  if (state.status !== 'Dispatching') return refuse({ why: 'not_dispatched', status: state.status });
  const same = command.epoch === state.epoch && command.attempt === state.attempt;
  if (command.fence <= state.fence || !same) {
    return refuse({ why: 'superseded', fence: state.fence });
  }
  const { at } = command;
  if (state.startBy !== undefined && at > state.startBy) return accept(timedOut(state, at));
  const found = digestOf({ ...state, specHash: command.specHash, files: command.files }, state.epoch);
  if (found !== state.digest) return accept(...voided(state, at, 'digest', command.files));
  if (hasPreviewChanged(state, command.preview)) return accept(...voided(state, at, 'preview', state.files));
  if (state.byPolicy && command.lapsed === true) return accept(...voided(state, at, 'votes', state.files));
  if (!state.byPolicy && !tally(state.approval, standing(state, command.entitled)).satisfied) {
    return accept(...voided(state, at, 'votes', state.files));
  }
  return accept(
    event('ExecutionStarted', command, {
      WorkerId: command.workerId,
      attempt: state.attempt,
      epoch: state.epoch,
      fence: command.fence,
    }),
  );
};

export const decideProgress = (
  state: LiveRun,
  command: Extract<RunCommand, { type: 'progress' }>,
): Decision => {
  if (command.by.kind !== 'worker') return refuse({ why: 'only_workers_report' });
  if (state.status !== 'Running') return refuse({ why: 'not_dispatched', status: state.status });
  if (state.fence !== command.fence) return refuse({ why: 'superseded', fence: state.fence });
  const { percent, text } = command;
  return accept(event('ExecutionProgressed', command, percent === undefined ? { text } : { percent, text }));
};

export const decideFinish = (state: LiveRun, command: Extract<RunCommand, { type: 'finish' }>): Decision => {
  if (command.by.kind !== 'worker') return refuse({ why: 'only_workers_report' });
  if (state.status !== 'Running') return refuse({ why: 'superseded', fence: state.fence });
  // The lease ran out and somebody else owns the run now: the old owner's report comes too late.
  if (state.fence !== command.fence) return refuse({ why: 'superseded', fence: state.fence });
  const { result, at } = command;
  const tookMs = Math.max(0, at - state.startedAt);
  if (result.ok) {
    const { summary, output } = result;
    const { attempt } = state;
    return accept(event('ExecutionSucceeded', command, { Summary: summary, attempt, tookMs, output }));
  }
  if (result.reason === 'interrupted') {
    return accept(...lost(state, command, 'interrupted', { ...command, lastBeat: at }));
  }
  if (mayRetry(state, command.retry)) {
    const notBefore = nextAttemptAt(state.retry, state.attempt, at, command.chance);
    return accept(retried(state, at, notBefore, result.reason, result.summary));
  }
  return accept(
    event('ExecutionFailed', command, {
      Summary: result.summary,
      attempt: state.attempt,
      reason: result.reason,
      tookMs,
      ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
      ...(result.signal === undefined ? {} : { signal: result.signal }),
      output: result.output,
    }),
  );
};

const mayRetry = (
  state: Running,
  { allowed, attemptsMax = Infinity }: RetryLeave = { allowed: true },
): boolean => allowed && isHarmless(state) && state.attempt < Math.min(state.retry.attemptsMax, attemptsMax);

/** Only what is light and idempotent may start twice under one approval (PRODUCT 10). */
const isHarmless = ({ heavy, effects }: Running): boolean => !heavy && effects === 'idempotent';

/** The lease ran out: whether the process ended is unknown, and unknown is never guessed. */
export const decideLose = (state: LiveRun, command: Extract<RunCommand, { type: 'lose' }>): Decision => {
  if (command.by.kind !== 'system') return refuse({ why: 'not_due' });
  if (state.status !== 'Running') return refuse({ why: 'not_dispatched', status: state.status });
  if (state.fence !== command.fence) return refuse({ why: 'superseded', fence: state.fence });
  return accept(...lost(state, command, 'lease_expired', command));
};

/**
 * A light job that declared its effects idempotent is started again, a bounded number of times; everything else asks a
 * person (PRODUCT 6). Heavy always asks.
 */
export const lost = (
  state: Running,
  { by, at }: { readonly by: Actor; readonly at: Instant },
  reason: 'lease_expired' | 'interrupted',
  {
    lastBeat,
    chance,
    retry,
  }: { readonly lastBeat: Instant; readonly chance: number; readonly retry?: RetryLeave },
): readonly RunEvent[] => {
  const { workerId, attempt, epoch, fence } = state;
  const payload = { WorkerId: workerId, attempt, epoch, fence, lastBeat, reason };
  const record = event('ExecutionLost', { by, at }, payload);
  const reruns = isHarmless(state) && retry?.allowed !== false && state.losses + 1 < LOSSES_MAX;
  if (!reruns) return [record, ask(state, at, 'lost', epoch + 1)];
  const pause = pauseMs(RETRIES.lost, state.losses + 1, chance);
  const notBefore = reason === 'interrupted' ? at : at + pause;
  return [record, retried(state, at, notBefore, 'lost', lostWords(payload))];
};

const retried = (state: Running, at: number, notBefore: number, reason: string, summary: string): RunEvent =>
  event(
    'ExecutionRetried',
    { by: { kind: 'system' }, at },
    { epoch: state.epoch, attempt: state.attempt + 1, notBefore, reason, Summary: summary },
  );
