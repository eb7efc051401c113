import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { telegramAdapter } from '../../../src/bot/telegram/start.ts';
import type { TelegramTimes } from '../../../src/bot/telegram/supervise.ts';
import type { Inbound, InboundSink } from '../../../src/core/ports/channel.ts';
import type { ILeases, OnlyOne } from '../../../src/core/ports/leases.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { openStore } from '../../../src/db/open.ts';
import { alone } from '../../alone.ts';
import { start } from '../../fakes/telegram/harness.ts';
import type { FakeTelegram } from '../../fakes/telegram-server.ts';
import { logged } from '../../log-lines.ts';
import { eventually } from '../eventually.ts';
import { processes } from './processes.ts';

const quick: Partial<TelegramTimes> = {
  pollSeconds: 1,
  clientSeconds: 3,
  retryMs: 20,
  between: { pauseMsMin: 20, pauseMsMax: 40, jitter: 'none' },
};

const withFake = async () => {
  const fake = await start();
  return { fake, ada: fake.addUser({ firstName: 'Ada', id: 42 }) };
};

type Server = Pick<FakeTelegram, 'url' | 'token'>;

interface Given {
  readonly times?: Partial<TelegramTimes>;
  readonly sink?: InboundSink;
  readonly onlyOne?: OnlyOne;
  readonly clock?: () => number;
}

/** An adapter that ends with its test; what it took in is in `taken`, unless the test brings a sink of its own. */
const listen = async (fake: Server, given: Given = {}) => {
  const taken: Inbound[] = [];
  const observations: Observation[] = [];
  const silences: number[] = [];
  const adapter = telegramAdapter({
    token: fake.token,
    apiRoot: fake.url,
    observe: logged((observation) => observations.push(observation)),
    now: Date.now,
    clock: given.clock ?? (() => performance.now()),
    onDeaf: (silentMs) => silences.push(silentMs),
    onlyOne: given.onlyOne ?? alone,
    times: { ...quick, ...given.times },
  });
  const keep: InboundSink = (batch) => {
    taken.push(...batch);
    return Promise.resolve();
  };
  await adapter.start(given.sink ?? keep);
  onTestFinished(() => adapter.drain(2000));
  const texts = () => taken.flatMap((inbound) => (inbound.kind === 'text' ? [inbound.text] : []));
  return { adapter, taken, texts, observations, silences };
};

const states = (observations: readonly Observation[]) =>
  observations.flatMap((each) =>
    each.kind === 'channel_state' ? [`${each.state} ${each.reason ?? ''}`.trim()] : [],
  );

const failures = (observations: readonly Observation[]) =>
  observations.flatMap((each) => (each.kind === 'poll_failed' ? [each.reason] : []));

