import { describe, expect, test } from 'vitest';
import type { RequestCommand, RunCommand } from '../../../src/core/runs/command.ts';
import { announce } from '../../../src/core/text/cards/announce.ts';
import {
  asks,
  bob,
  cho,
  due,
  files,
  minutes,
  nightly,
  report,
  says,
  starts,
  time,
  vanishes,
  withApproval,
  withSpec,
} from '../../cast.ts';
import { past, runAfter } from '../../given.ts';
import { shown } from './shown.ts';

// The scheduled prompt of the transcripts, word for word; times are UTC there, so 08:00 in Berlin is seven o'clock.

const monday = Date.parse('2026-11-16T07:00Z');
const nextMonday = Date.parse('2026-11-23T07:00Z');
const weekly = withSpec(report, { target: { kind: 'demo' } });

const prompt = (job = weekly, more: Partial<RequestCommand> = {}): RequestCommand =>
  asks(job, {
    by: nightly,
    at: monday,
    decideByMs: minutes(60),
    trigger: due(monday, { words: 'every Monday at 08:00 (Europe/Berlin)', nextAt: nextMonday }),
    ...more,
  });

const digest = (command: RunCommand): string => runAfter(command).digest.slice(0, 6);

describe('cron that asks', () => {
  test('says when it was due, what the timetable is, and what silence means', () =>
    expect(shown(runAfter(prompt()), { deciders: ['Bob', 'Cho'] })).toEqual([
      '⏳ Scheduled: approval needed · K7M2QX',
      'report v2 — Weekly usage report',
      'Due Mon 16 Nov 07:00 UTC · every Monday at 08:00 (Europe/Berlin)',
      `If nobody answers by 08:00 UTC it is skipped until Mon 23 Nov 07:00 UTC. · digest ${digest(prompt())}`,
      'Asked by schedule nightly · needs 1 of: Bob, Cho',
      '[ Approve ] ap  [ Skip this time ] dn  [ Pause schedule ] sp  [ Details ] dt',
    ]));

  test('shows what it would run, like every question', () => {
    const lines = shown(runAfter(prompt(report, { params: { week: '46' } })));
    expect(lines.slice(1, 4)).toEqual([
      'report v2 — Weekly usage report',
      '  week  46',
      'Will run: ./report.sh',
    ]);
  });

  test.each([
    ['away', 'because TextOps was not running'],
    ['overlap', 'because the run before had not ended'],
  ] as const)('when it is late (%s) it says why', (late, because) => {
    const trigger = due(monday, { late, nextAt: nextMonday });
    const lines = shown(runAfter(prompt(weekly, { trigger, at: monday + minutes(3) })));
    expect(lines[2]).toBe(
      `Due Mon 16 Nov 07:00 UTC, asked late 07:03 UTC ${because} · every day at 13:00 (Europe/Berlin)`,
    );
  });

  test('promises nothing where nothing comes any more', () => {
    const last = prompt(weekly, { trigger: due(monday) });
    expect(shown(runAfter(last))[3]).toBe(
      `If nobody answers by 08:00 UTC it is skipped. · digest ${digest(last)}`,
    );
    expect(shown(runAfter(last, says.no(bob, monday)))[1]).toBe('report v2 · by Bob 07:00 UTC');
  });

  test('counts the votes where it takes several', () => {
    const both = prompt(withApproval(weekly, { quorum: 2 }));
    expect(shown(runAfter(both))[0]).toBe('⏳ Scheduled: approval needed (0 of 2) · K7M2QX');
  });

  test('a no is no denial: it skips this time, with its reason and what comes next', () => {
    const at = monday + minutes(3);
    expect(shown(runAfter(prompt(), says.no(bob, at)))).toEqual([
      '⛔ Skipped · K7M2QX',
      'report v2 · by Bob 07:03 UTC · next Mon 23 Nov 07:00 UTC',
      '[ Ask again ] ra',
    ]);
    expect(shown(runAfter(prompt(), says.no(bob, at, 'holiday')))[1]).toBe(
      'report v2 · by Bob 07:03 UTC: "holiday" · next Mon 23 Nov 07:00 UTC',
    );
  });

  test('silence says what comes next as well', () =>
    expect(shown(runAfter(prompt(), time(monday + minutes(61)))).slice(1, 3)).toEqual([
      'report v2 · asked by schedule nightly 07:00 UTC · nobody answered in 60 min',
      'Nothing ran. · next Mon 23 Nov 07:00 UTC',
    ]));
});

