import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { terminalChannel } from '../../../src/bot/terminal/channel.ts';
import type { Content } from '../../../src/bot/terminal/render.ts';
import type { Delivery, Inbound } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { glass } from './glass.ts';
import { cardIn, story, twoPm } from './story.ts';

const sit = async (setUp: { isTty?: boolean; columns?: number; sink?: () => Promise<void> } = {}) => {
  const input = new PassThrough();
  const { stream, rows, raw } = glass(setUp.columns);
  const heard: Inbound[] = [];
  const observed: Observation[] = [];
  const onQuit = vi.fn<() => void>();
  let ids = 0;
  const channel = terminalChannel({
    input,
    output: stream,
    isTty: setUp.isTty ?? true,
    colour: false,
    now: () => twoPm,
    newId: () => `id-${(ids += 1)}`,
    timezone: 'UTC',
    buttonToken: ({ verb, runId, epoch, digest }) => `${verb}:${runId}:${epoch}:${digest.slice(0, 6)}`,
    observe: (observation) => observed.push(observation),
    onQuit,
  });
  await channel.adapter.start(async (batch) => {
    await setUp.sink?.();
    heard.push(...batch);
  });
  const deliver = (content: Content, edits?: string) => {
    const delivery: Delivery = {
      address: 'terminal:chat',
      content,
      correlationId: 'K7M2QX',
      key: 'k',
      ...(edits === undefined ? {} : { edits }),
    };
    return channel.sender.deliver(delivery, new AbortController().signal);
  };
  return {
    ...channel,
    deliver,
    rows,
    raw,
    heard,
    observed,
    onQuit,
    input,
    types: (text: string) => void input.write(text),
    hears: (count: number) => vi.waitFor(() => expect(heard).toHaveLength(count), 5000),
    shows: (line: string) => vi.waitFor(() => expect(rows()).toContain(line), 5000),
  };
};