describe('polling Telegram', () => {
  it('says hello, then stores in order and confirms', async () => {
    const { fake, ada } = await withFake();
    ada.tells('written before the start');
    const { adapter, texts, observations } = await listen(fake);
    for (const text of ['one', 'two', 'three']) ada.tells(text);
    await eventually(() => texts().length === 4);
    expect(texts()).toEqual(['written before the start', 'one', 'two', 'three']);
    await eventually(() => fake.pendingUpdateIds().length === 0);
    expect(adapter.health()).toMatchObject({ channel: 'telegram', state: 'ok' });
    expect(adapter.health().lastHeardMs).toBeGreaterThan(Date.now() - 5000);
    const methods = fake.calls().map(({ method }) => method);
    expect(methods.slice(0, 5)).toEqual([
      'deleteWebhook',
      'getMe',
      'setMyCommands',
      'setMyCommands',
      'getUpdates',
    ]);
    expect(fake.calls('deleteWebhook')[0]?.params).toMatchObject({ drop_pending_updates: false });
    expect(fake.calls('getUpdates')[0]?.params).toMatchObject({
      offset: 0,
      timeout: 0,
      allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
    });
    // The first poll only shows that polls end; the next one waits.
    await eventually(() => fake.calls('getUpdates').length > 1);
    expect(fake.calls('getUpdates')[1]?.params).toMatchObject({ timeout: 1 });
    expect(observations).toContainEqual({ kind: 'started', what: 'telegram @textops_bot' });
  });

  it('stores what is sent again only once', async () => {
    const { fake, ada } = await withFake();
    const store = await openStore({ url: ':memory:' });
    onTestFinished(() => store.close());
    let crashes = 1;
    const sink: InboundSink = async (batch) => {
      await store.inbox.accept(batch, await store.now());
      // Stored, and the program ends before it can say so.
      crashes -= 1;
      if (crashes === 0) throw new Error('the power went out');
    };
    await listen(fake, { sink });
    ada.tells('one');
    await eventually(() => fake.pendingUpdateIds().length === 0);
    ada.tells('two');
    await eventually(() => fake.pendingUpdateIds().length === 0);
    const at = await store.now();
    const first = await store.inbox.claim({ owner: 'pump', busy: [], limit: 10, at, until: at });
    expect(first).toMatchObject([{ inbound: { text: 'one' } }]);
    expect((await store.reader.figures(await store.now())).openInbox).toBe(2);
  });

  it('confirms nothing while the sink fails, and loses nothing', async () => {
    const { fake, ada } = await withFake();
    let broken = true;
    let tries = 0;
    const stored: Inbound[] = [];
    const sink: InboundSink = (batch) => {
      tries += 1;
      if (broken) return Promise.reject(new Error('database or disk is full'));
      stored.push(...batch);
      return Promise.resolve();
    };
    const { adapter, observations } = await listen(fake, { sink });
    ada.tells('one');
    await eventually(() => tries >= 3);
    expect(fake.confirmedUpdateIds()).toEqual([]);
    expect(adapter.health()).toMatchObject({ state: 'degraded', reason: 'Error: database or disk is full' });
    expect(observations.some(({ kind }) => kind === 'loop_faulted')).toBe(true);
    broken = false;
    await eventually(() => fake.pendingUpdateIds().length === 0);
    expect(stored).toMatchObject([{ text: 'one' }]);
    expect(adapter.health().state).toBe('ok');
  });

  it('keeps what nobody can read, and goes on', async () => {
    const { fake, ada } = await withFake();
    const { taken, texts } = await listen(fake);
    fake.pushUpdate({ message: { text: 'no chat, no id' } });
    fake.pushUpdate({ message: 'nonsense' });
    ada.tells('after that');
    await eventually(() => texts().length === 1);
    expect(taken.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'text']);
  });
});

