import { describe, expect, test } from 'vitest';
import { houseSummarizer } from '../../src/ai/summarizer.ts';
import type { RunCommand } from '../../src/core/runs/command.ts';
import { gsm } from '../../src/core/text/sms/gsm.ts';
import {
  asks,
  bob,
  cho,
  dbMigrate,
  due,
  fails,
  minutes,
  nightly,
  noon,
  onePm,
  RUN,
  report,
  says,
  starts,
  succeeds,
  time,
  vanishes,
} from '../cast.ts';
import { past } from '../given.ts';

const summaryOf = (...commands: readonly RunCommand[]): Promise<string> =>
  houseSummarizer.summarize({ runId: RUN, events: past(...commands) }, new AbortController().signal);

const asked = 'Asked by Ana 12:00 UTC';
const running = [asks(), says.yes(bob), starts()];

describe('the house tells a run in one line', () => {
  test.each<[string, readonly RunCommand[]]>([
    [`backup K7M2QX waits for approval. ${asked}. Nothing ran.`, [asks()]],
    [
      `backup K7M2QX was denied by Bob: freeze until Monday. ${asked}. Nothing ran.`,
      [asks(), says.no(bob, noon, 'freeze until Monday')],
    ],
    [`backup K7M2QX was denied by Bob. ${asked}. Nothing ran.`, [asks(), says.no(bob)]],
    [`backup K7M2QX expired: nobody answered. ${asked}. Nothing ran.`, [asks(), time(onePm)]],
    [
      `backup K7M2QX expired: nobody started it in time. ${asked}. Approved by Bob. Nothing ran.`,
      [asks(), says.yes(bob), time(onePm)],
    ],
    [
      `db-migrate K7M2QX waits for more approvals. ${asked}. Approved by Bob. Nothing ran.`,
      [asks(dbMigrate), says.yes(bob)],
    ],
    [
      `db-migrate K7M2QX is approved, not started. ${asked}. Approved by Bob, Cho. Nothing ran.`,
      [asks(dbMigrate), says.yes(bob), says.yes(cho)],
    ],
    [`backup K7M2QX is queued. ${asked}. Approved by Bob. Nothing ran.`, [asks(), says.yes(bob)]],
    [`backup K7M2QX runs on w1. ${asked}. Approved by Bob. Started 12:00.`, running],
    [
      `backup K7M2QX succeeded in 1m 42s: 4.1 GB written. ${asked}. Approved by Bob. Started 12:00.`,
      [...running, succeeds(1, noon + 102_000)],
    ],
    [
      `backup K7M2QX failed: No space left on device. ${asked}. Approved by Bob. Started 12:00.`,
      [...running, fails()],
    ],
    [
      `report K7M2QX waits for attempt 2: No space left on device. ${asked}. Approved by Bob. Started 12:00.`,
      [asks(report), says.yes(bob), starts(report), fails()],
    ],
    [
      `report K7M2QX runs on w1. ${asked}. Approved by Bob. Started 12:00, 2 times.`,
      [
        asks(report),
        says.yes(bob),
        starts(report),
        fails(),
        starts(report, { attempt: 2, fence: 2, at: noon + minutes(1) }),
      ],
    ],
    [
      `backup K7M2QX asks what to do: its worker was lost. ${asked}. Approved by Bob. Started 12:00.`,
      [...running, vanishes()],
    ],
    [
      `backup K7M2QX was canceled by Bob. ${asked}. Approved by Bob. Started 12:00.`,
      [...running, says.cancel(bob)],
    ],
    [
      'backup K7M2QX waits for approval. Asked by schedule nightly 12:00 UTC. Nothing ran.',
      [asks(undefined, { by: nightly, trigger: due() })],
    ],
  ])('%s', async (line, commands) => expect(await summaryOf(...commands)).toBe(line));

  test('a long reason is cut, and the way is told as far as there is room', async () => {
    const line = await summaryOf(...running, succeeds(1, noon + 1000, `${'table '.repeat(60)}done`));
    expect(line).toMatch(/^backup K7M2QX succeeded in 1s: (table )+table\.\.\. Asked by Ana 12:00 UTC\./);
    expect(line.length).toBeLessThanOrEqual(160);
  });

  test('a failure that took several attempts counts them', async () => {
    const last = { attempt: 3, fence: 3 };
    const commands = [
      asks(report),
      says.yes(bob),
      starts(report),
      fails(),
      starts(report, { attempt: 2, fence: 2 }),
      fails(2),
      starts(report, last),
      fails(3),
    ];
    expect(await summaryOf(...commands)).toMatch(
      /^report K7M2QX failed after 3 attempts: No space left on device\./,
    );
  });
});

test.each([
  ['plain words', 'plain words'],
  ['Ünïcödé – “quoted”, ‘so’…', 'Ünicödé - "quoted", \'so\'...'],
  ['a\nb\tc', 'a b c'],
  ['2 files → backup', '2 files - backup'],
  ['Жд ✅ ok', '?? ? ok'],
  ['[x] {y} ~ | ^ \\ €', '?x? ?y? ? ? ? ? ?'],
])('%j in the alphabet of text messages is %j', (text, plain) => expect(gsm(text)).toBe(plain));
