import { describe, expect, test } from 'vitest';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { announce, type Telling } from '../../../src/core/text/cards/announce.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import { type Draft, PRIORITY } from '../../../src/core/text/grammar/draft.ts';
import {
  ana,
  asks,
  backup,
  bob,
  cho,
  dbMigrate,
  fails,
  here,
  jobOf,
  nightly,
  noon,
  onePm,
  progresses,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
  withApproval,
} from '../../cast.ts';
import { past, runAfter } from '../../given.ts';
import { buttons } from './shown.ts';

/** What the last of these commands makes us say. */
const said = (commands: readonly RunCommand[], telling: Partial<Telling> = {}): readonly Draft[] => {
  const before = past(...commands.slice(0, -1)).length;
  const around = { cards: true, deciders: [], gates: [], tail: [], version: 9, ...telling };
  return announce(runAfter(...commands), past(...commands).slice(before), around);
};

/** In a conversation without cards, like the dev door. */
const plainly = (...commands: readonly RunCommand[]): readonly string[] =>
  said(commands, { cards: false }).map((draft) => draft.content.plain ?? 'nothing to say');

/** In a conversation with cards: each message as its lines. */
const told = (commands: readonly RunCommand[], telling: Partial<Telling> = {}): readonly string[] =>
  said(commands, telling).flatMap(({ content }) =>
    content.kind === 'card'
      ? [`card: ${content.card.title}`]
      : [
          ...plainLines(content.note.lines),
          ...(content.note.pre ?? []),
          ...plainLines(content.note.after ?? []),
          ...(content.note.actions.length === 0 ? [] : [buttons(content.note.actions)]),
        ],
  );

const demo = jobOf('demo', 0);
const inGroup = asks(backup, { origin: { ...here, chat: 'group', messageId: '500' } });
const approved = [asks(), says.yes(bob)];
const running = [...approved, starts()];
const lost = [...running, vanishes()];
const both = [asks(dbMigrate), says.yes(bob), says.yes(cho)];
const retried = [asks(report), says.yes(bob), starts(report), fails()];

describe('plain wording that stays verbatim', () => {
  test.each<[string, readonly RunCommand[], readonly string[]]>([
    ['a request', [asks(demo)], ['Job "demo" is ready. Reply YES K7M2QX to approve or NO K7M2QX to deny.']],
    [
      'a request that an advisor finds unusual',
      [asks(demo, { advice: { risk: { score: '0.75', words: 'third run today' } } })],
      ['Job "demo" is ready. Reply YES K7M2QX to approve or NO K7M2QX to deny.\nunusual: third run today'],
    ],
    ['an approval', [asks(demo), says.yes(bob)], ['Approved. Starting run K7M2QX for job "demo"…']],
    [
      'success',
      [asks(demo), says.yes(bob), starts(demo), succeeds(1, noon, "Job 'demo' completed successfully")],
      ["Run K7M2QX succeeded: Job 'demo' completed successfully"],
    ],
    ['failure', [...running, fails()], ['Run K7M2QX failed: No space left on device']],
    ['a start', running, []],
    ['progress', [...running, progresses()], []],
    ['a retry', retried, []],
    ['a denial', [asks(), says.no(bob)], ['Denied K7M2QX. Nothing ran.']],
    ['a cancel', [asks(), says.cancel(ana)], ['Canceled K7M2QX. Nothing ran.']],
    ['expiry', [asks(), time(onePm)], ['Run K7M2QX expired: nobody answered in 30 min. Nothing ran.']],
    [
      'a start that nobody made',
      [...approved, time(onePm)],
      ['Run K7M2QX expired: approved, but not started by 12:30 UTC. Nothing ran.'],
    ],
    [
      'a vote short of the quorum',
      [asks(dbMigrate), says.yes(bob)],
      ['Counted: 1 of 2 for run K7M2QX. Nothing starts yet.'],
    ],
    ['a heavy approval', both, ['Approved. Not started. RESUME K7M2QX to start job "db-migrate".']],
    ['a heavy start', [...both, says.resume(ana)], ['Approved. Starting run K7M2QX for job "db-migrate"…']],
    [
      'a policy that never asks',
      [asks(withApproval(backup, { policy: 'never' }))],
      ['Approved by policy. Starting run K7M2QX for job "backup"…'],
    ],
    [
      'a lost worker',
      lost,
      [
        'Run K7M2QX lost its worker; what it did is unknown. Reply YES K7M2QX to run it again or NO K7M2QX to end it.',
      ],
    ],
    [
      'a recovery',
      [asks(), time(onePm), says.recover(ana)],
      ['Job "backup" is ready. Reply YES K7M2QX to approve or NO K7M2QX to deny.'],
    ],
    [
      'a void approval',
      [...approved, starts(backup, { entitled: [] })],
      [
        'An approver of backup (K7M2QX) may not approve it any more, so the approval is void. Nothing ran.',
        'Job "backup" is ready. Reply YES K7M2QX to approve or NO K7M2QX to deny.',
      ],
    ],
  ])('%s', (_what, commands, lines) => expect(plainly(...commands)).toEqual(lines));
  test('a lost run that nobody answered claims nothing about what ran', () =>
    expect(plainly(...lost, time(onePm))).toEqual([
      'Run K7M2QX expired: nobody answered in 30 min. Nothing was started again; attempt 1 began 12:00 UTC, its end is unknown.',
    ]));
  test('nor does an approval that fell after an attempt', () =>
    expect(plainly(...retried, starts(report, { attempt: 2, fence: 2, files: {} }))[0]).toBe(
      'What report would run is no longer what was approved (K7M2QX), so the approval is void. Nothing was started again; attempt 1 began 12:00 UTC, its end is on record.',
    ));
});

