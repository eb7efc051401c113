import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { board, MOVES, TRANSITIONS } from '../../../src/core/runs/board.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import { absent, RUN_STATUSES, type RunState } from '../../../src/core/runs/run.ts';
import { ana, asks, RUN, says } from '../../cast.ts';
import { given, past } from '../../given.ts';
import { eventsOf, jobs, play, steps } from './random-runs.ts';

describe('the board', () => {
  test('has a name for every stored status', () =>
    expect(RUN_STATUSES.map((status) => `${status} ${board(status)}`)).toEqual([
      'Created REQUESTED',
      'AwaitingApproval REQUESTED',
      'Approved APPROVED',
      'Dispatching QUEUED',
      'Running RUNNING',
      'Succeeded SUCCEEDED',
      'Failed FAILED',
      'Denied CANCELED',
      'Canceled CANCELED',
      'Expired EXPIRED',
    ]));
});

describe('the table of transitions', () => {
  test('is the contract', () =>
    expect(TRANSITIONS).toEqual({
      Created: ['AwaitingApproval', 'Approved', 'Canceled'],
      AwaitingApproval: ['Approved', 'Denied', 'Expired', 'Canceled', 'Failed'],
      Approved: ['Dispatching', 'Expired', 'Canceled', 'AwaitingApproval'],
      Dispatching: ['Running', 'Expired', 'Canceled', 'AwaitingApproval'],
      Running: ['Succeeded', 'Failed', 'Canceled', 'Dispatching', 'AwaitingApproval'],
      Succeeded: [],
      Failed: ['AwaitingApproval'],
      Denied: [],
      Canceled: ['AwaitingApproval'],
      Expired: ['AwaitingApproval'],
    }));

  test('lists no step that nothing ever takes', () => {
    // The stories are random, the seed is not: every step has to turn up in them.
    const told = fc.sample(steps, { numRuns: 300, seed: 2026 });
    const taken = new Set(
      jobs.flatMap((job) => told.flatMap((story) => stepsOf(eventsOf(play(job, story))))),
    );
    const created = past(asks()).slice(0, 1);
    given(...created)
      .when(says.cancel(ana))
      .then('RunCanceled');
    // Created lasts no longer than its own commit, so chance cannot meet it.
    taken.add('Created Canceled RunCanceled');
    expect([...taken].toSorted()).toEqual(
      MOVES.map(({ from, to, event }) => `${from} ${to} ${event}`).toSorted(),
    );
  });
});

const stepsOf = (events: readonly RunEvent[]): readonly string[] => {
  const taken: string[] = [];
  let state: RunState = absent;
  for (const event of events) {
    const before = state.status;
    state = evolve(state, event, RUN);
    if (before !== 'absent' && before !== state.status) taken.push(`${before} ${state.status} ${event.type}`);
  }
  return taken;
};