describe('stopping', () => {
  it('waits for the commit under way and confirms nothing', async () => {
    const { fake, ada } = await withFake();
    let commit: (() => void) | undefined;
    let stored = 0;
    const sink: InboundSink = async (batch) => {
      await new Promise<void>((resolve) => {
        commit = resolve;
      });
      stored += batch.length;
    };
    const { adapter } = await listen(fake, { sink });
    ada.tells('one');
    const goOn = await eventually(() => commit);
    let over = false;
    const drained = adapter.drain(2000).finally(() => {
      over = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
    expect(over).toBe(false);
    goOn();
    await drained;
    expect(stored).toBe(1);
    expect(fake.confirmedUpdateIds()).toEqual([]);
    expect(fake.isPolled()).toBe(false);
  });

  it('does not wait longer than its deadline', async () => {
    const { fake, ada } = await withFake();
    let asked = false;
    const never: InboundSink = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    const { adapter } = await listen(fake, { sink: never });
    ada.tells('one');
    await eventually(() => asked);
    const began = performance.now();
    await adapter.drain(50);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('is possible before the start, and while idle it is quick', async () => {
    const { fake } = await withFake();
    const idle = telegramAdapter({
      token: fake.token,
      apiRoot: fake.url,
      observe: () => undefined,
      now: Date.now,
      clock: () => performance.now(),
      onDeaf: () => undefined,
      onlyOne: alone,
    });
    await idle.drain(10);
    const { adapter } = await listen(fake, { times: { pollSeconds: 30 } });
    await eventually(() => fake.isPolled());
    await adapter.drain(5000);
    await eventually(() => !fake.isPolled());
  });
});

describe('trouble', () => {
  it('a second poller is suffered for a while, then it is an alarm, and polling goes on', async () => {
    const { fake, ada } = await withFake();
    fake.nextFault('getUpdates', { status: 409 }, 6);
    const { adapter, observations, texts } = await listen(fake, { times: { conflictAlarmMs: 60 } });
    await eventually(() => states(observations).some((state) => state.startsWith('down conflict')));
    expect(states(observations)[1]).toMatch(/^degraded conflict: another poller/);
    expect(failures(observations)).toContain('conflict_409');
    ada.tells('still here');
    await eventually(() => texts().length === 1);
    await eventually(() => adapter.health().state === 'ok');
  });

  it('a webhook that was set behind our back is removed again', async () => {
    const { fake, ada } = await withFake();
    const { texts } = await listen(fake);
    await eventually(() => fake.isPolled());
    await fetch(`${fake.url}/bot${fake.token}/setWebhook?url=https://elsewhere.example/hook`);
    await eventually(() => fake.calls('deleteWebhook').length === 2);
    ada.tells('one');
    await eventually(() => texts().length === 1);
  });

  it('a refused token ends it: down, and no more calls', async () => {
    const { fake } = await withFake();
    const token = '7000000001:AAnobodyKnowsThisTokenAtAll_0123456';
    const { adapter, observations } = await listen({ url: fake.url, token });
    await eventually(() => adapter.health().state === 'down');
    expect(adapter.health().reason).toBe('the bot token was refused');
    expect(fake.calls('getUpdates')).toEqual([]);
    expect(JSON.stringify(observations)).not.toContain('AAnobody');
  });

  it('a network that is not there is waited for', async () => {
    const { fake, ada } = await withFake();
    fake.nextFault('deleteWebhook', 'drop_before', 2);
    fake.nextFault('getMe', { status: 502 });
    fake.nextFault('getUpdates', 'drop_before', 3);
    fake.nextFault('getUpdates', { status: 500 });
    fake.nextFault('setMyCommands', { status: 400 });
    const { adapter, observations, texts } = await listen(fake);
    ada.tells('one');
    await eventually(() => texts().length === 1);
    await eventually(() => adapter.health().state === 'ok');
    expect(states(observations)).toContainEqual(expect.stringMatching(/^degraded no answer from Telegram/));
    expect(new Set(failures(observations))).toEqual(new Set(['network', 'server_error']));
    const faults = observations.flatMap((each) => (each.kind === 'loop_faulted' ? [each.error] : []));
    expect(faults.map(String).join('\n')).not.toContain('AAFake');
  });

  it('polls that hang are noticed, whatever they hang on', async () => {
    const { fake } = await withFake();
    fake.nextFault('getUpdates', 'hang_before', 5);
    const { adapter, silences } = await listen(fake, { times: { deafMs: 100, clientSeconds: 30 } });
    await eventually(() => silences.length > 0);
    expect(silences[0]).toBeGreaterThan(100);
    expect(adapter.health()).toMatchObject({ state: 'down', reason: 'no poll has ended for too long' });
    expect(silences).toHaveLength(1);
  });

  it('polls that nobody answers are silence, however often they are begun again', async () => {
    const { fake } = await withFake();
    fake.nextFault('getUpdates', 'hang_before', 1000);
    const { silences } = await listen(fake, { times: { deafMs: 300, clientSeconds: 0.05 } });
    await eventually(() => silences.length > 0);
    expect(fake.calls('getUpdates').length).toBeGreaterThan(1);
  });

  it('polls that fail at once are trouble and no silence', async () => {
    const { fake, ada } = await withFake();
    fake.nextFault('getUpdates', 'drop_before', 15);
    // As if each poll took a while; all of them together are far longer than what counts as deaf.
    const clock = () => fake.calls('getUpdates').length * 50;
    const { silences, texts } = await listen(fake, { clock, times: { deafMs: 200 } });
    ada.tells('after more than that');
    await eventually(() => texts().length === 1);
    expect(silences).toEqual([]);
  });

  it('a half-open connection ends with the patience of the client', async () => {
    const { fake, ada } = await withFake();
    fake.nextFault('getUpdates', 'hang_before');
    const { texts } = await listen(fake, { times: { clientSeconds: 1 } });
    ada.tells('one');
    await eventually(() => texts().length === 1);
  });
});

describe('two processes with the same bot', () => {
  it('one polls; the other stands by, is not deaf, and takes over when the first one leaves', async () => {
    const { fake, ada } = await withFake();
    const { onlyOne, store } = await processes();
    const first = await listen(fake, { onlyOne: onlyOne('p1') });
    await eventually(() => fake.isPolled());
    const second = await listen(fake, { onlyOne: onlyOne('p2'), times: { deafMs: 50 } });
    await eventually(() => second.adapter.health().state === 'standby');
    expect(second.adapter.health()).toMatchObject({ reason: 'another process polls (p1)' });
    expect([first.adapter.isOurs?.(), second.adapter.isOurs?.()]).toEqual([true, false]);
    const began = performance.now();
    for (const text of ['one', 'two', 'three']) ada.tells(text);
    await eventually(() => first.texts().length === 3 && performance.now() - began > 100);
    expect(second.silences).toEqual([]);
    await first.adapter.drain(2000);
    for (const text of ['four', 'five']) ada.tells(text);
    await eventually(() => second.texts().includes('five'));
    await eventually(() => second.adapter.health().state === 'ok');
    // What the first one had stored and not yet confirmed comes again, and the inbox knows it.
    expect([...new Set([...first.texts(), ...second.texts()])]).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
    expect(second.adapter.isOurs?.()).toBe(true);
    expect(fake.calls('getUpdates').filter(({ answer }) => answer?.error_code === 409)).toEqual([]);
    const bot = fake.token.split(':')[0];
    expect(await store.leases.list()).toMatchObject([{ name: `poller:telegram:${bot}`, holder: 'p2' }]);
  });

  it('a refused token leaves the polling to a process that has a better one', async () => {
    const { fake, ada } = await withFake();
    const { onlyOne } = await processes();
    const old = { url: fake.url, token: `${fake.token.split(':')[0]}:AAoldTokenThatWasRevoked_0123456789ab` };
    const first = await listen(old, { onlyOne: onlyOne('p1') });
    await eventually(() => first.adapter.health().state === 'down');
    const second = await listen(fake, { onlyOne: onlyOne('p2') });
    ada.tells('one');
    await eventually(() => second.texts().length === 1);
    expect(first.adapter.health()).toMatchObject({ state: 'down', reason: 'the bot token was refused' });
    expect(first.adapter.isOurs?.()).toBe(false);
  });

  it('whose lease is not confirmed does not poll, says why, and goes on when it is', async () => {
    const { fake, ada } = await withFake();
    const { onlyOne, store } = await processes();
    let broken = false;
    const take: ILeases['take'] = (p) =>
      broken ? Promise.reject(new Error('no answer')) : store.leases.take(p);
    const { adapter, texts } = await listen(fake, { onlyOne: onlyOne('p1', { ...store.leases, take }, 200) });
    await eventually(() => fake.isPolled());
    broken = true;
    await eventually(() => adapter.health().reason?.startsWith('the database does not confirm'));
    await eventually(() => !fake.isPolled());
    expect(adapter.health().state).toBe('degraded');
    broken = false;
    ada.tells('one');
    await eventually(() => texts().length === 1);
  });
});
