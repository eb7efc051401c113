import { describe, expect, test } from 'vitest';
import type { Content, View } from '../../../src/bot/terminal/render.ts';
import { plainSpoken, toast } from '../../../src/bot/terminal/render.ts';
import { buttonAt, emptyScreen, type Screen, show } from '../../../src/bot/terminal/screen.ts';
import { cardIn, hello, noteIn, story, twoPm } from './story.ts';

const plain: View = { now: twoPm, timezone: 'UTC', colour: false };

/** A screen that remembers what it printed. */
const screenOf = (view: View = plain) => {
  let screen: Screen = emptyScreen;
  const draw = (messageId: string, content: Content, edit: boolean): readonly string[] => {
    const shown = show(screen, { messageId, content, edit }, view);
    screen = shown.screen;
    return shown.lines;
  };
  return {
    says: (messageId: string, content: Content) => draw(messageId, content, false),
    edits: (messageId: string, content: Content) => draw(messageId, content, true),
    press: (number: number) => {
      const found = buttonAt(screen, number);
      return found === undefined ? undefined : `${found.action.label} ${found.messageId}`;
    },
  };
};

const note = (...lines: string[]): Content => ({
  kind: 'note',
  note: { lines: lines.map((line) => [line]), actions: [] },
});

describe('the terminal shows a run', () => {
  test('from the question to the result, word for word', () => {
    const { says, edits } = screenOf();
    const { run, ...told } = story();
    const asked = says('m1', cardIn(told.asked()));
    expect(asked).toEqual([
      'bot  ⏳ Approval needed · K7M2QX',
      '     hello v1 — Say hello',
      '       name  world',
      `     digest ${run().digest.slice(0, 6)}`,
      '     Asked by Ana 14:02 · expires in 30 min · needs 1 approval (self-approval allowed)',
      '     [1] Approve   [2] Deny   [3] Details',
    ]);
    expect(toast('Approved K7M2QX')).toBe('     (toast) Approved K7M2QX');
    told.approved();
    expect(edits('m1', cardIn(told.started()))).toEqual(['bot~ ▶️ Running · K7M2QX']);
    const ended = told.succeeded('hello, world');
    expect(edits('m1', cardIn(ended))).toEqual(['bot~ ✅ Succeeded · K7M2QX · 0.4s']);
    expect(says('m2', noteIn(ended))).toEqual([
      'bot  ✅ hello succeeded in 0.4s · K7M2QX',
      '     hello, world',
    ]);
  });

  test('an edit says what is new, and shows buttons that are not on the screen yet', () => {
    const { says, edits } = screenOf();
    const told = story();
    says('m1', cardIn(told.asked()));
    expect(edits('m1', cardIn(told.approved()))).toEqual(['bot~ ⏳ Queued · K7M2QX']);
    edits('m1', cardIn(told.started()));
    expect(edits('m1', cardIn(told.progressed(58, 'table orders 7 of 12')))).toEqual([
      'bot~ ▶️ Running · K7M2QX · 58% · 1m 10s',
      '     table orders 7 of 12',
      '     [1] Log   [2] Cancel run',
    ]);
    expect(edits('m1', cardIn(told.progressed(66, 'table orders 8 of 12')))).toEqual([
      'bot~ ▶️ Running · K7M2QX · 66% · 1m 10s',
      '     table orders 8 of 12',
    ]);
  });

  test('a vote short of the quorum is told with the vote alone', () => {
    const { says, edits } = screenOf();
    const told = story({ ...hello, heavy: true, approval: { ...hello.approval, quorum: 2 } });
    expect(says('m1', cardIn(told.asked()))[0]).toBe('bot  ⏳ Approval needed (0 of 2) · K7M2QX · HEAVY');
    expect(edits('m1', cardIn(told.approved('bob')))).toEqual([
      'bot~ ⏳ Approval needed (1 of 2) · K7M2QX · HEAVY',
      '     ✔ Bob 14:02',
    ]);
    expect(edits('m1', cardIn(told.approved('cho')))).toEqual([
      'bot~ ✔ Approved, not started · K7M2QX · HEAVY',
      '     ✔ Bob 14:02  ✔ Cho 14:02',
      '     Approval lapses in 30 min',
      '     [1] Start now   [2] Cancel run',
    ]);
  });

  test('a denial names who and why', () => {
    const { says, edits } = screenOf();
    const told = story();
    says('m1', cardIn(told.asked()));
    expect(edits('m1', cardIn(told.denied()))).toEqual([
      'bot~ ⛔ Denied · K7M2QX',
      '     hello v1 · asked by Ana 14:02 · denied by Bob 14:03: "not today"',
      '     [1] Ask again',
    ]);
  });

  test('a retry says when', () => {
    const { says, edits } = screenOf();
    const told = story({ ...hello, retry: { attemptsMax: 3, delayMsMin: 10_000, delayMsMax: 10_000 } });
    says('m1', cardIn(told.asked()));
    told.approved();
    edits('m1', cardIn(told.started()));
    expect(edits('m1', cardIn(told.failed('connection refused')))).toEqual([
      expect.stringContaining('bot~ 🔁 Retrying · K7M2QX · attempt 1 of 3 failed'),
      '     connection refused',
      expect.stringMatching(/^ {5}Next try 14:02 \(in \d+s\)$/),
      '     [1] Stop retrying   [2] Log',
    ]);
  });

  test('the same content twice prints nothing, even later', () => {
    const asked = cardIn(story().asked());
    let { screen } = show(emptyScreen, { messageId: 'm1', content: asked, edit: false }, plain);
    const again = show(
      screen,
      { messageId: 'm1', content: asked, edit: true },
      { ...plain, now: twoPm + 600_000 },
    );
    expect(again.lines).toEqual([]);
    screen = again.screen;
    expect(buttonAt(screen, 1)?.action.label).toBe('Approve');
  });

  test('an edit of a card from before a restart shows the whole card', () => {
    const { edits, press } = screenOf();
    const told = story();
    told.asked();
    told.approved();
    expect(edits('from-before', cardIn(told.started()))).toEqual([
      'bot~ ▶️ Running · K7M2QX',
      '     hello v1 — Say hello',
      '     Asked by Ana 14:02 · approved by Bob 14:02 · started 14:02 on w1',
      '     [1] Log   [2] Cancel run',
    ]);
    expect(press(2)).toBe('Cancel run from-before');
  });

  test('times are the reader’s own', () => {
    const { says } = screenOf({ now: twoPm + 29.6 * 60_000, timezone: 'Asia/Tokyo', colour: false });
    const lines = says('m1', cardIn(story().asked()));
    expect(lines[4]).toContain('Asked by Ana 23:02 · expires in 24 s');
    const day: Content = {
      kind: 'note',
      note: {
        lines: [
          [{ time: Date.UTC(2026, 10, 20, 20), as: 'day' }],
          [{ time: Date.UTC(2026, 10, 20, 20), as: 'moment' }],
          [{ time: Date.UTC(2027, 10, 20, 20), as: 'moment' }],
        ],
        actions: [],
      },
    };
    expect(says('m2', day)).toEqual([
      'bot  2026-11-21',
      '     Sat 21 Nov 05:00',
      '     Sun 21 Nov 2027 05:00',
    ]);
  });

  test.each([
    [0, 'now'],
    [400, 'now'],
    [45_000, 'in 45 s'],
    [-5 * 60_000, '5 min ago'],
    [100 * 60_000, 'in 100 min'],
    [5 * 3_600_000, 'in 5 h'],
    [-3 * 86_400_000, '3 d ago'],
  ])('%d ms away is "%s"', (ms, words) => {
    const soon: Content = {
      kind: 'note',
      note: { lines: [['it is ', { time: twoPm + ms, as: 'relative' }]], actions: [] },
    };
    expect(screenOf().says('m1', soon)).toEqual([`bot  it is ${words}`]);
  });
});