describe('beside a card', () => {
  test.each<[string, readonly RunCommand[], readonly string[]]>([
    ['a request needs no more than its card', [asks()], ['card: Approval needed']],
    ['an edit does not ring', approved, ['card: Queued']],
    ['a vote is counted on the card', [asks(dbMigrate), says.yes(bob)], ['card: Approval needed (1 of 2)']],
    [
      'a heavy approval asks for its start',
      both,
      [
        'card: Approved, not started',
        'db-migrate is approved 2 of 2. Start it with the button or /resume K7M2QX',
      ],
    ],
    [
      'a denial is told to whoever asked',
      [inGroup, says.no(bob, noon, 'prod is in a freeze until Monday')],
      ['card: Denied', 'Ana ⛔ Bob denied backup (K7M2QX): "prod is in a freeze until Monday". Nothing ran.'],
    ],
    [
      'expiry',
      [asks(), time(onePm)],
      ['card: Expired', '⌛ backup (K7M2QX) expired: nobody answered in 30 min. Nothing ran.'],
    ],
    [
      'a cancel',
      [asks(), says.cancel(ana)],
      ['card: Canceled', '⛔ backup (K7M2QX) was canceled by Ana. Nothing ran.'],
    ],
    [
      'success',
      [...running, succeeds(1, noon + 102_000, '4.1 GB written, 12 tables, 0 skipped')],
      ['card: Succeeded', '✅ backup succeeded in 1m 42s · K7M2QX', '4.1 GB written, 12 tables, 0 skipped'],
    ],
    [
      'success without a word',
      [...running, succeeds(1, noon, '')],
      ['card: Succeeded', '✅ backup succeeded in 0s · K7M2QX'],
    ],
    [
      'a lost worker asks with buttons',
      lost,
      [
        'card: Worker lost, decision needed',
        '⚠️ Worker w1 was lost while it ran backup (K7M2QX, attempt 1). What it did is unknown. Run it again?',
        '[ Approve ] ap  [ Deny ] dn',
      ],
    ],
    [
      'a lost run given up',
      [...lost, says.no(bob)],
      [
        'card: Failed',
        '❌ backup failed · K7M2QX',
        'given up by Bob after its worker was lost',
        'What the lost attempt did is unknown.',
      ],
    ],
    [
      'a recovery asks anew',
      [asks(), time(onePm), says.recover(ana)],
      ['card: Approval needed', '⏳ backup (K7M2QX) needs a new decision.', '[ Approve ] ap  [ Deny ] dn'],
    ],
  ])('%s', (_what, commands, lines) => expect(told(commands)).toEqual(lines));
  test('a failure tells what, why, the last lines and what is left', () => {
    const third = [...retried, starts(report, { attempt: 2, fence: 2 }), fails(2)];
    const tail = ['14:05:58 dump orders 6.1 GB', '14:06:02 write: ENOSPC', '14:06:02 exit 28'];
    const commands = [...third, starts(report, { attempt: 3, fence: 3 }), fails(3)];
    expect(told(commands, { tail })).toEqual([
      'card: Failed',
      '❌ report failed after 3 attempts · K7M2QX',
      'No space left on device',
      'Last lines:',
      ...tail,
      'Nothing was left running.',
    ]);
  });
  test('a schedule has nobody to ring', () =>
    expect(
      told([asks(backup, { by: nightly, origin: { ...here, chat: 'group' } }), says.no(bob)])[1],
    ).toMatch(/^⛔/));
});

describe('what is owed to the outbox', () => {
  const keys = (...commands: readonly RunCommand[]) => said(commands).map((draft) => draft.key);
  test('keys name what they say, once per run and epoch', () => {
    expect(keys(asks())).toEqual(['approval-request:K7M2QX']);
    expect(keys(...approved)).toEqual(['approved-starting:K7M2QX']);
    expect(keys(...running)).toEqual(['card:K7M2QX:9']);
    expect(keys(...lost)).toEqual(['card:K7M2QX:9', 'approval-request:K7M2QX:2']);
    expect(keys(...lost, says.yes(bob))).toEqual(['approved-starting:K7M2QX:2']);
    expect(keys(...running, succeeds())).toEqual(['card:K7M2QX:9', 'result:K7M2QX:1:1']);
  });
  test('questions go before results, and those before progress', () => {
    expect(said([asks()])[0]?.priority).toBe(PRIORITY.prompt);
    expect(said(both)[1]?.priority).toBe(PRIORITY.prompt);
    expect(said([...running, succeeds()]).map((draft) => draft.priority)).toEqual([
      PRIORITY.result,
      PRIORITY.result,
    ]);
    expect(said([...running, progresses()])[0]?.priority).toBe(PRIORITY.progress);
  });
  test('the card answers the message that asked; news answer the card', () => {
    const [card] = said([inGroup]);
    expect(card).toMatchObject({ address: 'dev:ops', runId: 'K7M2QX', replyTo: { messageId: '500' } });
    expect(said([asks(), says.no(bob)])[1]?.replyTo).toEqual({ card: true });
  });
  test('all of it survives JSON', () => {
    for (const commands of [[asks()], both, lost, [...running, fails()]]) {
      const drafts = said(commands, { tail: ['x'] });
      expect(JSON.parse(JSON.stringify(drafts))).toEqual(drafts);
    }
  });
  test('no event, no word', () => {
    const around = { cards: true, deciders: [], gates: [], tail: [], version: 9 };
    expect(announce(runAfter(asks()), [], around)).toEqual([]);
  });
});
