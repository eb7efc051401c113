import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { Refusal } from '../../../src/core/runs/refusal.ts';
import { REFUSALS } from '../../../src/core/runs/refusal.ts';
import { absent, type RunState } from '../../../src/core/runs/run.ts';
import { plainLine, plainLines } from '../../../src/core/text/cards/plain.ts';
import {
  alreadyDecided,
  explain,
  needsId,
  noRun,
  notAnId,
  since,
  statusLines,
  statusMark,
} from '../../../src/core/text/cards/say.ts';
import { boardLines } from '../../../src/core/text/ops/states-board.ts';
import {
  ana,
  asks,
  backup,
  bob,
  cho,
  dbMigrate,
  fails,
  green,
  noon,
  onePm,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
  withApproval,
} from '../../cast.ts';
import { runAfter } from '../../given.ts';
import { clock } from './shown.ts';

const waiting = runAfter(asks());
const heavy = runAfter(asks(dbMigrate), says.yes(bob, clock('12:01')));
const queued = runAfter(asks(), says.yes(bob));
const running = runAfter(asks(), says.yes(bob), starts(backup, { at: clock('12:05') }));
const succeeded = runAfter(asks(), says.yes(bob), starts(), succeeds());
const failed = runAfter(asks(), says.yes(bob), starts(), fails());
const denied = runAfter(asks(), says.no(bob, clock('12:04')));
const canceled = runAfter(asks(), says.cancel(ana));
const expired = runAfter(asks(), time(clock('12:32')));
const approved = runAfter(asks(dbMigrate), says.yes(bob), says.yes(cho));
const givenUp = runAfter(
  asks(withApproval(backup, { quorum: 2 })),
  says.yes(bob),
  says.yes(cho),
  starts(withApproval(backup, { quorum: 2 })),
  vanishes(),
  says.yes(cho),
  says.no(bob, clock('12:20')),
);
const deciders = ['Bob', 'Cho'];

const because = (refusal: Refusal, run: RunState, names: readonly string[] = []): string =>
  plainLine(explain(refusal, run, names));

