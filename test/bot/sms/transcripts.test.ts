import { describe, expect, test } from 'vitest';
import { render, SEPTETS_MAX } from '../../../src/bot/sms/render.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import { evolve, fold } from '../../../src/core/runs/evolve.ts';
import type { LiveRun } from '../../../src/core/runs/run.ts';
import type { Brief } from '../../../src/core/text/cards/brief.ts';
import { plainLine } from '../../../src/core/text/cards/plain.ts';
import { plainQuestion } from '../../../src/core/text/cards/question-words.ts';
import { explain } from '../../../src/core/text/cards/say.ts';
import type { OpsReading } from '../../../src/core/text/ops/ops-figures.ts';
import {
  choicesText,
  doneText,
  logText,
  MENU_TEXT,
  missingText,
  noSuchJobText,
  noSuchRunText,
  opsText,
  refusedText,
  statusText,
  UNLINKED_TEXT,
  wrongParamsText,
} from '../../../src/core/text/sms/text-answers.ts';
import { textNews } from '../../../src/core/text/sms/text-news.ts';
import {
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  due,
  jobOf,
  minutes,
  nightly,
  progresses,
  RUN,
  report,
  says,
  starts,
  time,
} from '../../cast.ts';
import { clock } from '../../core/text/shown.ts';
import { segmentsOf } from '../../fakes/twilio/segments.ts';
import { past, runAfter } from '../../given.ts';

// The transcripts, word for word; the reader's watch shows UTC there.

const t1402 = clock('14:02');
const reader = { timezone: 'UTC' };

const shown = (brief: Brief | undefined): string => {
  if (brief === undefined) return 'nothing';
  const text = render({ kind: 'note', note: { lines: [], actions: [] }, brief });
  expect(segmentsOf(text)).toBe(1);
  return text;
};

const plain = (words: string): string =>
  render({ kind: 'note', note: { lines: [[words]], actions: [] }, plain: words });

