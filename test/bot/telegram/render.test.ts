import { describe, expect, it } from 'vitest';
import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import { render, TEXT_MAX } from '../../../src/bot/telegram/render.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { evolve } from '../../../src/core/runs/evolve.ts';
import type { RunState } from '../../../src/core/runs/run.ts';
import { absent, type LiveRun } from '../../../src/core/runs/run.ts';
import { readingNote } from '../../../src/core/text/cards/advisor-words.ts';
import { announce } from '../../../src/core/text/cards/announce.ts';
import { cardOf } from '../../../src/core/text/cards/card.ts';
import { questionActions } from '../../../src/core/text/cards/question-words.ts';
import type { Card, Line, Note } from '../../../src/core/text/cards/rich.ts';
import { asks, bob, minutes, noon, RUN, says, starts, succeeds } from '../../cast.ts';
import { parseHtml } from '../../fakes/telegram/html.ts';

const token = buttonToken('a key for tests');

const telling = { cards: true, deciders: ['Bob', 'Cho'], gates: [], tail: [], version: 1 };
const group = { channel: 'telegram', address: 'telegram:-100200', chat: 'group' } as const;

const mustBeLive = (state: RunState): LiveRun => {
  if (state.status === 'absent') throw new Error('there is no run');
  return state;
};

/** The run after these commands, and what the last of them made happen. */
const after = (...commands: readonly RunCommand[]): { run: LiveRun; events: readonly RunEvent[] } => {
  let state: RunState = absent;
  let events: readonly RunEvent[] = [];
  for (const command of commands) {
    const decision = decide(state, command);
    if (!decision.ok) throw new Error(decision.refusal.why);
    events = decision.events;
    state = events.reduce<RunState>((run, event) => evolve(run, event, RUN), state);
  }
  return { run: mustBeLive(state), events };
};

const asked = asks(undefined, { origin: group });
const cardAfter = (...commands: readonly RunCommand[]) =>
  render({ kind: 'card', card: cardOf(after(...commands).run, telling) }, token);
const noteAfter = (...commands: readonly RunCommand[]) => {
  const { run, events } = after(...commands);
  const draft = announce(run, events, telling).find(({ content }) => content.kind === 'note');
  if (draft === undefined) throw new Error('nothing was announced');
  return render(draft.content, token);
};

/** What a person reads: the same parser that the server uses takes the tags away. */
const shown = (html: string): readonly string[] => parseHtml(html).text.split('\n');
const labels = (rendered: ReturnType<typeof render>) =>
  rendered.keyboard.map((row) => row.map(({ text }) => text));

describe('the card of a run', () => {
  it('asks for approval', () => {
    const card = cardAfter(asked);
    expect(shown(card.html)).toEqual([
      '⏳ Approval needed · K7M2QX',
      'backup v3 — Back up the main database',
      expect.stringMatching(/^Will run: pg-backup --db main · digest [0-9a-f]{6}$/),
      'Asked by Ana 12:00 UTC · expires 12:30 UTC · needs 1 of: Bob, Cho',
      'Or answer /yes K7M2QX · /no K7M2QX, or reply to this message.',
    ]);
    expect(card.html.split('\n')[0]).toBe('⏳ <b>Approval needed</b> · <code>K7M2QX</code>');
    expect(card.html).toContain('<tg-time unix="1795262400" format="t">12:00 UTC</tg-time>');
    expect(card.html).toContain('<tg-time unix="1795264200" format="r">12:30 UTC</tg-time>');
    expect(labels(card)).toEqual([['Approve', 'Deny', 'Details']]);
    const [approve, deny, details] = card.keyboard[0] ?? [];
    expect(approve).toMatchObject({ style: 'success' });
    expect(approve?.callback_data).toMatch(/^v1:ap:K7M2QX:[\w-]{16}$/);
    expect(deny).toMatchObject({ style: 'danger' });
    expect(deny?.callback_data).toMatch(/^v1:dn:K7M2QX:[\w-]{16}$/);
    expect(details).toEqual({ text: 'Details', callback_data: 'v1:dt:K7M2QX' });
  });

  it('shows that it runs, and then its end', () => {
    const begun = [asked, says.yes(bob), starts()] as const;
    const running = cardAfter(...begun);
    expect(shown(running.html)).toEqual([
      expect.stringMatching(/^▶️ Running · K7M2QX/),
      'backup v3 — Back up the main database',
      'Asked by Ana 12:00 UTC · approved by Bob 12:00 UTC · started 12:00 UTC on w1',
    ]);
    expect(labels(running)).toEqual([['Log', 'Cancel run']]);
    const ended = cardAfter(...begun, succeeds(1, noon + 102_000, '4.1 GB written, 12 tables, 0 skipped'));
    expect(shown(ended.html)).toEqual([
      '✅ Succeeded · K7M2QX · 1m 42s',
      'backup v3 · asked by Ana · approved by Bob',
    ]);
    expect(labels(ended)).toEqual([['Log', 'Run again']]);
  });

  it('shows the denial with its reason', () => {
    const denied = cardAfter(asked, says.no(bob, noon + minutes(2), 'prod is in a freeze until Monday'));
    expect(shown(denied.html)).toEqual([
      '⛔ Denied · K7M2QX',
      'backup v3 · asked by Ana 12:00 UTC · denied by Bob 12:02 UTC: "prod is in a freeze until Monday"',
    ]);
    expect(labels(denied)).toEqual([['Ask again']]);
  });
});

