import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobVersion } from '../../../src/core/jobs/job.ts';
import { MOVES } from '../../../src/core/runs/board.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import { RUN_STATUSES } from '../../../src/core/runs/run.ts';
import { RUN } from '../../cast.ts';
import { eventsOf, jobs, play, type Step, steps } from './random-runs.ts';

// Laws over random stories: anybody may try anything at any time.

const job = fc.constantFrom(...jobs);
const always = (holds: (kind: JobVersion, story: readonly Step[]) => void) => (): void =>
  fc.assert(fc.property(job, steps, holds), { numRuns: 120 });

const typed = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe('work', () => {
  test(
    'is queued at most once per epoch and attempt',
    always((kind, story) => {
      const events = eventsOf(play(kind, story));
      const keys = [...typed(events, 'ExecutionDispatched'), ...typed(events, 'ExecutionRetried')].map(
        ({ payload }) => `${payload.epoch}/${payload.attempt}`,
      );
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );

  test(
    'is never queued before enough people approved that epoch',
    always((kind, story) => {
      const events = eventsOf(play(kind, story));
      const { approval } = kind.spec;
      const needed = Math.max(approval.quorum, ...approval.needs.map((need) => need.count));
      for (const [at, event] of events.entries()) {
        if (event.type !== 'ExecutionDispatched') continue;
        const before = events.slice(0, at);
        const { epoch } = event.payload;
        const approvals = typed(before, 'RunApproved').filter(({ payload }) => payload.epoch === epoch);
        expect(approvals).toHaveLength(1);
        if (approvals[0]?.actor === 'policy:never') continue;
        const recorded = typed(before, 'ApprovalRecorded').filter(({ payload }) => payload.epoch === epoch);
        const people = [...recorded, ...approvals].map(({ payload }) => payload.vote?.personId);
        expect(people).not.toContain('ana');
        expect(people).not.toContain('eve');
        expect(new Set(people).size).toBe(people.length);
        expect(people.length).toBeGreaterThanOrEqual(needed);
      }
    }),
  );

  test(
    'of a heavy run is queued first by a person who resumed that epoch',
    always((kind, story) => {
      if (!kind.spec.heavy) return;
      const events = eventsOf(play(kind, story));
      for (const [at, event] of events.entries()) {
        if (event.type !== 'ExecutionDispatched') continue;
        expect(event.payload.attempt).toBe(1);
        const before = events[at - 1];
        expect(before).toMatchObject({ type: 'RunResumed', payload: { epoch: event.payload.epoch } });
        expect(before?.actor).toMatch(/^user:/);
      }
    }),
  );

  test(
    'starts only while it is queued, each time under a larger fence',
    always((kind, story) => {
      let fence = 0;
      for (const { before, decision } of play(kind, story)) {
        if (!decision.ok) continue;
        for (const event of typed(decision.events, 'ExecutionStarted')) {
          expect(before.status).toBe('Dispatching');
          expect(event.payload.fence).toBeGreaterThan(fence);
          fence = event.payload.fence;
        }
      }
    }),
  );

  test(
    'does not start after a cancel, until a person recovers the run',
    always((kind, story) => {
      const events = eventsOf(play(kind, story));
      const idle = events.flatMap((event, at) => (event.type === 'RunCanceled' ? [at] : []));
      for (const at of idle) {
        const next = events.slice(at + 1).map((event) => event.type);
        const revived = next.indexOf('RunRecovered');
        expect(revived === -1 ? next : next.slice(0, revived)).not.toContain('ExecutionStarted');
      }
    }),
  );

  test(
    'starts once per epoch unless a light job declared that a second start is harmless',
    always((kind, story) => {
      if (kind.spec.effects === 'idempotent' && !kind.spec.heavy) return;
      const started = typed(eventsOf(play(kind, story)), 'ExecutionStarted');
      expect(new Set(started.map(({ payload }) => payload.epoch)).size).toBe(started.length);
    }),
  );
});

describe('decisions', () => {
  test(
    'are signed by people',
    always((kind, story) => {
      const events = eventsOf(play(kind, story));
      for (const event of [...typed(events, 'RunDenied'), ...typed(events, 'ApprovalRecorded')]) {
        expect(event.actor).toMatch(/^user:/);
      }
      for (const event of typed(events, 'RunApproved')) expect(event.actor).toMatch(/^(user:|policy:never$)/);
    }),
  );

  test(
    'are pure: the same question has the same answer and changes nothing',
    always((kind, story) => {
      for (const { before, command, decision } of play(kind, story)) {
        const told = structuredClone({ before, command });
        expect(decide(frozen(told.before), frozen(told.command))).toEqual(decision);
        expect(told).toEqual({ before, command });
      }
    }),
  );

  test(
    'are all there is: the state is the fold of the events, and survives JSON',
    always((kind, story) => {
      const turns = play(kind, story);
      const stored = JSON.parse(JSON.stringify(eventsOf(turns))) as readonly RunEvent[];
      const state = turns.at(-1)?.after;
      expect(fold(stored, RUN)).toEqual(state);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }),
  );
});

describe('advice', () => {
  const text = fc.string({ maxLength: 20 });
  const advice = fc.record(
    { read: text, risk: fc.record({ score: fc.constantFrom('0.71', '1.00'), words: text }) },
    { requiredKeys: [] },
  );
  const isAdvice = ({ type }: RunEvent): boolean => type === 'RiskFlagged' || type === 'AiParseUsed';

  test('changes no decision, whatever it says and whatever happens afterwards', () => {
    fc.assert(
      fc.property(job, steps, advice, (kind, story, said) => {
        const alone = play(kind, story);
        const advised = play(kind, story, said);
        for (const [at, { decision, after }] of advised.entries()) {
          const same = alone[at];
          expect(decision.ok ? decision.events.filter((event) => !isAdvice(event)) : decision).toEqual(
            same?.decision.ok === true ? same.decision.events : same?.decision,
          );
          const { unusual: _, ...state } = { unusual: '', ...after };
          expect(state).toEqual(same?.after);
        }
        const written = eventsOf(advised).filter(isAdvice);
        expect(written.map(({ type }) => type)).toEqual([
          ...('read' in said ? ['AiParseUsed'] : []),
          ...('risk' in said ? ['RiskFlagged'] : []),
        ]);
        expect(written.every(({ actor }) => actor === 'system:advisor')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the state machine', () => {
  test(
    'takes only the steps of its table',
    always((kind, story) => {
      const events = eventsOf(play(kind, story));
      const states = events.map((_, at) => fold(events.slice(0, at + 1), RUN).status);
      const taken = events.slice(1).map(({ type }, at) => [states[at], states[at + 1], type] as const);
      const moved = taken.filter(([from, to]) => from !== to).map((step) => step.join(' '));
      const table = MOVES.map(({ from, to, event }) => `${from} ${to} ${event}`);
      expect(moved.filter((step) => !table.includes(step))).toEqual([]);
      expect(states[0]).toBe('Created');
    }),
  );

  test('takes any event in any state, because facts are never refused', () => {
    const pool = jobs.flatMap((each) =>
      fc.sample(steps, { numRuns: 40, seed: 7 }).flatMap((story) => eventsOf(play(each, story))),
    );
    const mixed = fc.array(fc.constantFrom(...pool), { maxLength: 30 });
    fc.assert(
      fc.property(mixed, (events) => {
        const { status } = fold(events, RUN);
        expect(['absent', ...RUN_STATUSES]).toContain(status);
        expect(status === 'absent').toBe(!events.some((event) => event.type === 'RunCreated'));
      }),
    );
  });
});

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
};