describe('a run of a schedule that asks again is a run like any other', () => {
  const begun = [prompt(withSpec(weekly, { effects: 'unknown' })), says.yes(cho, monday)];
  const job = withSpec(weekly, { effects: 'unknown' });

  test('after its worker was lost', () => {
    const lines = shown(runAfter(...begun, starts(job, { at: monday }), vanishes(1, monday)));
    expect(lines[0]).toBe('⏳ Worker lost, decision needed · K7M2QX');
    expect(lines.at(-1)).toContain('[ Deny ] dn');
    expect(lines.join()).not.toContain('Due ');
  });

  test('after somebody recovered it', () => {
    const again = [...begun, says.cancel(cho, monday), says.recover(bob, false, monday)];
    const lines = shown(runAfter(...again));
    expect(lines[0]).toBe('⏳ Approval needed · K7M2QX');
    expect(runAfter(...again).trigger).toMatchObject({ schedule: 'nightly', dueAt: monday });
    expect(shown(runAfter(...again, says.no(bob, monday)))[0]).toBe('⛔ Denied · K7M2QX');
  });

  test('after its files were changed', () => {
    const changed = starts(job, { at: monday, files: { ...files, 'report.sh': 'c'.repeat(64) } });
    expect(shown(runAfter(...begun, changed))[0]).toBe('⏳ Approval needed · K7M2QX');
  });
});

describe('without cards', () => {
  const plainly = (...commands: readonly RunCommand[]) => {
    const before = past(...commands.slice(0, -1)).length;
    const telling = { cards: false, deciders: [], gates: [], tail: [], version: 9 };
    return announce(runAfter(...commands), past(...commands).slice(before), telling).map(
      ({ key, content }) => [key, content.plain],
    );
  };

  test('the question names both answers and the hour, on the clock of the schedule', () =>
    expect(plainly(prompt())).toEqual([
      [
        'approval-request:K7M2QX',
        'Scheduled job "report" is ready (due Mon 16 Nov 08:00 Europe/Berlin). ' +
          'Reply YES K7M2QX to approve or NO K7M2QX to skip it this time, by 09:00.',
      ],
    ]));

  test('and says that it is late', () => {
    const trigger = due(monday, { late: 'away' });
    expect(plainly(prompt(weekly, { trigger }))[0]?.[1]).toContain(
      '(due Mon 16 Nov 08:00 Europe/Berlin, asked late because TextOps was not running)',
    );
  });

  test('a skip is told with what comes next', () => {
    expect(plainly(prompt(), says.no(bob, monday))).toEqual([
      [
        'denied:K7M2QX:1',
        'Bob skipped report (K7M2QX) this time. Nothing ran. Next: Mon 23 Nov 08:00 Europe/Berlin.',
      ],
    ]);
    expect(plainly(prompt(weekly, { trigger: due(monday) }), says.no(bob, monday))[0]?.[1]).toBe(
      'Bob skipped report (K7M2QX) this time. Nothing ran.',
    );
  });

  test('where there is a card it says so itself, without a sound', () => {
    const run = runAfter(prompt(), says.no(bob, monday));
    const telling = { cards: true, deciders: [], gates: [], tail: [], version: 9 };
    const drafts = announce(run, past(prompt(), says.no(bob, monday)).slice(-1), telling);
    expect(drafts.map(({ content }) => content.kind)).toEqual(['card']);
  });
});
