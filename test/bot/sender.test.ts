import { describe, expect, it, onTestFinished } from 'vitest';
import { startSender } from '../../src/bot/sender.ts';
import type { Address, Delivered, Delivery, IMessageSender, Pace } from '../../src/core/ports/channel.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import { plainLines } from '../../src/core/text/cards/plain.ts';
import type { Draft } from '../../src/core/text/grammar/draft.ts';
import { PRIORITY } from '../../src/core/text/grammar/draft.ts';
import { openStore } from '../../src/db/open.ts';
import { noon, RUN } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { eventually } from './eventually.ts';

const note = (address: Address, text: string): Draft => ({
  key: `${address} ${text}`,
  address,
  priority: PRIORITY.reply,
  content: { kind: 'note', note: { lines: [[text]], actions: [] } },
});

const card = (title: string, priority: number = PRIORITY.result): Draft => ({
  key: `card ${title}`,
  address: 'telegram:1',
  runId: RUN,
  priority,
  content: { kind: 'card', card: { runId: RUN, mark: '', title, badges: [], lines: [], actions: [] } },
});

const textOf = ({ content }: Delivery): string =>
  content.kind === 'card' ? content.card.title : plainLines(content.note.lines).join('');

interface Sent {
  readonly address: Address;
  readonly text: string;
  readonly edits?: string;
}

type Answer = (
  delivery: Delivery,
  signal: AbortSignal,
) => Promise<Delivered | undefined> | Delivered | undefined;

/** A chat that takes everything, unless the test answers otherwise. */
const chat = (answer: Answer = () => undefined, pace?: Pace) => {
  const sent: Sent[] = [];
  const sender: IMessageSender = {
    channel: 'telegram',
    caps: { cards: true, textMax: 4096, ...(pace === undefined ? {} : { pace }) },
    deliver: async (delivery, signal) => {
      const other = await answer(delivery, signal);
      if (other !== undefined) return other;
      const { address, edits } = delivery;
      sent.push({ address, text: textOf(delivery), ...(edits === undefined ? {} : { edits }) });
      return { k: 'sent', messageId: edits ?? String(500 + sent.length) };
    },
    answerPress: () => Promise.resolve(),
  };
  return { sender, sent, texts: () => sent.map(({ text }) => text) };
};

const setUp = async () => {
  const clock = { at: noon };
  const store = await openStore({ url: ':memory:', clock: () => clock.at });
  onTestFinished(() => store.close());
  const observations: Observation[] = [];
  const owe = (...outbox: Draft[]) => store.runs.commit([{ queue: [], outbox, at: clock.at }]);
  const begin = (
    senders: readonly IMessageSender[],
    more: Partial<Parameters<typeof startSender>[0]> = {},
  ) => {
    const running = startSender({
      outbox: store.outbox,
      senders,
      observe: logged((observation) => observations.push(observation)),
      now: () => store.now(),
      owner: 's1',
      chance: () => 0,
      ...more,
      times: { idleMs: 5, ...more.times },
    });
    onTestFinished(running.stop);
    return running;
  };
  const figures = () => store.reader.figures(clock.at);
  const drained = () => eventually(async () => (await figures()).openOutbox === 0);
  return { clock, store, owe, begin, figures, drained, observations };
};

