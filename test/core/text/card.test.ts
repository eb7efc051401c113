import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import {
  ana,
  asks,
  backup,
  bob,
  fails,
  minutes,
  progresses,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
  w1,
  withApproval,
  withSpec,
} from '../../cast.ts';
import { runAfter } from '../../given.ts';
import { clock, shown } from './shown.ts';

// The transcripts, word for word, as far as a card without markup can say them; times are UTC there.

const t1402 = clock('14:02');
const digest = (run: LiveRun): string => run.digest.slice(0, 6);
const requested = asks(backup, { at: t1402 });

describe('run, approve, complete', () => {
  test('approval needed', () => {
    const run = runAfter(requested);
    expect(shown(run, { deciders: ['Bob', 'Cho'] })).toEqual([
      '⏳ Approval needed · K7M2QX',
      'backup v3 — Back up the main database',
      `Will run: pg-backup --db main · digest ${digest(run)}`,
      'Asked by Ana 14:02 UTC · expires 14:32 UTC · needs 1 of: Bob, Cho',
      '[ Approve ] ap  [ Deny ] dn  [ Details ] dt',
    ]);
  });
  test('approval needed, and an advisor worries', () => {
    const risk = { score: '0.75', words: 'third run today' };
    const lines = shown(runAfter(asks(backup, { at: t1402, advice: { risk } })), { deciders: ['Bob'] });
    expect(lines.at(-2)).toBe('⚠️ unusual: third run today');
    expect(lines.at(-3)).toMatch(/^Asked by Ana /);
  });
  test('queued', () =>
    expect(shown(runAfter(requested, says.yes(bob, t1402)))).toEqual([
      '⏳ Queued · K7M2QX',
      'backup v3 — Back up the main database',
      'Asked by Ana 14:02 UTC · approved by Bob 14:02 UTC',
      '[ Cancel run ] cx',
    ]));
  const running = [requested, says.yes(bob, t1402), starts(backup, { at: t1402 })];
  test('running', () =>
    expect(shown(runAfter(...running))).toEqual([
      '▶️ Running · K7M2QX',
      'backup v3 — Back up the main database',
      'Asked by Ana 14:02 UTC · approved by Bob 14:02 UTC · started 14:02 UTC on w1',
      '[ Log ] lg  [ Cancel run ] cx',
    ]));
  test('progress', () => {
    const lines = shown(runAfter(...running, progresses(1, t1402 + 70_000)));
    expect(lines[0]).toBe('▶️ Running · K7M2QX · 58% · 1m 10s');
    expect(lines).toContain('table orders 7 of 12');
  });
  test('progress that says nothing adds no line', () => {
    const silent: RunCommand = { type: 'progress', by: w1, fence: 1, text: '', at: t1402 };
    expect(shown(runAfter(...running, silent))).toHaveLength(4);
  });
  test('succeeded', () =>
    expect(shown(runAfter(...running, succeeds(1, t1402 + 102_000)))).toEqual([
      '✅ Succeeded · K7M2QX · 1m 42s',
      'backup v3 · asked by Ana · approved by Bob',
      '[ Log ] lg  [ Run again ] ra',
    ]));
});

test('parameters, aligned, with what nobody gave marked', () => {
  const params = { env: 'staging', hosts: 2, drain: '30s' };
  const restart = withSpec(backup, { title: 'Rolling restart of the web tier', target: { kind: 'demo' } });
  const run = runAfter(asks(restart, { params, defaulted: ['drain'], at: t1402 }));
  expect(shown(run)).toEqual([
    '⏳ Approval needed · K7M2QX',
    'backup v3 — Rolling restart of the web tier',
    '  env    staging',
    '  hosts  2',
    '  drain  30s   (default)',
    `digest ${digest(run)}`,
    'Asked by Ana 14:02 UTC · expires 14:32 UTC · needs 1 approval',
    '[ Approve ] ap  [ Deny ] dn  [ Details ] dt',
  ]);
});

