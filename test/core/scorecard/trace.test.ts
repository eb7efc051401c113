import { describe, expect, test } from 'vitest';
import { SELF_TEST, SELF_TESTED } from '../../../src/core/jobs/self-test.ts';
import { canonical } from '../../../src/core/runs/canonical.ts';
import { GENESIS, link } from '../../../src/core/runs/chain.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import { brokenStretch, type TracedEvent, traceOf } from '../../../src/core/scorecard/trace.ts';
import {
  ana,
  asks,
  backup,
  bob,
  cho,
  dbMigrate,
  minutes,
  noon,
  RUN,
  says,
  starts,
  succeeds,
  withSpec,
} from '../../cast.ts';

const history = (...commands: readonly RunCommand[]): readonly RunEvent[] =>
  commands.reduce<readonly RunEvent[]>((events, command) => {
    const decision = decide(fold(events, RUN), command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${decision.refusal.why}`);
    return [...events, ...decision.events];
  }, []);

const stored = (events: readonly RunEvent[]): readonly TracedEvent[] =>
  link(RUN, { seq: 0, hash: GENESIS }, events).map((event) => ({
    ...event,
    payload: canonical(event.payload),
  }));

const rowOf = (events: readonly TracedEvent[], ended = true) => ({
  runId: RUN,
  seq: events.length,
  hash: events.at(-1)?.hash ?? GENESIS,
  ended,
});

const traced = (events: readonly RunEvent[], ended = true) => {
  const all = stored(events);
  return traceOf(rowOf(all, ended), all);
};

const done = history(asks(), says.yes(bob), starts(), succeeds());

describe('the trace of a run', () => {
  test('says who did what, and that nothing is missing', () =>
    expect(traced(done)).toEqual({
      runId: RUN,
      heavy: false,
      ended: 'Succeeded',
      acts: [
        { who: 'dev:ana', at: noon },
        { who: 'dev:bob', at: noon },
      ],
      interventions: [],
      decisions: [{ who: 'dev:bob', at: noon, sound: true }],
      starts: 1,
      doubled: 0,
      resumes: [],
    }));

  test('knows every vote, and a denial, as a decision of somebody', () => {
    const votes = history(
      asks(dbMigrate),
      says.yes(bob),
      says.yes(cho),
      says.resume(ana, { at: noon + minutes(1) }),
    );
    expect(traced(votes, false)).toMatchObject({
      heavy: true,
      decisions: [
        { who: 'dev:bob', sound: true },
        { who: 'dev:cho', sound: true },
      ],
      resumes: [{ at: noon + minutes(1), ms: minutes(1) }],
    });
    expect(traced(history(asks(), says.no(bob)))).toMatchObject({
      ended: 'Denied',
      decisions: [{ who: 'dev:bob', sound: true }],
    });
  });

  test('an approval by a policy is no decision of a person, one by anything else is none of a person', () => {
    const never = withSpec(backup, { approval: { ...backup.spec.approval, policy: 'never' } });
    expect(traced(history(asks(never)), false).decisions).toEqual([]);
    const forged = done.map((event) =>
      event.type === 'RunApproved' ? { ...event, actor: 'worker:w1' } : event,
    );
    expect(traced(forged).decisions).toEqual([{ who: 'worker:w1', at: noon, sound: false }]);
    const lent = done.map((event) =>
      event.type === 'RunApproved' ? { ...event, actor: 'user:dev:cho' } : event,
    );
    expect(traced(lent).decisions).toEqual([{ who: 'dev:cho', at: noon, sound: false }]);
  });

  test('the leave of the program to test itself is no decision there, and no leave for anything else', () => {
    const own = history(asks(SELF_TEST, { by: { kind: 'system', part: 'selftest' }, files: {} }));
    expect(traced(own, false)).toMatchObject({ selfTest: true, decisions: [] });
    const borrowed = done.map((event) =>
      event.type === 'RunApproved' ? { ...event, actor: SELF_TESTED } : event,
    );
    expect(traced(borrowed)).not.toHaveProperty('selfTest');
    expect(traced(borrowed).decisions).toEqual([{ who: SELF_TESTED, at: noon, sound: false }]);
    const lent = own.map((event) =>
      event.type === 'RunApproved' ? { ...event, actor: 'policy:never' } : event,
    );
    expect(traced(lent, false).decisions).toEqual([{ who: 'policy:never', at: noon, sound: false }]);
  });

  test('recovering and stopping what runs are interventions; canceling what waits is not', () => {
    const stopped = history(asks(), says.yes(bob), starts(), says.cancel(ana), says.recover(ana));
    expect(traced(stopped, false)).toMatchObject({ interventions: [noon, noon] });
    expect(traced(stopped, false)).not.toHaveProperty('ended');
    expect(traced(history(asks(), says.cancel(ana)))).toMatchObject({ ended: 'Canceled', interventions: [] });
  });

  test('an approval that was voided is not what a later start is measured from', () => {
    const [resumed] = history(asks(dbMigrate), says.yes(bob), says.yes(cho), says.resume(ana)).filter(
      ({ type }) => type === 'RunResumed',
    );
    const voided = {
      type: 'ApprovalVoided',
      at: noon,
      actor: 'system',
      payload: { epoch: 1, reason: 'votes', approved: '' },
    } as const;
    const approved = done.filter(({ type }) => type === 'RunApproved');
    if (resumed === undefined) throw new Error('nobody resumed');
    expect(traced([...approved, voided, resumed], false).resumes).toEqual([]);
  });

  test.each<readonly [why: string, events: readonly RunEvent[]]>([
    ['nobody knows who asked for it', done.slice(1)],
    ['it was started before any approval', done.filter(({ type }) => type !== 'RunApproved')],
    ['it ended and was never started', done.filter(({ type }) => type !== 'ExecutionStarted')],
    ['its end is on no record', done.slice(0, -1)],
  ])('a gap is named: %s', (why, events) => expect(traced(events).gap).toBe(why));

  test('a history that was changed, cut or is not the sealed one is told from one that grew', () => {
    const events = stored(done);
    const row = rowOf(events);
    const changed = events.map((event) => (event.seq === 3 ? { ...event, actor: 'user:dev:eve' } : event));
    expect(traceOf(row, changed).broken).toBe('event 3 was changed');
    expect(
      traceOf(
        row,
        events.filter(({ seq }) => seq !== 2),
      ).broken,
    ).toBe('event 2 is missing');
    expect(traceOf(row, events.slice(0, -1)).broken).toBe('the head does not name event 6');
    expect(traceOf(rowOf(events.slice(0, 4)), events)).not.toHaveProperty('broken');
    const heads = [{ chain: RUN, seq: 4, hash: events[3]?.hash ?? '' }];
    expect(traceOf(row, events, heads)).not.toHaveProperty('broken');
    expect(traceOf(row, events, [{ chain: RUN, seq: 4, hash: 'f'.repeat(64) }]).broken).toBe(
      'event 4 is not the one that was sealed',
    );
  });

  test('a run without any history is broken, and nobody can follow it', () =>
    expect(traceOf(rowOf(stored(done)))).toMatchObject({
      broken: 'the head does not name event 6',
      gap: 'nobody knows who asked for it',
      acts: [],
    }));

  test('a stretch of a chain holds together by itself', () => {
    const events = stored(done).slice(2);
    expect(brokenStretch([])).toBeUndefined();
    expect(brokenStretch(events)).toBeUndefined();
    expect(brokenStretch(events.filter(({ seq }) => seq !== 4))).toBe('event 4 is missing');
    expect(brokenStretch(events.map((event) => ({ ...event, at: event.at + 1 })))).toBe(
      'event 4 was changed',
    );
  });

  test.each(['{', 'null', '7'])(
    'a payload that says nothing (%s) breaks the chain and nothing else',
    (payload) => {
      const events = stored(done).map((event) => ({ ...event, payload }));
      expect(traceOf(rowOf(events), events)).toMatchObject({
        broken: 'event 1 was changed',
        heavy: undefined,
      });
    },
  );
});