describe('a new message', () => {
  it('rings who asked when the run is over', () => {
    const told = noteAfter(asked, says.yes(bob), starts(), succeeds(1, noon + 102_000, '4.1 GB written'));
    expect(shown(told.html)).toEqual(['Ana ✅ backup succeeded in 1m 42s · K7M2QX', '4.1 GB written']);
  });

  it('says what was denied, by whom, and that nothing ran', () => {
    const told = noteAfter(asked, says.no(bob, noon, 'freeze'));
    expect(shown(told.html)).toEqual(['Ana ⛔ Bob denied backup (K7M2QX): "freeze". Nothing ran.']);
  });

  it('mentions a person of this channel by number, and anybody else by name', () => {
    const html = (mention: string) =>
      render({ kind: 'note', note: note([[{ mention, name: 'Ana <3' }]]) }, token).html;
    expect(html('telegram:42')).toBe('<a href="tg://user?id=42">Ana &lt;3</a>');
    expect(html('dev:ana')).toBe('Ana &lt;3');
    expect(html('telegram:42"><b>')).toBe('Ana &lt;3');
  });

  it('shows a day, a block and what follows it', () => {
    const rendered = render(
      {
        kind: 'note',
        note: {
          lines: [
            ['On ', { time: noon, as: 'day' }],
            ['Due ', { time: noon, as: 'moment' }],
          ],
          pre: ['queue     0 ready', 'a < b & c'],
          after: [['v1.2.0']],
          actions: [{ verb: 'op', label: 'Refresh' }],
          silent: true,
        },
      },
      token,
    );
    expect(rendered.html).toBe(
      'On <tg-time unix="1795262400" format="wd">2026-11-21</tg-time>\n' +
        'Due <tg-time unix="1795262400" format="wdt">Sat 21 Nov 12:00 UTC</tg-time>\n' +
        '<pre>queue     0 ready\na &lt; b &amp; c</pre>\nv1.2.0',
    );
    expect(rendered.plain).toBe(
      'On 2026-11-21\nDue Sat 21 Nov 12:00 UTC\nqueue     0 ready\na < b & c\nv1.2.0',
    );
    expect(rendered).toMatchObject({
      silent: true,
      keyboard: [[{ text: 'Refresh', callback_data: 'v1:op' }]],
    });
  });
});

const note = (lines: readonly Line[], more: Partial<Note> = {}): Note => ({ lines, actions: [], ...more });

describe('words of people', () => {
  it('never become markup', () => {
    const evil = '<b>Approved</b> &amp; <a href="tg://user?id=1">x</a> <script>';
    const { html } = render({ kind: 'note', note: note([[evil, { code: evil }, { bold: evil }]]) }, token);
    expect(parseHtml(html).text).toBe(evil.repeat(3));
    expect(html).not.toContain('<a ');
  });
});

describe('the button of a reading', () => {
  const buttonsOf = (line: string) => {
    return render({ kind: 'note', note: readingNote(line) }, token).keyboard.flat();
  };
  it('carries the line that it asks for', () => {
    expect(buttonsOf('backup db=main')).toEqual([
      { text: 'Ask to run backup db=main', callback_data: 'v1:rd:backup db=main' },
    ]);
  });
  it('is left out when the line is longer than a button may carry; the line can be sent all the same', () => {
    expect(buttonsOf(`backup note="${'long '.repeat(10)}"`)).toEqual([]);
  });
});

describe('the buttons of a question', () => {
  it('carry the number of a value, so that they fit whatever the value is', () => {
    const spec = { type: 'string', required: true, enum: ['x'.repeat(90), 'prod'] } as const;
    const asking = { ...note([['?']]), actions: questionActions('D8D8D8', 'n'.repeat(41), spec) };
    const [first, second, stop] = render({ kind: 'note', note: asking }, token).keyboard.flat();
    expect(first?.callback_data).toBe(`v1:pv:D8D8D8:${'n'.repeat(41)}:0`);
    expect(second).toEqual({ text: 'prod', callback_data: `v1:pv:D8D8D8:${'n'.repeat(41)}:1` });
    expect(stop).toEqual({ text: 'Stop asking', callback_data: 'v1:px:D8D8D8' });
  });
});