describe('deny', () => {
  test('without and with a reason', () => {
    expect(shown(runAfter(requested, says.no(bob, clock('14:04'))))).toEqual([
      '⛔ Denied · K7M2QX',
      'backup v3 · asked by Ana 14:02 UTC · denied by Bob 14:04 UTC',
      '[ Ask again ] ra',
    ]);
    const reason = 'prod is in a freeze until Monday';
    expect(shown(runAfter(requested, says.no(bob, clock('14:04'), reason)))[1]).toBe(
      'backup v3 · asked by Ana 14:02 UTC · denied by Bob 14:04 UTC: "prod is in a freeze until Monday"',
    );
  });
});

describe('expiry', () => {
  test('nobody answered', () =>
    expect(shown(runAfter(requested, time(clock('14:32:01'))))).toEqual([
      '⌛ Expired · K7M2QX',
      'backup v3 · asked by Ana 14:02 UTC · nobody answered in 30 min',
      'Nothing ran.',
      '[ Ask again ] ra',
    ]));
  test('nobody started it', () => {
    const commands = [requested, says.yes(bob, t1402), time(clock('14:40'))];
    expect(shown(runAfter(...commands))[1]).toBe(
      'backup v3 · asked by Ana 14:02 UTC · approved, but not started by 14:32 UTC',
    );
  });
  test('a long wait is told in its own units', () => {
    const day = withApproval(backup, { decideByMs: minutes(60 * 24) });
    expect(shown(runAfter(asks(day), time(clock('14:40') + minutes(60 * 48))))[1]).toMatch(
      /nobody answered in 1d$/,
    );
  });
});

describe('failure and retry', () => {
  const begun = [asks(report, { at: t1402 }), says.yes(bob, t1402), starts(report, { at: t1402 })];
  const again = (attempt: number) => starts(report, { attempt, fence: attempt, at: clock('14:04') });
  test('retrying', () =>
    expect(shown(runAfter(...begun, fails(1, t1402 + 12_000)))).toEqual([
      '🔁 Retrying · K7M2QX · attempt 1 of 3 failed after 12s',
      'report v2 — Weekly usage report',
      'No space left on device',
      'Next try 14:02 UTC (in 5s)',
      '[ Stop retrying ] cx  [ Log ] lg',
    ]));
  test('retrying without a word about why', () => {
    const { lastError: _, ...run } = runAfter(...begun, fails(1, t1402 + 12_000));
    expect(shown(run)).toHaveLength(4);
  });
  test('a lost attempt did not fail', () => {
    const [title, , why] = shown(runAfter(...begun, vanishes(1, t1402)));
    expect(title).toBe('🔁 Retrying · K7M2QX · attempt 1 of 3 was lost');
    expect(why).toBe('worker w1 was lost');
  });
  test('failed for good', () =>
    expect(
      shown(
        runAfter(
          ...begun,
          fails(1, t1402),
          again(2),
          fails(2, clock('14:04')),
          again(3),
          fails(3, clock('14:05')),
        ),
      ),
    ).toEqual([
      '❌ Failed · K7M2QX · 3 of 3 attempts, 1m',
      'report v2 · asked by Ana · approved by Bob',
      'No space left on device',
      '[ Log ] lg  [ Ask to run again ] ra',
    ]));
  test('success after a retry says so', () =>
    expect(shown(runAfter(...begun, fails(1, t1402), again(2), succeeds(2, clock('14:05'))))[0]).toBe(
      '✅ Succeeded · K7M2QX · attempt 2 of 3 · 1m',
    ));
  test('a lost run that asks says what is known', () => {
    const lines = shown(
      runAfter(requested, says.yes(bob, t1402), starts(backup, { at: t1402 }), vanishes(1, t1402)),
    );
    expect(lines[0]).toBe('⏳ Worker lost, decision needed · K7M2QX');
    expect(lines).toContain('Attempt 1 began 14:02 UTC on w1, which was lost; its end is unknown.');
    expect(lines).toContain('Approve starts it again, Deny ends it as failed.');
  });
  test('a recovered run says that it ran before', () => {
    const failed = [requested, says.yes(bob, t1402), starts(backup, { at: t1402 }), fails(1, t1402)];
    expect(shown(runAfter(...failed))[0]).toBe('❌ Failed · K7M2QX · 0s');
    expect(shown(runAfter(...failed, says.recover(ana, false, t1402)))).toContain(
      'Attempt 1 began 14:02 UTC. Approve starts a new one.',
    );
  });
});
