import { describe, expect, it, onTestFinished } from 'vitest';
import { startInboxPump } from '../../src/bot/inbox-pump.ts';
import type { Handled } from '../../src/core/flows/messages/heard.ts';
import type { IMessageSender, Inbound } from '../../src/core/ports/channel.ts';
import type { Once } from '../../src/core/ports/commit.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { RETRIES } from '../../src/core/time/retries.ts';
import { openStore } from '../../src/db/open.ts';
import { noon } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { eventually } from './eventually.ts';

let lastKey = 0;

const said = (lane: string, text: string): Inbound => {
  lastKey += 1;
  return {
    kind: 'text',
    channel: 'telegram',
    account: '7',
    eventKey: String(lastKey),
    address: lane,
    lane,
    from: { identity: 'telegram:42', name: 'Ana' },
    chat: 'private',
    text,
    addressed: true,
    messageId: '1',
  };
};

const pressed = (lane: string, pressId: string): Inbound => {
  lastKey += 1;
  return {
    kind: 'button',
    channel: 'telegram',
    account: '7',
    eventKey: String(lastKey),
    address: lane,
    lane,
    from: { identity: 'telegram:42', name: 'Ana' },
    chat: 'private',
    press: { verb: 'no', pressId },
  };
};

type Handle = (inbound: Inbound, once: Once) => Promise<Handled>;

const words = (inbound: Inbound): string => (inbound.kind === 'text' ? inbound.text : inbound.kind);

const setUp = async (decide: (inbound: Inbound, store: Store) => Promise<Partial<Handled> | void>) => {
  const clock = { at: noon };
  const store = await openStore({ url: ':memory:', clock: () => clock.at });
  onTestFinished(() => store.close());
  const observations: Observation[] = [];
  const answers: string[] = [];
  const order: string[] = [];
  /** As the real rules do: whatever is decided, the mark goes into the commit. */
  const handle: Handle = async (inbound, once) => {
    const more = (await decide(inbound, store)) ?? {};
    const [outcome] = await store.runs.commit([{ once, queue: [], outbox: [], at: clock.at }]);
    if (outcome === 'committed') order.push(words(inbound));
    return {
      outcome: outcome === 'seen_before' ? outcome : 'committed',
      intent: 'Help',
      dispatched: false,
      outbound: [],
      ...more,
    };
  };
  const sender: IMessageSender = {
    channel: 'telegram',
    caps: { cards: true, textMax: 4096 },
    deliver: () => Promise.reject(new Error('nothing is sent here')),
    answerPress: (pressId, { text }) => {
      answers.push(`${pressId}: ${text}`);
      return pressId === 'broken' ? Promise.reject(new Error('query is too old')) : Promise.resolve();
    },
  };
  const pump = (more: Partial<Parameters<typeof startInboxPump>[0]> = {}) => {
    const running = startInboxPump({
      inbox: store.inbox,
      owner: 'pump',
      handle,
      senderOf: (channel) => (channel === 'telegram' ? sender : undefined),
      observe: logged((observation) => observations.push(observation)),
      now: () => store.now(),
      ...more,
      times: { idleMs: 5, ...more.times },
    });
    onTestFinished(running.stop);
    return running;
  };
  const accept = (...batch: Inbound[]) => store.inbox.accept(batch, clock.at);
  const open = async () => (await store.reader.figures(clock.at)).openInbox;
  const dead = async () => (await store.reader.figures(clock.at)).deadInbox;
  return { clock, store, observations, answers, order, pump, accept, open, dead };
};

const ok = (): Promise<void> => Promise.resolve();

