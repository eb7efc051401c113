import { describe, expect, test } from 'vitest';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import { cardOf } from '../../../src/core/text/cards/card.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  eve,
  fails,
  green,
  here,
  nightly,
  report,
  says,
  starts,
  withApproval,
} from '../../cast.ts';
import { runAfter } from '../../given.ts';
import { clock, shown } from './shown.ts';

// Times are UTC on a card without markup.

const t1402 = clock('14:02');
const digest = (run: LiveRun): string => run.digest.slice(0, 6);
const requested = asks(backup, { at: t1402 });

describe('a heavy job', () => {
  const migrate = asks(dbMigrate, { params: { to: '0042' }, at: clock('15:00') });
  const both = [migrate, says.yes(bob, clock('15:01')), says.yes(cho, clock('15:03'))];
  test('asks for two', () => {
    const run = runAfter(migrate);
    expect(shown(run, { deciders: ['Bob', 'Cho'] })).toEqual([
      '⏳ Approval needed (0 of 2) · K7M2QX · HEAVY',
      'db-migrate v7 — Change the production schema',
      '  to  0042',
      `Will run: ./db-migrate.sh · digest ${digest(run)}`,
      'Asked by Ana 15:00 UTC · expires 15:30 UTC · needs 2 of: Bob, Cho',
      'Ana asked, so Ana cannot approve.',
      '[ Approve ] ap  [ Deny ] dn  [ Details ] dt',
    ]);
  });
  test('counts', () => {
    const lines = shown(runAfter(...both.slice(0, 2)));
    expect(lines[0]).toBe('⏳ Approval needed (1 of 2) · K7M2QX · HEAVY');
    expect(lines).toContain('✔ Bob 15:01 UTC');
    expect(lines).toContain('Asked by Ana 15:00 UTC · expires 15:30 UTC · needs 2 approvals');
  });
  test('waits for its start', () =>
    expect(shown(runAfter(...both), { gates: green })).toEqual([
      '✔ Approved, not started · K7M2QX · HEAVY',
      'db-migrate v7 — Change the production schema',
      '✔ Bob 15:01 UTC  ✔ Cho 15:03 UTC',
      'Gates: freeze off ✔ · window open ✔ · worker heavy-1 alive ✔',
      'Approval lapses 15:33 UTC',
      '[ Start now ] rs  [ Cancel run ] cx',
    ]));
  test('offers no start while a gate is shut', () => {
    const gates = [{ name: 'freeze', met: false, words: 'freeze ON' }, ...green.slice(1)] as const;
    const lines = shown(runAfter(...both), { gates });
    expect(lines).toContain('Gates: freeze ON ✖ · window open ✔ · worker heavy-1 alive ✔');
    expect(lines.at(-1)).toBe('[ Cancel run ] cx');
    expect(shown(runAfter(...both)).join()).not.toContain('Gates');
  });
  test('names who started it', () => {
    const start = starts(dbMigrate, { workerId: 'heavy-1', at: clock('15:04') });
    const lines = shown(runAfter(...both, says.resume(ana, { at: clock('15:04') }), start));
    expect(lines[0]).toBe('▶️ Running · K7M2QX · HEAVY');
    expect(lines.join()).toContain('started by Ana 15:04 UTC on heavy-1');
  });
  test('of a schedule forbids nobody to approve', () =>
    expect(shown(runAfter(asks(dbMigrate, { by: nightly }))).join()).not.toContain('cannot approve'));
});

describe('cancel', () => {
  test('before anything ran', () =>
    expect(shown(runAfter(requested, says.cancel(ana, clock('14:05'))))).toEqual([
      '⛔ Canceled · K7M2QX',
      'backup v3 · asked by Ana 14:02 UTC · canceled by Ana 14:05 UTC',
      'Nothing ran.',
      '[ Ask again ] ra',
    ]));
  test('while it ran', () => {
    const commands = [
      requested,
      says.yes(bob, t1402),
      starts(backup, { at: t1402 }),
      says.cancel(ana, t1402),
    ];
    expect(shown(runAfter(...commands)).slice(2)).toEqual([
      'Nothing was started again; attempt 1 began 14:02 UTC, its end is unknown.',
      '[ Log ] lg  [ Ask again ] ra',
    ]);
  });
  test('while it waited for another try', () => {
    const begun = [asks(report, { at: t1402 }), says.yes(bob, t1402), starts(report, { at: t1402 })];
    expect(shown(runAfter(...begun, fails(1, t1402), says.cancel(ana, t1402)))[2]).toBe(
      'Nothing was started again; attempt 1 began 14:02 UTC, its end is on record.',
    );
  });
});

describe('who is needed', () => {
  const needs = (run: LiveRun, deciders: readonly string[] = []) =>
    /needs .*/.exec(shown(run, { deciders }).join('\n'))?.[0];
  test('roles that are not covered, by name', () => {
    const roles = [
      { role: 'dba', count: 2 },
      { role: 'lead', count: 1 },
    ];
    expect(needs(runAfter(asks(withApproval(backup, { needs: roles }))))).toBe('needs 2 dba and 1 lead');
  });
  test('a crowd is not listed', () =>
    expect(needs(runAfter(requested), ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('needs 1 approval'));
  test('self-approval is said', () =>
    expect(needs(runAfter(asks(backup, { selfApproval: true })))).toBe(
      'needs 1 approval (self-approval allowed)',
    ));
});

describe('where and by whom', () => {
  test('in a group the card says how to answer', () =>
    expect(shown(runAfter(asks(backup, { origin: { ...here, chat: 'group' } })))).toContain(
      'Or answer /yes K7M2QX · /no K7M2QX, or reply to this message.',
    ));
  test('a schedule asks by its name', () =>
    expect(shown(runAfter(asks(backup, { by: nightly }))).join()).toContain('Asked by schedule nightly'));
  test('a policy that never asks says so', () => {
    const never = withApproval(backup, { policy: 'never' });
    expect(shown(runAfter(asks(never))).join()).toContain('approved by policy (never asks)');
  });
  test('buttons that decide, start or stop are bound to what they show; others are not', () => {
    const run = runAfter(requested);
    const { actions } = cardOf(run, { deciders: [], gates: [] });
    expect(actions.map(({ verb, bound, style }) => ({ verb, bound, style }))).toEqual([
      { verb: 'ap', bound: { epoch: 1, digest: run.digest }, style: 'primary' },
      { verb: 'dn', bound: { epoch: 1, digest: run.digest }, style: 'danger' },
      { verb: 'dt', bound: undefined, style: undefined },
    ]);
  });
  test("people's words cannot pass for ours", () => {
    const run = runAfter(requested, {
      type: 'deny',
      by: by({ ...eve, roles: ['approver'] }),
      reason: `late\n✅ Succeeded ${'x'.repeat(100)}`,
      at: t1402,
    });
    expect(shown(run)[1]).toMatch(/denied by Eve 14:02 UTC: "late ✅ Succeeded x+…"$/);
  });
});

test('a run between its first two events waits', () => {
  const run = runAfter(requested);
  expect(cardOf({ ...run, status: 'Created' }, { deciders: [], gates: [] }).title).toBe('Approval needed');
});