/** What a telephone hears of the last of these commands. */
const news = (place: 'home' | 'asked', ...commands: readonly RunCommand[]): readonly string[] => {
  const last = commands.at(-1);
  if (last === undefined) throw new Error('nothing happened');
  const before = fold(past(...commands.slice(0, -1)), RUN);
  const decision = decide(before, last);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.why}`);
  const after = decision.events.reduce((state, event) => evolve(state, event, RUN), before);
  if (after.status === 'absent') throw new Error('no run');
  const address = place === 'home' ? 'sms:+491701234567' : 'sms:+491701234568';
  const drafts = textNews(after, decision.events, { address, reader, place, version: 9 });
  return drafts.map(({ content }) => shown(content.brief));
};

const ends = (command: RunCommand, summary: string): RunCommand => {
  if (command.type !== 'finish') throw new Error('not an end');
  return { ...command, result: { ...command.result, summary } };
};

const finish = (ok: boolean, summary: string, at: number, fence = 1): RunCommand =>
  ends(
    {
      type: 'finish',
      by: { kind: 'worker', id: 'w1' },
      fence,
      at,
      chance: 0,
      result: ok
        ? { ok, summary: '', output: { bytes: 1, sha256: 'b'.repeat(64) } }
        : { ok, summary: '', reason: 'exit', output: { bytes: 1, sha256: 'b'.repeat(64) } },
    },
    summary,
  );

const requested = asks(backup, { at: t1402, asks: ['sms:+491701234568'] });
const restart = jobOf('restart-web', 5, {
  params: {
    env: { type: 'string', required: true, enum: ['staging', 'prod'] },
    hosts: { type: 'integer', required: false, default: 1, min: 1, max: 8 },
    drain: { type: 'duration', required: false, default: '30s' },
  },
});
const restarted = asks(restart, {
  runId: '4TQ9ZB',
  asks: ['sms:+491701234568'],
  at: clock('14:10'),
  params: { env: 'staging', hosts: 2, drain: '30s' },
  defaulted: ['drain'],
});

describe('run, approve, complete', () => {
  test('whoever asks, and whoever is asked', () => {
    expect(news('home', requested)).toEqual([
      'TextOps: backup asked for (K7M2QX). Waiting for an approver until 14:32. Reply STATUS K7M2QX any time.',
    ]);
    expect(news('asked', requested)).toEqual([
      'TextOps: Ana asks to run backup (K7M2QX). Reply YES K7M2QX or NO K7M2QX. Expires 14:32.',
    ]);
  });

  test('whoever said yes, and the result for both', () => {
    expect(shown(doneText('approve', runAfter(requested, says.yes(bob, t1402))))).toBe(
      'TextOps: you approved K7M2QX (backup). It is starting now.',
    );
    const run = [requested, says.yes(bob, t1402), starts(backup, { at: t1402 })];
    const end = finish(true, '4.1 GB written, 12 tables, 0 skipped', t1402 + 102_000);
    const words = ['TextOps: backup K7M2QX succeeded in 1m 42s. 4.1 GB written, 12 tables, 0 skipped.'];
    expect([news('home', ...run, end), news('asked', ...run, end)]).toEqual([words, words]);
  });

  test('of a yes the others who were asked hear at once, and whoever asked hears the result', () => {
    const yes = says.yes(bob, t1402);
    expect(news('asked', requested, yes)).toEqual([
      'TextOps: Bob approved backup (K7M2QX). It is starting now.',
    ]);
    expect(news('home', requested, yes)).toEqual([]);
    const own = { ...yes, by: by(bob, 'sms:+491701234568') };
    expect(news('asked', requested, own)).toEqual([]);
  });
});

describe('run with parameters', () => {
  test('what was chosen is named, and not what nobody gave', () => {
    expect(news('home', { ...restarted, runId: RUN })).toEqual([
      `TextOps: restart-web env=staging hosts=2 asked for (${RUN}). Waiting for an approver until 14:40.`,
    ]);
  });

  test('one is missing, or wrong', () => {
    expect(shown(missingText(plainQuestion(restart, {})))).toBe(
      'TextOps: restart-web needs env (staging or prod). Send: RUN restart-web env=staging',
    );
    const args = { given: [{ name: 'env', value: 'stagin' }], stray: [] };
    expect(shown(wrongParamsText(restart.spec.params, args, ['?']))).toBe(
      'TextOps: env must be staging or prod, not "stagin". Nothing was created.',
    );
    expect(
      shown(
        wrongParamsText(restart.spec.params, { given: [], stray: ['now'] }, [
          '"now": write it as name=value.',
        ]),
      ),
    ).toBe('TextOps: "now": write it as name=value. Nothing was created.');
  });
});

test('deny', () => {
  const no = says.no(bob, clock('14:04'), 'freeze until Monday');
  expect(shown(doneText('deny', runAfter(requested, no)))).toBe(
    'TextOps: you denied K7M2QX (backup). Nothing ran.',
  );
  expect(news('home', requested, no)).toEqual([
    'TextOps: Bob denied backup (K7M2QX): "freeze until Monday". Nothing ran.',
  ]);
});

test('expiry', () => {
  const late = time(clock('14:32') + 1);
  expect(news('home', requested, late)).toEqual([
    'TextOps: backup K7M2QX expired, nobody answered in 30 min. Nothing ran. To ask again: RUN backup',
  ]);
  const run = runAfter(requested, late);
  const decision = decide(run, says.yes(bob, clock('14:40')));
  expect(shown(decision.ok ? undefined : refusedText(decision.refusal, run, reader))).toBe(
    'TextOps: K7M2QX expired at 14:32 and cannot be approved. To ask again: RUN backup',
  );
});

test('scheduled prompt', () => {
  const monday = Date.UTC(2026, 10, 16, 8, 0);
  const trigger = due(monday, { nextAt: Date.UTC(2026, 10, 24 - 1, 8, 0), timezone: 'UTC' });
  const asked = asks(report, { by: nightly, trigger, at: monday, decideByMs: minutes(60) });
  expect(news('home', asked)).toEqual([
    'TextOps: scheduled report (K7M2QX) due 08:00 needs approval. Reply YES K7M2QX or NO K7M2QX by 09:00.',
  ]);
  expect(news('home', asked, says.no(bob, monday))).toEqual([
    'TextOps: report K7M2QX skipped by Bob. Next: Mon 23 Nov 08:00.',
  ]);
});

test('failure and retry', () => {
  const flaky = {
    ...report,
    key: 'backup',
    spec: { ...report.spec, retry: { attemptsMax: 3, delayMsMin: 60_000, delayMsMax: 60_000 } },
  };
  const t1403 = clock('14:03');
  const begun = [asks(flaky, { at: t1402 }), says.yes(bob, t1402), starts(flaky, { at: t1403 })];
  const first = finish(false, 'db1 timeout', t1403);
  expect(news('home', ...begun, first)[0]).toMatch(
    /^TextOps: backup K7M2QX failed once \(db1 timeout\)\. Trying again at 14:0[34], attempt 2 of 3\.$/,
  );
  const second = [
    starts(flaky, { attempt: 2, fence: 2, at: clock('14:05') }),
    finish(false, 'x', clock('14:05'), 2),
  ];
  const third = [
    starts(flaky, { attempt: 3, fence: 3, at: clock('14:08') }),
    finish(false, 'no space left on device (exit 28)', clock('14:09'), 3),
  ];
  expect(news('home', ...begun, first, ...second, ...third)).toEqual([
    'TextOps: backup K7M2QX FAILED, 3 of 3 tries: no space left on device (exit 28). Reply LOG K7M2QX or RUN backup.',
  ]);
  expect(
    shown(logText(RUN, ['14:05:58 dump orders 6.1 GB', '14:06:02 write: ENOSPC', '14:06:02 exit 28'])),
  ).toBe('K7M2QX tail: 14:05:58 dump orders 6.1 GB / 14:06:02 write: ENOSPC / 14:06:02 exit 28');
});

describe('heavy', () => {
  const heavy = asks(dbMigrate, { params: { to: '0042' }, at: t1402 });

  test('is told and may be denied', () => {
    const run = runAfter(heavy, says.yes(bob, t1402));
    const drafts = textNews(run, past(heavy).slice(-1), {
      address: 'sms:+491701234568',
      reader,
      place: 'asked',
      version: 3,
    });
    expect(drafts.map(({ content }) => shown(content.brief))).toEqual([
      'TextOps: HEAVY db-migrate to=0042 (K7M2QX) asked by Ana, 1 of 2 approved. Approve in Telegram or web. NO K7M2QX denies.',
    ]);
    expect(plain(plainLine(explain({ why: 'heavy_not_by_sms' }, run)))).toBe(
      'TextOps: db-migrate is heavy and cannot be approved by SMS. Use Telegram or web. NO K7M2QX works here.',
    );
  });

  test('is approved, and not started', () => {
    const words = [
      'TextOps: db-migrate K7M2QX approved 2 of 2. NOT started. Start it in Telegram: /resume K7M2QX',
    ];
    expect(news('asked', heavy, says.yes(bob, t1402), says.yes(cho, t1402))).toEqual(words);
  });
});

test('a lone yes, and an id that is nearly one', () => {
  const one = runAfter(requested);
  const other: LiveRun = { ...runAfter({ ...restarted, runId: RUN }), runId: '4TQ9ZB' };
  expect(shown(choicesText([one, other], 'YES'))).toBe(
    'TextOps: 2 runs wait for you. Reply YES K7M2QX (backup) or YES 4TQ9ZB (restart-web).',
  );
  expect(shown(choicesText([one], 'NO'))).toBe('TextOps: 1 run waits for you. Reply NO K7M2QX (backup).');
  expect(shown(choicesText([], 'YES'))).toBe('TextOps: no run waits for you.');
  expect(shown(noSuchRunText('K7M2Q0', 'YES', one))).toBe(
    'TextOps: no run K7M2Q0 waits for you. Closest: K7M2QX (backup). Reply YES K7M2QX.',
  );
});

test('unknown jobs, numbers and people without the right', () => {
  expect(shown(noSuchJobText('bakcup', 'backup'))).toBe(
    'TextOps: No job called "bakcup". Did you mean "backup"? Send: RUN backup',
  );
  expect(shown(UNLINKED_TEXT)).toBe(
    'TextOps: this number is not linked. Ask your TextOps owner to add it. Reply STOP to end messages.',
  );
  const run = runAfter(requested);
  expect(plain(plainLine(explain({ why: 'may_not_decide' }, run)))).toBe(
    'TextOps: you may not approve backup (K7M2QX). Nothing changed.',
  );
});

test('ops', () => {
  const reading: OpsReading = {
    at: t1402,
    profile: 'production',
    version: '1.2.0',
    upMs: 1,
    ready: 0,
    later: 0,
    running: 1,
    stale: [],
    waiting: 1,
    oldestWaitingMs: 40_000,
    failedHour: 0,
    endedHour: 0,
    failedDay: 2,
    deadInbox: 0,
    deadOutbox: 0,
    deadJobs: 0,
    openInbox: 0,
    openOutbox: 0,
    ambiguous: 0,
    paused: [],
    silent: [],
    schedule: { lateMs: 0 },
    workers: [
      { workerId: 'w1', beatMsAgo: 3000, slots: 2 },
      { workerId: 'w2', beatMsAgo: 3000, slots: 2 },
    ],
    channels: [
      { channel: 'telegram', state: 'ok' },
      { channel: 'slack', state: 'ok' },
    ],
  };
  expect(shown(opsText(reading))).toBe(
    'OPS OK q0 run1/4 stale0 wait1(40s) fail0/1h 2/24h workers2 sched0s tg+ sl+ v1.2.0',
  );
  const bad = shown(
    opsText({
      ...reading,
      stale: [{ runId: RUN, jobKey: 'report', workerId: 'w2', sinceMs: minutes(6) }],
      ready: 14,
      oldestReadyMs: minutes(9),
      failedHour: 5,
      endedHour: 8,
      commonError: { summary: 'ENOSPC db1', count: 4 },
    }),
  );
  expect(bad).toBe(
    'OPS 3 PROBLEMS: stale K7M2QX 6m, w2 silent; queue 14, oldest 9m; fail 5/8 in 1h (ENOSPC db1). v1.2.0',
  );
});

test('menu, status, drop', () => {
  expect(shown(MENU_TEXT)).toBe(
    'RUN job | YES id | NO id | STATUS id | LOG id | DROP id | RUNS | JOBS | OPS. STOP ends all texts.',
  );
  const running = [requested, says.yes(bob, t1402), starts(backup, { at: t1402 })];
  const run = runAfter(...running, progresses(1, t1402 + 70_000));
  expect(shown(statusText(run, reader, t1402 + 70_000))).toBe(
    'K7M2QX backup: running 58%, 1m 10s. Asked by Ana, approved by Bob 14:02.',
  );
  expect(shown(doneText('cancel', runAfter(...running, says.cancel(bob, t1402 + 80_000))))).toBe(
    'TextOps: K7M2QX (backup) was canceled by you after 1m 20s. Its process is being ended.',
  );
});

test('what has no short form is ours, in one message, without slashes', () => {
  expect(plain('Which run? Try: cancel K7M2QX\nSee /cancel and /help, not /etc/passwd · „Zoë“ ✅ Łódź')).toBe(
    'TextOps: Which run? Try: cancel K7M2QX / See DROP and MENU, not /etc/passwd, "Zoe" ?odz',
  );
  expect(plain('x'.repeat(4000))).toHaveLength(SEPTETS_MAX);
});