describe('the inbox pump', () => {
  it('handles every message once, and a lane in its order', async () => {
    const { pump, accept, open, order } = await setUp(ok);
    const lanes = ['a', 'b', 'c', 'd', 'e'];
    const all = Array.from({ length: 100 }, (_, at) => said(lanes[at % 5] ?? 'a', String(at)));
    await accept(...all);
    pump({ times: { idleMs: 2000 } });
    await eventually(async () => (await open()) === 0);
    expect(order).toHaveLength(100);
    for (const lane of [0, 1, 2, 3, 4]) {
      const ofLane = order.map(Number).filter((at) => at % 5 === lane);
      expect(ofLane).toEqual(ofLane.toSorted((a, b) => a - b));
    }
  });

  it('handles lanes side by side, one message of each', async () => {
    let under = 0;
    let most = 0;
    const crowded: string[] = [];
    const perLane = new Map<string, number>();
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { pump, accept, open } = await setUp(async ({ lane }) => {
      under += 1;
      most = Math.max(most, under);
      perLane.set(lane, (perLane.get(lane) ?? 0) + 1);
      if (perLane.get(lane) !== 1) crowded.push(lane);
      await gate;
      perLane.set(lane, 0);
      under -= 1;
    });
    await accept(...Array.from({ length: 40 }, (_, at) => said(`lane ${at % 20}`, String(at))));
    pump({ times: { lanesMax: 8 } });
    await eventually(() => under === 8);
    release();
    await eventually(async () => (await open()) === 0);
    expect(most).toBe(8);
    expect(crowded).toEqual([]);
  });

  it('does not take up again what it is working on, however often it looks', async () => {
    let taken = 0;
    let looks = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { pump, accept, open, store } = await setUp(() => {
      taken += 1;
      return gate;
    });
    await accept(said('a', '1'), said('a', '2'), said('b', '3'));
    const claim: typeof store.inbox.claim = (given) => {
      looks += 1;
      return store.inbox.claim(given);
    };
    pump({ inbox: { ...store.inbox, claim } });
    await eventually(() => looks >= 5);
    expect(taken).toBe(2);
    release();
    await eventually(async () => (await open()) === 0);
    expect(taken).toBe(3);
  });

  it('puts a failing message off, longer each time, and gives it up at the fifth; other lanes go on', async () => {
    const { pump, accept, dead, clock, order, observations } = await setUp((inbound) =>
      words(inbound) === 'poison' ? Promise.reject(new Error('boom')) : ok(),
    );
    await accept(said('a', 'poison'), said('a', 'behind it'), said('b', 'elsewhere'));
    pump();
    await eventually(() => order.includes('elsewhere'));
    const tries = () => observations.filter(({ kind }) => kind === 'message_failed').length;
    for (const [failed, waitMs] of [1000, 2000, 4000, 8000].entries()) {
      await eventually(() => tries() === failed + 1);
      expect(order).toEqual(['elsewhere']);
      clock.at += waitMs;
    }
    await eventually(() => order.includes('behind it'));
    expect(await dead()).toBe(1);
    expect(observations.filter(({ kind }) => kind === 'message_failed')).toMatchObject(
      [1, 2, 3, 4, 5].map((attempts) => ({ attempts })),
    );
  });

  it('shares the lanes with another process: each message once, each lane in its order', async () => {
    const { pump, accept, open, order, observations } = await setUp(async () => {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    });
    const all = Array.from({ length: 120 }, (_, at) => said(`lane ${at % 6}`, String(at)));
    await accept(...all);
    pump({ owner: 'p1', times: { lanesMax: 3 } });
    pump({ owner: 'p2', times: { lanesMax: 3 } });
    await eventually(async () => (await open()) === 0);
    expect(order).toHaveLength(120);
    for (const lane of [0, 1, 2, 3, 4, 5]) {
      const ofLane = order.map(Number).filter((at) => at % 6 === lane);
      expect(ofLane).toEqual(ofLane.toSorted((a, b) => a - b));
    }
    // Not even in vain: nothing was handled that another one had in hand.
    expect(observations.filter(({ kind }) => kind === 'message_duplicate')).toEqual([]);
  });

  it('takes over what a process that hangs has in hand, when its time is over; order and once hold', async () => {
    let wake: () => void = () => undefined;
    const sleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let asleep = false;
    const { pump, accept, open, order, clock, observations } = await setUp(() => {
      if (asleep) return ok();
      asleep = true;
      return sleep;
    });
    await accept(said('a', '1'), said('a', '2'));
    pump({ owner: 'p1' });
    await eventually(() => asleep);
    const second = pump({ owner: 'p2' });
    second.nudge();
    clock.at += 4999;
    await accept(said('b', '3'));
    await eventually(() => order.includes('3'));
    expect(order).toEqual(['3']);
    clock.at += 1;
    await eventually(async () => (await open()) === 0);
    wake();
    await eventually(() => observations.some(({ kind }) => kind === 'message_duplicate'));
    expect(order).toEqual(['3', '1', '2']);
  });

  it('leaves what it has not begun to the others when it stops', async () => {
    const { pump, store, open, order, clock } = await setUp(ok);
    const hold = { owner: 'p1', until: clock.at + 5000 };
    await store.inbox.accept([said('a', '1'), said('b', '2')], clock.at, hold);
    pump({ owner: 'p2' });
    const first = pump({ owner: 'p1', inbox: { ...store.inbox, claim: () => Promise.resolve([]) } });
    await first.stop();
    await eventually(async () => (await open()) === 0);
    expect(order.toSorted()).toEqual(['1', '2']);
  });

  it('does not try again before its time', async () => {
    const { pump, accept, observations, clock } = await setUp(() => Promise.reject(new Error('boom')));
    await accept(said('a', 'x'));
    const running = pump();
    await eventually(() => observations.length === 1);
    clock.at += 999;
    running.nudge();
    await accept(said('b', 'y'));
    await eventually(() => observations.length === 2);
    expect(observations).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });

  it('notes what was handled elsewhere meanwhile, and closes it', async () => {
    const { pump, accept, open, observations, store, clock } = await setUp(async (inbound, own) => {
      const [head] = await own.inbox.claim({ owner: 'pump', busy: [], limit: 1, at: noon, until: noon });
      if (words(inbound) === 'twice' && head !== undefined) {
        const once: Once = { kind: 'mark', inboxId: head.inboxId };
        await own.runs.commit([{ once, queue: [], outbox: [], at: noon }]);
      }
    });
    await accept(said('a', 'twice'), said('a', 'next'));
    pump();
    await eventually(async () => (await open()) === 0);
    await eventually(() => observations.length === 2);
    expect(observations.map(({ kind }) => kind)).toEqual(['message_duplicate', 'message_handled']);
    expect(
      await store.inbox.claim({ owner: 'pump', busy: [], limit: 1, at: clock.at, until: clock.at }),
    ).toEqual([]);
  });

  it('never hands the unreadable to the rules', async () => {
    const unreadable: Inbound = {
      kind: 'unreadable',
      channel: 'telegram',
      account: '7',
      eventKey: 'u1',
      address: 'telegram:unreadable',
      lane: 'telegram:unreadable',
      reason: 'message: no chat',
      raw: '{}',
    };
    const failed: string[] = [];
    const observations: Observation[] = [];
    let heads = [{ inboxId: 1, inbound: unreadable, receivedAt: noon, attempts: 0 }];
    const running = startInboxPump({
      inbox: {
        claim: () => Promise.resolve(heads),
        fail: ({ inboxId, owner, error, next }) => {
          failed.push(`${inboxId} ${owner} ${error} ${next.kind}`);
          heads = [];
          return Promise.resolve();
        },
        release: () => Promise.resolve(),
      },
      owner: 'p',
      handle: () => Promise.reject(new Error('must not be called')),
      senderOf: () => undefined,
      observe: logged((observation) => observations.push(observation)),
      now: () => Promise.resolve(noon),
    });
    await eventually(() => failed.length === 1);
    await running.stop();
    expect(failed).toEqual(['1 p Unreadable: message: no chat dead']);
    expect(observations).toMatchObject([{ kind: 'message_unreadable', reason: 'message: no chat' }]);
  });

  it('lets a lane rest when not even the failure can be stored', async () => {
    let tries = 0;
    const observations: Observation[] = [];
    const running = startInboxPump({
      inbox: {
        claim: ({ busy }) =>
          Promise.resolve(
            busy.includes('a')
              ? []
              : [{ inboxId: 1, inbound: said('a', 'x'), receivedAt: noon, attempts: 0 }],
          ),
        fail: () => Promise.reject(new Error('database is locked')),
        release: () => Promise.resolve(),
      },
      owner: 'p',
      handle: () => {
        tries += 1;
        return Promise.reject(new Error('boom'));
      },
      senderOf: () => undefined,
      observe: logged((observation) => observations.push(observation)),
      now: () => Promise.resolve(noon),
      times: { idleMs: 1, retry: { ...RETRIES.inbound, pauseMsMin: 60_000 } },
    });
    await eventually(() => observations.some(({ kind }) => kind === 'loop_faulted'));
    await running.stop();
    expect(tries).toBe(1);
  });

  it('answers a press after the commit, whatever the answer meets', async () => {
    const { pump, accept, open, answers, order, observations } = await setUp((inbound) =>
      Promise.resolve(
        inbound.kind === 'button' && inbound.press.pressId === 'quiet'
          ? undefined
          : { answer: { text: 'Approved K7M2QX', alert: false } },
      ),
    );
    await accept(pressed('a', 'p1'), pressed('a', 'broken'), pressed('a', 'quiet'), said('a', 'no press'));
    pump();
    await eventually(async () => (await open()) === 0);
    await eventually(() => answers.length === 3);
    expect(answers).toEqual(['p1: Approved K7M2QX', 'broken: Approved K7M2QX', 'quiet: ']);
    expect(order).toHaveLength(4);
    await eventually(() => observations.some(({ kind }) => kind === 'loop_faulted'));
  });

  it('tells who pressed when it gave up', async () => {
    const { pump, accept, answers } = await setUp(() => Promise.reject(new Error('boom')));
    await accept(pressed('a', 'p1'));
    pump({ times: { retry: { ...RETRIES.inbound, triesMax: 1 } } });
    await eventually(() => answers.length === 1);
    expect(answers[0]).toMatch(/^p1: I could not handle this/);
  });

  it('stops after what it has begun', async () => {
    let begun = 0;
    let ended = 0;
    const { pump, accept, open } = await setUp(async () => {
      begun += 1;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      ended += 1;
    });
    await accept(...Array.from({ length: 30 }, (_, at) => said('a', String(at))));
    const running = pump();
    await eventually(() => begun > 0);
    await running.stop();
    expect(ended).toBe(begun);
    expect(await open()).toBe(30 - ended);
  });

  it('asks at most once per interval while idle', async () => {
    let asked = 0;
    const running = startInboxPump({
      inbox: {
        claim: () => {
          asked += 1;
          return Promise.resolve([]);
        },
        fail: () => Promise.resolve(),
        release: () => Promise.resolve(),
      },
      owner: 'p',
      handle: () => Promise.reject(new Error('there is nothing to handle')),
      senderOf: () => undefined,
      observe: () => undefined,
      now: () => Promise.resolve(noon),
      times: { idleMs: 60_000 },
    });
    await eventually(() => asked === 1);
    running.nudge();
    await eventually(() => asked === 2);
    await running.stop();
    expect(asked).toBe(2);
  });
});