describe('a terminal with somebody in front of it', () => {
  test('a typed line is a private message of the seat', async () => {
    const desk = await sit();
    expect(desk.rows()).toEqual(['ana>']);
    desk.types('run hello name=world\r');
    await desk.hears(1);
    expect(desk.heard[0]).toEqual({
      kind: 'text',
      channel: 'terminal',
      account: 'local',
      eventKey: 'id-1',
      address: 'terminal:chat',
      lane: 'terminal:chat',
      sentAtMs: twoPm,
      from: { identity: 'dev:ana', name: 'ana' },
      chat: 'private',
      text: 'run hello name=world',
      addressed: true,
      messageId: 'id-1',
    });
    await desk.adapter.drain(1000);
  });

  test('a number presses the button as whoever sits there now, with the token of exactly that button', async () => {
    const desk = await sit();
    const told = story();
    const sent = await desk.deliver(cardIn(told.asked()));
    expect(sent).toEqual({ k: 'sent', messageId: 'id-1' });
    desk.types(':as bob\r2\r3\r');
    await desk.hears(2);
    expect(desk.heard).toMatchObject([
      {
        kind: 'button',
        from: { identity: 'dev:bob' },
        messageId: 'id-1',
        press: { verb: 'dn', runId: 'K7M2QX', token: `dn:K7M2QX:1:${told.run().digest.slice(0, 6)}` },
      },
      { kind: 'button', press: { verb: 'dt', runId: 'K7M2QX' } },
    ]);
    const [denied, details] = desk.heard;
    expect(denied?.kind === 'button' && denied.press.pressId).toBe(denied?.eventKey);
    expect(details?.kind === 'button' && details.press).not.toHaveProperty('token');
    await desk.shows('bob>');
  });

  test('a button without a run passes its argument on', async () => {
    const desk = await sit();
    const actions = [{ verb: 'rn', label: 'Run hello', argument: 'hello' }] as const;
    await desk.deliver({ kind: 'note', note: { lines: [['Did you mean "hello"?']], actions } });
    desk.types('1\r');
    await desk.hears(1);
    expect(desk.heard).toMatchObject([{ press: { verb: 'rn', argument: 'hello', pressId: 'id-2' } }]);
  });

  test('an edit keeps its message, and a press is answered with a toast', async () => {
    const desk = await sit();
    const told = story();
    await desk.deliver(cardIn(told.asked()));
    told.approved();
    expect(await desk.deliver(cardIn(told.started()), 'id-1')).toEqual({ k: 'sent', messageId: 'id-1' });
    await desk.sender.answerPress('id-9', { text: 'Approved K7M2QX', alert: false });
    await desk.sender.answerPress('id-9', { text: '', alert: false });
    expect(desk.rows().slice(-3)).toEqual([
      'bot~ ▶️ Running · K7M2QX',
      '     (toast) Approved K7M2QX',
      'ana>',
    ]);
  });

  test.each([
    [80, ['ana> run back']],
    // Here it covers two rows, which are taken away and drawn again below the news.
    [10, ['ana> run b', 'ack']],
  ])('news does not tear a half-typed line on %d columns', async (columns, typed) => {
    const desk = await sit({ columns });
    desk.types('run back');
    await vi.waitFor(() => expect(desk.rows()).toEqual(typed), 5000);
    await desk.deliver({ kind: 'note', note: { lines: [['hi 1']], actions: [] } });
    await desk.deliver({ kind: 'note', note: { lines: [['hi 2']], actions: [] } });
    expect(desk.rows()).toEqual(['bot  hi 1', 'bot  hi 2', ...typed]);
    desk.types('up\r');
    await desk.hears(1);
    expect(desk.heard).toMatchObject([{ text: 'run backup' }]);
  });

  test('words behind a colon and wrong numbers are answered here', async () => {
    const desk = await sit();
    desk.types(':as zed\r7\r');
    await desk.shows('     There is no seat "zed": ana, bob, cho, eve.');
    await desk.shows('     There is no button 7 on the screen.');
    expect(desk.heard).toEqual([]);
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    [':quit', ':quit\r'],
  ])('%s leaves', async (_, keys) => {
    const desk = await sit();
    desk.types(keys);
    await vi.waitFor(() => expect(desk.onQuit).toHaveBeenCalledTimes(1), 5000);
    await desk.adapter.drain(1000);
    expect(desk.onQuit).toHaveBeenCalledTimes(1);
  });

  test('draining is not leaving, waits for what was said, and takes nothing more', async () => {
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const desk = await sit({ sink: () => committed });
    desk.types('run hello\r');
    // The line has been taken when the next prompt stands there.
    await vi.waitFor(() => expect(desk.rows()).toEqual(['ana> run hello', 'ana>']), 5000);
    const draining = desk.adapter.drain(10_000);
    await new Promise(setImmediate);
    expect(await Promise.race([draining, Promise.resolve('still waiting')])).toBe('still waiting');
    commit();
    await draining;
    expect(desk.heard).toHaveLength(1);
    expect(desk.onQuit).not.toHaveBeenCalled();
    desk.types('run again\r');
    await new Promise(setImmediate);
    expect(desk.heard).toHaveLength(1);
  });

  test('a line that could not be stored in time is admitted', async () => {
    const desk = await sit({ sink: () => new Promise(() => undefined) });
    desk.types('run hello\r');
    await vi.waitFor(() => expect(desk.rows()).toEqual(['ana> run hello', 'ana>']), 5000);
    await desk.adapter.drain(1);
    expect(desk.rows()).toContain('     Your last line may not have been stored.');
  });

  test('a line that the store refuses is admitted, and the next one counts again', async () => {
    let broken = true;
    const desk = await sit({
      sink: () => (broken ? Promise.reject(new Error('disk full')) : Promise.resolve()),
    });
    desk.types('run hello\r');
    await desk.shows('     That could not be stored, so nothing happened. Say it again.');
    expect(desk.adapter.health()).toMatchObject({ state: 'degraded' });
    expect(desk.observed).toMatchObject([{ kind: 'loop_faulted', loop: 'terminal-input' }]);
    broken = false;
    desk.types('run hello\r');
    await desk.hears(1);
    await vi.waitFor(() =>
      expect(desk.adapter.health()).toEqual({ channel: 'terminal', state: 'ok', lastHeardMs: twoPm }),
    );
  });
});

describe('a terminal without a person: a pipe', () => {
  test('reads as a transcript, without a single escape sequence', async () => {
    const desk = await sit({ isTty: false });
    desk.types(':as bob\nwhoami\n');
    await desk.hears(1);
    await desk.deliver({ kind: 'note', note: { lines: [['You are Bob.']], actions: [] } });
    expect(desk.raw()).toBe('ana> :as bob\nbob> whoami\nbot  You are Bob.\n');
    desk.input.end();
    await vi.waitFor(() => expect(desk.onQuit).toHaveBeenCalledTimes(1), 5000);
    await desk.deliver({ kind: 'note', note: { lines: [['Later.']], actions: [] } });
    expect(desk.raw()).toMatch(/bot {2}Later\.\n$/);
  });
});