describe('numbers on the screen', () => {
  test('mean the newest message with buttons and never reach through to an older one', () => {
    const { says, press } = screenOf();
    says('older', cardIn(story().asked()));
    says('newer', {
      kind: 'note',
      note: { lines: [['Run it again?']], actions: [{ verb: 'ra', label: 'Run again', runId: '4TQ9ZB' }] },
    });
    says('chatter', note('no buttons here'));
    expect([press(1), press(2), press(3), press(4)]).toEqual([
      'Run again newer',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('mean nothing once the newest message has lost its buttons', () => {
    const { says, edits, press } = screenOf();
    const told = story();
    says('older', note('Run it again?'));
    says('older with buttons', {
      kind: 'note',
      note: { lines: [['Which one?']], actions: [{ verb: 'ra', label: 'Run again', runId: '4TQ9ZB' }] },
    });
    says('newer', cardIn(told.asked()));
    told.approved();
    edits('newer', cardIn(told.started()));
    expect(press(1)).toBeUndefined();
  });

  test('are gone with the buttons of an edited card', () => {
    const { says, edits, press } = screenOf();
    const told = story();
    says('m1', cardIn(told.asked()));
    told.approved();
    edits('m1', cardIn(told.started()));
    expect(press(1)).toBeUndefined();
  });

  test('do not change their meaning when an older card reports progress without repeating its buttons', () => {
    const { says, edits, press } = screenOf();
    const told = story();
    says('m1', cardIn(told.asked()));
    told.approved();
    edits('m1', cardIn(told.started()));
    edits('m1', cardIn(told.progressed(10, 'one')));
    says('m2', cardIn(story(hello, '4TQ9ZB').asked()));
    edits('m1', cardIn(told.progressed(20, 'two')));
    expect(press(2)).toBe('Deny m2');
  });

  test('a long-lived screen forgets what scrolled away', () => {
    const { says, press } = screenOf();
    says('first', cardIn(story().asked()));
    for (let count = 0; count < 100; count += 1) says(`n${count}`, note(`line ${count}`));
    expect(press(1)).toBeUndefined();
  });
});

describe('what other people wrote', () => {
  test('cannot move the cursor, colour the screen or begin a message of its own', () => {
    const { says } = screenOf();
    const evil = 'done\u001B[2J\u001B]0;title\u0007\r\nbot  ✅ forged\u202E\u0000';
    for (const lines of [says('m1', note(evil)), plainSpoken(evil)]) {
      expect(lines.join('')).not.toMatch(/[\u0000-\u001F\u007F\u202E]/);
      expect(lines[1]).toMatch(/^ {5}bot {2}✅ forged/);
    }
  });

  test('stands in fixed width between the lines of a note', () => {
    const failed: Content = {
      kind: 'note',
      note: {
        lines: [[{ mention: 'dev:ana', name: 'Ana' }, ' ', { bold: 'failed' }, ' ', { code: 'exit 1' }]],
        pre: ['  two', '\u001B[31mred'],
        after: [['Nothing was left running.']],
        actions: [],
      },
    };
    expect(screenOf().says('m1', failed)).toEqual([
      'bot  Ana failed exit 1',
      '       two',
      '     \uFFFD[31mred',
      '     Nothing was left running.',
    ]);
  });
});

describe('colours', () => {
  const colourful: View = { ...plain, colour: true };
  // The test needs the escape character to take colours out again.
  const colourless = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\u001B\[\d+m/g, ''));

  test('are decoration: without them the same words stand there', () => {
    const asked = cardIn(story().asked());
    const painted = screenOf(colourful).says('m1', asked);
    expect(painted.join('')).toContain('\u001B[32mApprove');
    expect(colourless(painted)).toEqual(screenOf().says('m1', asked));
    expect(screenOf().says('m1', asked).join('')).not.toContain('\u001B');
  });
});