/** Gives the loop a few turns in which it could have done something. */
const turns = async (running: { readonly nudge: () => void }): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) {
    running.nudge();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

describe('the sender', () => {
  it('sends everything once, lane by lane in order', async () => {
    const { owe, begin, drained } = await setUp();
    const { sender, sent } = chat();
    const lanes = ['telegram:1', 'telegram:2', 'telegram:3'];
    await owe(...Array.from({ length: 60 }, (_, at) => note(lanes[at % 3] ?? '', String(at))));
    begin([sender]);
    await drained();
    expect(sent).toHaveLength(60);
    for (const lane of lanes) {
      const order = sent.filter(({ address }) => address === lane).map(({ text }) => Number(text));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  it('has one message of a lane on its way, and many lanes', async () => {
    const crowded: string[] = [];
    const under = new Set<string>();
    let most = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { owe, begin, drained } = await setUp();
    const { sender, sent } = chat(async ({ address }) => {
      if (under.has(address)) crowded.push(address);
      under.add(address);
      most = Math.max(most, under.size);
      await gate;
      under.delete(address);
      return undefined;
    });
    await owe(...Array.from({ length: 20 }, (_, at) => note(`telegram:${at % 10}`, String(at))));
    begin([sender], { times: { inFlightMax: 4 } });
    await eventually(() => under.size === 4);
    release();
    await drained();
    expect(most).toBe(4);
    expect(crowded).toEqual([]);
    expect(sent).toHaveLength(20);
  });

  it('edits the card that it sent, and skips what a newer card replaces', async () => {
    const { owe, begin, drained } = await setUp();
    const { sender, sent } = chat();
    await owe(card('Approval needed'));
    begin([sender]);
    await drained();
    await owe(card('Queued'), card('Running'), card('Succeeded'));
    await drained();
    expect(sent).toEqual([
      { address: 'telegram:1', text: 'Approval needed' },
      { address: 'telegram:1', text: 'Succeeded', edits: '501' },
    ]);
  });

  it('a 429 pauses its own lane, exactly as long as told', async () => {
    const { owe, begin, clock, drained } = await setUp();
    let refusals = 1;
    const { sender, texts } = chat(({ address }) => {
      if (address !== 'telegram:1' || refusals === 0) return undefined;
      refusals -= 1;
      return { k: 'pause', ms: 7000, scope: 'lane' };
    });
    await owe(note('telegram:1', 'slow'), note('telegram:1', 'behind'), note('telegram:2', 'other'));
    const running = begin([sender]);
    await eventually(() => texts().includes('other'));
    clock.at += 6999;
    running.nudge();
    await owe(note('telegram:2', 'still other'));
    await eventually(() => texts().includes('still other'));
    expect(texts()).toEqual(['other', 'still other']);
    clock.at += 1;
    await drained();
    expect(texts()).toEqual(['other', 'still other', 'slow', 'behind']);
  });

  it('three lanes paused together pause the whole channel', async () => {
    const { owe, begin, clock, drained, observations } = await setUp();
    let refusals = 3;
    const { sender, texts } = chat(() => {
      if (refusals === 0) return undefined;
      refusals -= 1;
      return { k: 'pause', ms: 5000, scope: 'lane' };
    });
    await owe(note('telegram:1', 'a'), note('telegram:2', 'b'), note('telegram:3', 'c'));
    const running = begin([sender]);
    await eventually(() => observations.filter(({ kind }) => kind === 'outbox_later').length === 3);
    await owe(note('telegram:4', 'fourth lane'));
    running.nudge();
    clock.at += 4999;
    await turns(running);
    expect(texts()).toEqual([]);
    clock.at += 1;
    await drained();
    expect(texts()).toHaveLength(4);
  });

  it('repeats a lost answer once, after 30 s, and then shows it as ambiguous', async () => {
    const { owe, begin, clock, figures, observations } = await setUp();
    let tries = 0;
    const { sender } = chat(() => {
      tries += 1;
      return { k: 'retry', ambiguous: true, reason: 'no answer' };
    });
    await owe(note('telegram:1', 'x'));
    const running = begin([sender]);
    await eventually(() => tries === 1 && observations.length === 1);
    clock.at += 29_999;
    await turns(running);
    expect(tries).toBe(1);
    expect((await figures()).ambiguous).toBe(1);
    clock.at += 1;
    await eventually(async () => (await figures()).deadOutbox === 1);
    expect(tries).toBe(2);
    expect(observations.at(-1)).toMatchObject({ kind: 'outbox_dead', reason: 'ambiguous: no answer' });
  });

  it('a blocked conversation becomes quiet, the others do not', async () => {
    const { owe, begin, figures, drained, store, clock } = await setUp();
    const { sender, texts } = chat(({ address }) =>
      address === 'telegram:1' ? { k: 'dead', suspend: true, reason: '403 blocked' } : undefined,
    );
    await owe(note('telegram:1', 'a'), note('telegram:1', 'b'), note('telegram:2', 'c'));
    begin([sender]);
    await drained();
    expect(texts()).toEqual(['c']);
    expect((await figures()).deadOutbox).toBe(2);
    await store.outbox.unsuspend('telegram:1', clock.at);
  });

  it('follows a conversation that moved', async () => {
    const { owe, begin, drained } = await setUp();
    const { sender, sent } = chat(({ address }) =>
      address === 'telegram:-5' ? { k: 'readdress', to: 'telegram:-1009' } : undefined,
    );
    await owe(note('telegram:-5', 'a'), note('telegram:-5', 'b'));
    begin([sender]);
    await drained();
    expect(sent).toEqual([
      { address: 'telegram:-1009', text: 'a' },
      { address: 'telegram:-1009', text: 'b' },
    ]);
  });

  it('loses nothing when it dies in the middle: the next one sends it again, and counts', async () => {
    const { owe, begin, clock, drained, store } = await setUp();
    await owe(note('telegram:1', 'a'), note('telegram:1', 'b'));
    // Claimed by a process that is no more.
    const until = clock.at + 30_000;
    const claim = { owner: 'dead', limit: 10, at: clock.at, until, channels: ['telegram'] };
    expect(await store.outbox.claim(claim)).toHaveLength(1);
    const { sender, texts } = chat();
    const running = begin([sender]);
    await turns(running);
    expect(texts()).toEqual([]);
    clock.at = until + 1;
    await drained();
    expect(texts()).toEqual(['a', 'b']);
  });

  it('holds a message for its pace, and puts it back when that takes longer', async () => {
    const { owe, begin, clock, drained, observations } = await setUp();
    const pace: Pace = {
      perConversation: [2, 60_000],
      perGroup: [20, 60_000],
      overall: [25, 1000],
      isGroup: () => false,
    };
    const { sender, texts } = chat(undefined, pace);
    await owe(note('telegram:1/7', 'a'), note('telegram:1/8', 'b'));
    begin([sender]);
    await drained();
    await owe(note('telegram:1/7', 'third'), note('telegram:2', 'other chat'));
    await eventually(() => texts().includes('other chat'));
    expect(texts().toSorted()).toEqual(['a', 'b', 'other chat']);
    expect(observations.some(({ kind }) => kind === 'outbox_dead')).toBe(false);
    clock.at += 60_000;
    await drained();
    expect(texts()).toContain('third');
  });

  it('shows progress of a card no more often than every five seconds, and the end at once', async () => {
    const { owe, begin, clock, drained } = await setUp();
    const { sender, texts } = chat();
    await owe(card('Running'));
    const running = begin([sender]);
    await drained();
    await owe(card('10%', PRIORITY.progress));
    await drained();
    await owe(card('11%', PRIORITY.progress));
    await turns(running);
    await owe(card('12%', PRIORITY.progress));
    clock.at += 5000;
    await drained();
    await owe(card('13%', PRIORITY.progress));
    await turns(running);
    await owe(card('Succeeded'));
    clock.at += 5000;
    await drained();
    expect(texts()).toEqual(['Running', '10%', '12%', 'Succeeded']);
  });

  it('does not hand out what has no channel', async () => {
    const { owe, begin, figures } = await setUp();
    const { sender } = chat();
    await owe(note('slack:C1', 'x'));
    const running = begin([sender]);
    await turns(running);
    expect(await figures()).toMatchObject({ openOutbox: 1, deadOutbox: 0 });
  });

  it('leaves a channel to the process that speaks there, so that one pace holds for all; and takes over', async () => {
    const { owe, begin, clock, drained, figures } = await setUp();
    const pace: Pace = {
      perConversation: [2, 3000],
      perGroup: [20, 60_000],
      overall: [30, 1000],
      isGroup: () => false,
    };
    const first = chat(undefined, pace);
    const second = chat(undefined, pace);
    let speaker = 's1';
    const speaking = (owner: string) => ({ owner, speaksOn: () => speaker === owner, times: { holdMs: 0 } });
    const loops = [begin([first.sender], speaking('s1')), begin([second.sender], speaking('s2'))];
    await owe(...['a', 'b', 'c', 'd'].map((text) => note('telegram:1', text)));
    await eventually(() => first.sent.length === 2);
    for (const loop of loops) await turns(loop);
    expect([first.texts(), second.texts()]).toEqual([['a', 'b'], []]);
    expect(await figures()).toMatchObject({ openOutbox: 2 });
    speaker = 's2';
    clock.at += 3000;
    await drained();
    expect([first.texts(), second.texts()]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('two that meet while one of them stops never send the same message, nor two of a lane at once', async () => {
    const { owe, begin, drained } = await setUp();
    const under = new Set<string>();
    const crowded: string[] = [];
    const slow: Answer = async ({ address }) => {
      if (under.has(address)) crowded.push(address);
      under.add(address);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      under.delete(address);
      return undefined;
    };
    const [first, second] = [chat(slow), chat(slow)];
    await owe(...Array.from({ length: 60 }, (_, at) => note(`telegram:${at % 3}`, String(at))));
    begin([first.sender], { owner: 's1', times: { inFlightMax: 2 } });
    begin([second.sender], { owner: 's2', times: { inFlightMax: 2 } });
    await drained();
    expect(crowded).toEqual([]);
    const texts = [...first.texts(), ...second.texts()];
    expect(texts.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, at) => at));
    expect(Math.min(first.sent.length, second.sent.length)).toBeGreaterThan(0);
  });

  it('goes on after the database failed in the middle', async () => {
    const { owe, begin, drained, store, observations } = await setUp();
    const { sender, texts } = chat();
    let broken = 1;
    const settle: typeof store.outbox.settle = (...given) => {
      if (broken === 0) return store.outbox.settle(...given);
      broken -= 1;
      return Promise.reject(new Error('database is locked'));
    };
    await owe(note('telegram:1', 'a'), note('telegram:2', 'b'));
    begin([sender], { outbox: { ...store.outbox, settle } });
    await drained();
    expect(texts().toSorted()).toEqual(['a', 'b']);
    expect(observations).toContainEqual(
      expect.objectContaining({ kind: 'loop_faulted', loop: 'sender settlement' }),
    );
  });

  it('leaves a row to its lease when what follows from it cannot be stored', async () => {
    const { owe, begin, store, observations, figures } = await setUp();
    const { sender } = chat(() => ({ k: 'pause', ms: 1000, scope: 'lane' }));
    const pauseLane = () => Promise.reject(new Error('database is locked'));
    await owe(note('telegram:1', 'a'));
    begin([sender], { outbox: { ...store.outbox, pauseLane } });
    await eventually(() => observations.some(({ kind }) => kind === 'loop_faulted'));
    expect((await figures()).openOutbox).toBe(1);
  });
});

describe('stopping', () => {
  it('waits for what is on its way, and claims nothing more', async () => {
    const { owe, begin, figures } = await setUp();
    let release: (() => void) | undefined;
    const { sender, texts } = chat(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return undefined;
    });
    await owe(note('telegram:1', 'a'), note('telegram:1', 'b'));
    const running = begin([sender]);
    const goOn = await eventually(() => release);
    const stopped = running.stop();
    goOn();
    await stopped;
    expect(texts()).toEqual(['a']);
    expect((await figures()).openOutbox).toBe(1);
  });

  it('ends a send that takes too long, and counts it as ambiguous', async () => {
    const { owe, begin, figures } = await setUp();
    const { sender } = chat(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    await owe(note('telegram:1', 'a'));
    begin([sender], { times: { sendMs: 10 } });
    await eventually(async () => (await figures()).ambiguous === 1);
  });

  it('interrupts what does not end, and keeps it for the next start', async () => {
    const { owe, begin, figures } = await setUp();
    let begun = false;
    const { sender } = chat((_, signal) => {
      begun = true;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    });
    await owe(note('telegram:1', 'a'));
    const running = begin([sender], { times: { stopMs: 20 } });
    await eventually(() => begun);
    await running.stop();
    expect(await figures()).toMatchObject({ openOutbox: 1, deadOutbox: 0 });
  });
});
