import { fail } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { type LiveRun, RUN_STATUSES } from '../../src/core/runs/run.ts';
import { runView } from '../../src/web/api/run-view.ts';
import { RUN } from '../cast.ts';
import { eventsOf, jobs, play, steps } from '../core/runs/random-runs.ts';

type View = ReturnType<typeof runView>;

interface Moment {
  readonly run: LiveRun;
  readonly event: RunEvent;
  readonly view: View;
}

/** What a client would have seen of a run after each of its events. */
const filmOf = (events: readonly RunEvent[]): readonly Moment[] =>
  events.flatMap((event, at) => {
    const run = fold(events.slice(0, at + 1), RUN);
    return run.status === 'absent' ? [] : [{ run, event, view: runView(run) }];
  });

const films = fc
  .sample(steps, { numRuns: 60, seed: 20_261_127 })
  .flatMap((story) => jobs.map((job) => filmOf(eventsOf(play(job, story)))))
  .filter((film) => film.length > 0);
const moments = films.flat();

const has = (value: unknown): boolean => value !== null;

describe('a run as programs read it, in whatever became of it', () => {
  test('has been in every state that lasts', () => {
    // Created lasts no longer than its own commit, but here it is looked at in the middle.
    expect(new Set(moments.map(({ view }) => view.status))).toEqual(new Set(RUN_STATUSES));
  });

  test('has the same fields always, none of them undefined', () => {
    const fields = Object.keys(moments[0]?.view ?? {});
    expect(moments.filter(({ view }) => Object.keys(view).join() !== fields.join())).toEqual([]);
    expect(moments.filter(({ view }) => Object.values<unknown>(view).includes(undefined))).toEqual([]);
  });

  test('comes through JSON as it was', () => {
    for (const { view } of moments.filter((_, at) => at % 20 === 0)) {
      expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    }
  });

  test('never changed before it was made, nor after its last event', () => {
    const early = moments.filter(({ view }) => view.updatedAt < view.createdAt);
    const late = moments.filter(({ view, event }) => Date.parse(view.updatedAt) > event.at);
    expect([early, late]).toEqual([[], []]);
  });

  test('never changed earlier than it had changed before', () => {
    const back = films.flatMap((film) =>
      film.filter(({ view }, at) => at > 0 && view.updatedAt < (film[at - 1]?.view.updatedAt ?? '')),
    );
    expect(back.map(({ event, view }) => `${event.type} ${view.status}`)).toEqual([]);
  });

  /** A vote short of the quorum and a word of progress leave the state as it is, and are a change all the same. */
  test.each([
    'ApprovalRequested',
    'ApprovalRecorded',
    'ExecutionStarted',
    'ExecutionProgressed',
    'ExecutionSucceeded',
  ])('changed with %s', (type) => {
    const after = moments.filter(({ event }) => event.type === type);
    expect(after.length).toBeGreaterThan(0);
    expect(after.filter(({ view, event }) => Date.parse(view.updatedAt) !== event.at)).toEqual([]);
  });

  test('has a time to decide by while people are asked, and at no other time', () => {
    const wrong = moments.filter(({ view }) => has(view.decideBy) !== (view.status === 'AwaitingApproval'));
    expect(wrong).toEqual([]);
  });

  test('has a time to start by when it is approved and has not started, and never once it has ended', () => {
    expect(moments.filter(({ view }) => view.status === 'Approved' && !has(view.startBy))).toEqual([]);
    const over = ['Succeeded', 'Failed', 'Denied', 'Canceled', 'Expired', 'AwaitingApproval'];
    expect(moments.filter(({ view }) => over.includes(view.status) && has(view.startBy))).toEqual([]);
  });

  test('names a worker once it was started, and an attempt only with one that waits or ran', () => {
    expect(moments.filter(({ view }) => view.status === 'Running' && view.workerId !== 'w1')).toEqual([]);
    expect(moments.filter(({ view }) => view.status === 'Running' && !has(view.attempt))).toEqual([]);
    const fresh = moments.filter(({ run, view }) => run.lastStart === undefined && view.epoch === 1);
    const early = fresh.filter(({ view }) => view.status === 'AwaitingApproval');
    expect(early.length).toBeGreaterThan(0);
    expect(early.filter(({ view }) => has(view.attempt) || has(view.workerId))).toEqual([]);
  });

  test('lists its votes with their times, as many as count', () => {
    for (const { run, view } of moments) {
      expect(view.votes.map(({ at }) => Date.parse(at))).toEqual(run.votes.map(({ at }) => at));
    }
  });
});

test('who asked is named by address and by name, a schedule by its key', () => {
  const run = moments[0]?.run ?? fail('nothing ever happened');
  const named = (requester: LiveRun['requester']): string => {
    const view = runView({ ...run, requester });
    return `${view.requestedBy} at ${view.requestedByAddress}`;
  };
  const bob = { kind: 'person', personId: 'bob', identity: 'telegram:42', name: 'Bob B.' } as const;
  expect(named(bob)).toBe('Bob B. at telegram:42');
  expect(named({ kind: 'schedule', key: 'nightly' })).toBe('nightly at schedule:nightly');
});
