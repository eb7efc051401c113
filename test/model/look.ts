import { isDeepStrictEqual } from 'node:util';
import type { LiveRun } from '../../src/core/runs/run.ts';
import type { Run } from './world.ts';

/** A run as far as the contract speaks of it. */
export interface Look {
  readonly status: string;
  readonly epoch: number;
  readonly votes: readonly string[];
  readonly files: string;
  readonly lost: boolean;
  readonly losses: number;
  readonly attempt: number;
  readonly until?: number;
  readonly notBefore?: number;
  readonly lease?: number;
}

const worked = (status: string): boolean => status === 'Dispatching' || status === 'Running';
const some = <K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]: T });

/** As the database has it. */
export const lookAt = (run: LiveRun, lease: number | undefined): Look => {
  const { status } = run;
  const works = worked(status);
  const until = 'decideBy' in run ? run.decideBy : 'startBy' in run ? run.startBy : undefined;
  return {
    status,
    epoch: run.epoch,
    votes: run.votes.map(({ personId }) => personId),
    files: (run.files['job.sh'] ?? '').charAt(0),
    lost: status === 'AwaitingApproval' && run.because === 'lost',
    losses: works ? run.losses : 0,
    attempt: status === 'Dispatching' || status === 'Running' ? run.attempt : 0,
    ...some('until', until),
    ...some('notBefore', status === 'Dispatching' ? run.notBefore : undefined),
    ...some('lease', lease),
  };
};

/** As the contract has it. */
export const lookOf = (run: Run): Look => {
  const { status, until, lease } = run;
  const works = worked(status);
  return {
    status,
    epoch: run.epoch,
    votes: run.votes.map(({ id }) => id),
    files: run.files,
    lost: status === 'AwaitingApproval' && run.lost,
    losses: works ? run.losses : 0,
    attempt: works ? run.attempt : 0,
    ...some('until', until),
    ...some('notBefore', status === 'Dispatching' ? run.notBefore : undefined),
    ...some('lease', lease?.until),
  };
};

/** The contract bounds the pause before a retry and leaves its length to chance. */
export const isSame = ({ notBefore: latest = 0, ...run }: Look, seen: Look | undefined): boolean => {
  if (seen === undefined) return false;
  const { notBefore = 0, ...rest } = seen;
  return isDeepStrictEqual(run, rest) && notBefore <= latest;
};

/** What is queued, held, asked and given up on, in numbers; and the mark on the card of every run that has one. */
export interface Board {
  readonly queued: number;
  readonly held: number;
  readonly waiting: number;
  readonly dead: number;
  readonly cards: readonly string[];
}

export const boardOf = (runs: readonly Run[]): Board => {
  const count = (fits: (run: Run) => boolean): number => runs.filter(fits).length;
  return {
    queued: count(({ status, lease }) => status === 'Dispatching' && lease === undefined),
    held: count(({ lease }) => lease !== undefined),
    waiting: count(({ status }) => status === 'AwaitingApproval'),
    dead: count(({ status }) => status === 'Failed'),
    cards: runs.flatMap((run, index) => (run.chat.startsWith('dev:') ? [] : [`${index} ${markOf(run)}`])),
  };
};

const markOf = ({ status, attempt }: Run): string =>
  status === 'Dispatching' && attempt > 1 ? '🔁' : MARKS[status];

const MARKS: Readonly<Record<Run['status'], string>> = {
  AwaitingApproval: '⏳',
  Approved: '✔',
  Dispatching: '⏳',
  Running: '▶️',
  Succeeded: '✅',
  Failed: '❌',
  Denied: '⛔',
  Canceled: '⛔',
  Expired: '⌛',
};