describe('why not', () => {
  const sentences: readonly (readonly [Refusal, RunState, string])[] = [
    [{ why: 'unknown_run' }, waiting, 'No run K7M2QX.'],
    [{ why: 'unknown_run' }, absent, 'I know no such run.'],
    [{ why: 'run_exists' }, waiting, 'Run K7M2QX exists already.'],
    [{ why: 'only_people_decide' }, waiting, 'Only a person can decide.'],
    [{ why: 'only_people_decide' }, absent, 'You may not ask for that. Nothing was created.'],
    [{ why: 'only_workers_report' }, running, 'Only the worker of K7M2QX reports how it goes.'],
    [{ why: 'may_not_request' }, waiting, 'You may not ask for backup.'],
    [{ why: 'may_not_request' }, absent, 'You may not ask for that. Nothing was created.'],
    [
      { why: 'may_not_decide' },
      waiting,
      'You may not approve backup (K7M2QX). Approvers: Bob, Cho. Nothing changed.',
    ],
    [{ why: 'may_not_steer' }, waiting, 'You may not do that with K7M2QX (backup). Nothing changed.'],
    [
      { why: 'requester_cannot_approve' },
      heavy,
      'You asked for this run, so someone else must approve it (2 of Bob, Cho).',
    ],
    [
      { why: 'heavy_not_by_sms' },
      heavy,
      'db-migrate is heavy and cannot be approved by SMS. Use Telegram or web. NO K7M2QX works here.',
    ],
    [{ why: 'out_of_date' }, waiting, 'This button is out of date; use the newest card. Nothing changed.'],
    [{ why: 'wrote_before' }, waiting, 'You wrote that before K7M2QX was asked. Answer again: yes K7M2QX'],
    [
      { why: 'already_voted', votedAt: clock('12:01') },
      heavy,
      'You already approved 12:01 UTC. Still 1 of 2.',
    ],
    [
      { why: 'already_decided', status: 'Denied' },
      denied,
      'Already denied by Bob 12:04 UTC. Nothing changed.',
    ],
    [
      { why: 'asked_anew' },
      waiting,
      'K7M2QX (backup) has asked anew meanwhile; answer the newest question. Nothing changed.',
    ],
    [
      { why: 'asked_anew' },
      queued,
      'K7M2QX (backup) was already approved by Bob 12:00 UTC; it is queued. Nothing changed.',
    ],
    [{ why: 'not_approved_yet' }, heavy, 'K7M2QX (db-migrate) is not approved yet, so it cannot start.'],
    [{ why: 'not_heavy' }, waiting, 'K7M2QX (backup) is not heavy: it starts by itself when it is approved.'],
    [
      { why: 'already_started', status: 'Running' },
      running,
      'K7M2QX is already running since 12:05 UTC. Nothing was started twice.',
    ],
    [
      { why: 'already_started', status: 'Dispatching' },
      queued,
      'K7M2QX is already on its way. Nothing was started twice.',
    ],
    [
      {
        why: 'gates_unmet',
        gates: [{ name: 'freeze', met: false, words: 'freeze ON (set by Cho; /unfreeze)' }, ...green],
      },
      approved,
      'K7M2QX cannot start yet: freeze ON (set by Cho; /unfreeze).',
    ],
    [
      { why: 'already_over', status: 'Failed' },
      failed,
      'K7M2QX (backup) is over: failed 12:00 UTC. Nothing changed.',
    ],
    [
      { why: 'already_over', status: 'Denied' },
      denied,
      'K7M2QX (backup) is over: denied by Bob 12:04 UTC. Nothing changed.',
    ],
    [
      { why: 'already_over', status: 'Failed' },
      givenUp,
      'K7M2QX (backup) is over: given up by Bob after its worker was lost 12:20 UTC. Nothing changed.',
    ],
    [
      { why: 'not_recoverable', status: 'Succeeded' },
      succeeded,
      'K7M2QX is over (succeeded) and cannot be recovered. Ask again: /run backup',
    ],
    [
      { why: 'not_recoverable', status: 'AwaitingApproval' },
      waiting,
      'K7M2QX is waiting for approval; there is nothing to recover.',
    ],
    [{ why: 'not_due' }, waiting, 'K7M2QX is not due.'],
    [{ why: 'not_dispatched', status: 'Running' }, running, 'K7M2QX is not waiting for a worker.'],
    [
      { why: 'job_substrate_disabled' },
      waiting,
      'The queue is switched off (job_substrate_disabled), so nothing starts and nothing changed. See /gates',
    ],
    [
      { why: 'preview_pending' },
      waiting,
      'K7M2QX (backup) is being previewed; answer when its card shows what it would do. Nothing changed.',
    ],
    [
      { why: 'frozen', by: 'Cho', at: noon, reason: 'release weekend' },
      waiting,
      'Frozen by Cho 12:00 UTC: "release weekend". Nothing is decided or started until /unfreeze; a cancel still works.',
    ],
    [{ why: 'superseded', fence: 2 }, running, 'Another worker has taken over K7M2QX.'],
  ];
  test.each(sentences)('%j', (refusal, run, sentence) =>
    expect(because(refusal, run, deciders)).toBe(sentence),
  );
  test('every refusal has its sentence', () => {
    const said = sentences.map(([refusal]) => refusal.why);
    expect(REFUSALS.filter((why) => !said.includes(why))).toEqual([]);
  });
  test('nobody is named whom nobody knows', () => {
    expect(because({ why: 'may_not_decide' }, waiting)).toBe(
      'You may not approve backup (K7M2QX). Nothing changed.',
    );
    expect(because({ why: 'requester_cannot_approve' }, waiting)).toBe(
      'You asked for this run, so someone else must approve it.',
    );
  });
});

describe('a late answer learns what happened', () => {
  test.each([
    [denied, 'Already denied by Bob 12:04 UTC. Nothing changed.'],
    [canceled, 'K7M2QX was canceled by Ana 12:00 UTC. Nothing changed.'],
    [expired, 'K7M2QX expired 12:32 UTC, so it cannot be approved. Ask again: /run backup'],
    [waiting, 'K7M2QX still waits for a decision.'],
    [queued, 'K7M2QX (backup) was already approved by Bob 12:00 UTC; it is queued. Nothing changed.'],
    [running, 'K7M2QX (backup) was already approved by Bob 12:00 UTC; it is running. Nothing changed.'],
    [
      approved,
      'K7M2QX (db-migrate) was already approved by Bob, Cho 12:00 UTC; it is approved, not started. Nothing changed.',
    ],
    [succeeded, 'K7M2QX (backup) was already approved by Bob 12:00 UTC; it succeeded. Nothing changed.'],
    [failed, 'K7M2QX (backup) was already approved by Bob 12:00 UTC; it failed. Nothing changed.'],
    [givenUp, 'K7M2QX (backup) was given up by Bob after its worker was lost, 12:20 UTC. Nothing changed.'],
    [
      runAfter(asks(withApproval(backup, { policy: 'never' }))),
      'K7M2QX (backup) was already approved by policy (never asks); it is queued. Nothing changed.',
    ],
  ])('$status', (run, sentence) => expect(plainLine(alreadyDecided(run))).toBe(sentence));
});