describe('what is too long', () => {
  const long = (length: number, of = 'x') => Array.from({ length }, (_, at) => `${at} ${of.repeat(80)}`);
  const units = (html: string) => parseHtml(html).text.length;

  it('loses the middle of the block before any words', () => {
    const rendered = render(
      {
        kind: 'note',
        note: note([['❌ backup failed · K7M2QX']], {
          pre: long(200),
          after: [['Nothing was left running.']],
        }),
      },
      token,
    );
    const lines = shown(rendered.html);
    expect(units(rendered.html)).toBeLessThanOrEqual(TEXT_MAX);
    expect(units(rendered.html)).toBeGreaterThan(TEXT_MAX - 200);
    expect(lines[0]).toBe('❌ backup failed · K7M2QX');
    expect(lines.at(-1)).toBe('Nothing was left running.');
    expect(lines.at(-2)).toMatch(/^199 /);
    expect(lines.filter((line) => line.includes('left out'))).toHaveLength(1);
  });

  it('loses the middle of the lines of a card, and keeps the id, the first and the last ones', () => {
    const card: Card = {
      runId: RUN,
      mark: '⏳',
      title: 'Approval needed',
      badges: ['HEAVY'],
      lines: long(300, '&').map((line) => [line]),
      actions: [{ verb: 'ap', label: 'Approve', runId: RUN, bound: { epoch: 1, digest: 'd' } }],
    };
    const rendered = render({ kind: 'card', card }, token);
    const lines = shown(rendered.html);
    expect(units(rendered.html)).toBeLessThanOrEqual(TEXT_MAX);
    expect(lines[0]).toBe('⏳ Approval needed · K7M2QX · HEAVY');
    expect(lines[1]).toMatch(/^0 /);
    expect(lines.at(-1)).toMatch(/^299 /);
    expect(labels(rendered)).toEqual([['Approve']]);
  });

  it('loses the middle of a single endless word, never half a character', () => {
    const { html } = render({ kind: 'note', note: note([[{ code: `a${'😀'.repeat(5000)}` }]]) }, token);
    expect(units(html)).toBeLessThanOrEqual(1000);
    expect(html).toContain('…');
    expect(html.isWellFormed()).toBe(true);
  });

  it('of many long lines keeps what has room', () => {
    const lines = Array.from({ length: 40 }, (): Line => ['y'.repeat(900)]);
    const { html } = render({ kind: 'note', note: note(lines, { pre: long(5) }) }, token);
    expect(units(html)).toBeLessThanOrEqual(TEXT_MAX);
  });
});

describe('buttons', () => {
  it('stand three in a row, and one that Telegram would refuse is left out', () => {
    const actions = Array.from(
      { length: 7 },
      (_, at) => ({ verb: 'jd', label: `${at}`, argument: `job-${at}` }) as const,
    );
    const tooLong = { verb: 'jd', label: 'long', argument: 'j'.repeat(60) } as const;
    const { keyboard } = render(
      { kind: 'note', note: note([['6 jobs']], { actions: [tooLong, ...actions] }) },
      token,
    );
    expect(keyboard.map((row) => row.length)).toEqual([3, 3, 1]);
    expect(keyboard.flat().map(({ text }) => text)).not.toContain('long');
  });

  it('carry a token that is bound to verb, run, epoch and digest', () => {
    const bound = { verb: 'ap', runId: RUN, epoch: 1, digest: 'd' } as const;
    const others = [
      token({ ...bound, verb: 'dn' }),
      token({ ...bound, runId: 'K7M2QY' }),
      token({ ...bound, epoch: 2 }),
      token({ ...bound, digest: 'e' }),
      buttonToken('another key')(bound),
    ];
    expect(token(bound)).toMatch(/^[\w-]{16}$/);
    expect(token(bound)).toBe(token({ ...bound }));
    expect(new Set([token(bound), ...others]).size).toBe(6);
  });

  it('of the whole cast fit into 64 bytes', () => {
    const every = [cardAfter(asked), cardAfter(asked, says.yes(bob), starts())];
    for (const { callback_data } of every.flatMap(({ keyboard }) => keyboard.flat())) {
      expect(Buffer.byteLength(callback_data)).toBeLessThanOrEqual(64);
    }
  });
});