describe('status', () => {
  const begun: readonly RunCommand[] = [asks(report), says.yes(bob), starts(report)];
  test.each([
    [waiting, ['⏳ K7M2QX backup: waiting for approval since 12:00 UTC · asked by Ana']],
    [heavy, ['⏳ K7M2QX db-migrate: waiting for approval (1 of 2) since 12:00 UTC · asked by Ana']],
    [
      approved,
      ['✔ K7M2QX db-migrate: approved, not started since 12:00 UTC · asked by Ana · approved by Bob, Cho'],
    ],
    [queued, ['⏳ K7M2QX backup: queued since 12:00 UTC · asked by Ana · approved by Bob']],
    [running, ['▶️ K7M2QX backup: running since 12:05 UTC · asked by Ana · approved by Bob']],
    [succeeded, ['✅ K7M2QX backup: succeeded 12:00 UTC · asked by Ana · approved by Bob', '4.1 GB written']],
    [
      failed,
      [
        '❌ K7M2QX backup: failed 12:00 UTC · asked by Ana · approved by Bob',
        'last error: No space left on device',
      ],
    ],
    [
      givenUp,
      [
        '❌ K7M2QX backup: failed 12:20 UTC · asked by Ana · not approved again',
        'last error: given up by Bob after its worker was lost',
      ],
    ],
    [denied, ['⛔ K7M2QX backup: denied 12:04 UTC · asked by Ana · denied by Bob']],
    [
      runAfter(asks(), says.no(bob, noon, 'not today')),
      ['⛔ K7M2QX backup: denied 12:00 UTC · asked by Ana · denied by Bob: "not today"'],
    ],
    [canceled, ['⛔ K7M2QX backup: canceled 12:00 UTC · asked by Ana · canceled by Ana. Nothing ran.']],
    [
      expired,
      ['⌛ K7M2QX backup: expired 12:32 UTC · asked by Ana · nobody answered in 30 min. Nothing ran.'],
    ],
    [
      runAfter(...begun, fails()),
      [
        '🔁 K7M2QX report: retrying, attempt 2 of 3 since 12:00 UTC · asked by Ana · approved by Bob',
        'last error: No space left on device',
      ],
    ],
    [
      runAfter(...begun, vanishes(), starts(report, { attempt: 2, fence: 2, at: onePm })),
      [
        '▶️ K7M2QX report: running, attempt 2 of 3 since 13:00 UTC · asked by Ana · approved by Bob',
        'last error: worker w1 was lost',
      ],
    ],
  ])('$status', (run, lines) => expect(plainLines(statusLines(run))).toEqual(lines));
  test('of a run between its first two events', () => {
    const created = { ...waiting, status: 'Created' } as const;
    expect([statusMark(created), since(created)]).toEqual(['⏳', noon]);
    expect(plainLines(statusLines(created))).toEqual([
      '⏳ K7M2QX backup: waiting for approval since 12:00 UTC · asked by Ana',
    ]);
    expect(plainLine(alreadyDecided(created))).toBe('K7M2QX still waits for a decision.');
  });
});

test('words around ids', () => {
  expect(noRun('ABC234')).toBe('No run ABC234.');
  expect(needsId('yes')).toBe('Which run? Try: yes K7M2QX');
  expect(notAnId('k7m2q', 'yes')).toBe(
    '"k7m2q" is no run id: an id has 6 characters, such as K7M2QX. Try: yes K7M2QX',
  );
});

test('plain text has no markup', () =>
  expect(
    plainLine([
      { bold: 'a' },
      ' ',
      { code: 'b' },
      ' ',
      { mention: 'dev:ana', name: 'Ana' },
      ' ',
      { time: noon, as: 'day' },
      ' ',
      { time: noon, as: 'moment' },
    ]),
  ).toBe('a b Ana 2026-11-21 Sat 21 Nov 12:00 UTC'));

test('the states and their names on the board', () => {
  const lines = plainLines(boardLines());
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('Created (REQUESTED) → AwaitingApproval, Approved, Canceled');
  expect(lines).toContain('Succeeded (SUCCEEDED) → nothing; it is final');
});
