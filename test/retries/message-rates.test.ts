import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startInboxPump } from '../../src/bot/inbox-pump.ts';
import { startSender } from '../../src/bot/sender.ts';
import { telegramAdapter } from '../../src/bot/telegram/start.ts';
import type { Delivered } from '../../src/core/ports/channel.ts';
import { RETRIES, type Retry } from '../../src/core/time/retries.ts';
import { openStore } from '../../src/db/open.ts';
import { alone } from '../alone.ts';
import { note, nothing, text } from '../contracts/given.ts';
import { expectKept, faultsByLoop, HOUR_MS, senderThat, tally, virtualTime } from './virtual-time.ts';

// What tries again meets a fault that stays, and an hour passes. Nothing may be tried more often than its row says, and
// nothing in a tight loop.

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).promisedTimer);

describe('a message that goes out', () => {
  test.each([
    ['a server that fails', { k: 'retry', ambiguous: false, reason: '502' }, RETRIES.send],
    ['lost answers', { k: 'retry', ambiguous: true, reason: 'no answer' }, RETRIES.sendAgain],
    [
      'no connection',
      { k: 'pause', ms: RETRIES.sendUnreachable.pauseMsMin, scope: 'all' },
      RETRIES.sendUnreachable,
    ],
    [
      'a refused token',
      { k: 'pause', ms: RETRIES.sendRefused.pauseMsMin, scope: 'all' },
      RETRIES.sendRefused,
    ],
  ] as const)('to %s', async (_, answer: Delivered, row: Retry) => {
    const time = virtualTime();
    const store = await openStore({ url: ':memory:', clock: time.now });
    onTestFinished(() => store.close());
    const tried = tally();
    const channel = senderThat(() => {
      tried.count();
      return answer;
    });
    await store.runs.commit([{ ...nothing, outbox: [hello], at: await store.now() }]);
    const running = startSender({
      outbox: store.outbox,
      senders: [channel],
      observe: () => undefined,
      now: () => store.now(),
      owner: 's',
      chance: () => 0,
    });
    await time.passes(HOUR_MS);
    await time.over(running.stop());
    expectKept(row, tried);
    const { openOutbox, deadOutbox } = await store.reader.figures(await store.now());
    const over = row.triesMax !== undefined;
    expect([openOutbox, deadOutbox]).toEqual(over ? [0, 1] : [1, 0]);
    expect(tried.times.length).toBeGreaterThanOrEqual(row.triesMax ?? 10);
  });

  test('and whose end cannot be stored', async () => {
    const time = virtualTime();
    const store = await openStore({ url: ':memory:', clock: time.now });
    const { loops, observe } = faultsByLoop();
    await store.runs.commit([{ ...nothing, outbox: [hello], at: await store.now() }]);
    const channel = senderThat(async () => {
      await store.close();
      return { k: 'sent' };
    });
    const running = startSender({
      outbox: store.outbox,
      senders: [channel],
      observe,
      now: () => store.now(),
      owner: 's',
      chance: () => 0,
    });
    await time.passes(HOUR_MS);
    await time.over(running.stop());
    const tried = loops.get('sender settlement');
    if (tried === undefined) throw new Error('nothing was settled');
    expectKept(RETRIES.settlement, tried);
  });
});

describe('a message that came in', () => {
  test('and that nobody can handle', async () => {
    const time = virtualTime();
    const store = await openStore({ url: ':memory:', clock: time.now });
    onTestFinished(() => store.close());
    const tried = tally();
    await store.inbox.accept([text('u1')], await store.now());
    const running = startInboxPump({
      inbox: store.inbox,
      owner: 'p',
      handle: () => {
        tried.count();
        return Promise.reject(new Error('a bug'));
      },
      senderOf: () => undefined,
      observe: () => undefined,
      now: () => store.now(),
    });
    await time.passes(HOUR_MS);
    await time.over(running.stop());
    expectKept(RETRIES.inbound, tried);
    expect(tried.times).toHaveLength(RETRIES.inbound.triesMax);
    expect((await store.reader.figures(await store.now())).deadInbox).toBe(1);
  });
});

describe('polling Telegram', () => {
  const polls = async (answer: (method: string) => Promise<Response>) => {
    const time = virtualTime();
    const tried = tally();
    vi.stubGlobal('fetch', (url: string) => {
      const method = url.slice(url.lastIndexOf('/') + 1);
      if (method === 'getUpdates') tried.count();
      return answer(method);
    });
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const adapter = telegramAdapter({
      token: '7000000001:AAFakeTelegramTokenForTests_0123456',
      observe: () => undefined,
      now: () => Date.now(),
      clock: () => performance.now(),
      onDeaf: () => undefined,
      onlyOne: alone,
    });
    await adapter.start(() => Promise.resolve());
    await time.passes(HOUR_MS);
    await time.over(adapter.drain(1000));
    return tried;
  };
  const introduced = (method: string): Promise<Response> | undefined =>
    method === 'getUpdates'
      ? undefined
      : Promise.resolve(Response.json({ ok: true, result: { id: 7, username: 'bot', is_bot: true } }));
  const refused = (error_code: number) =>
    Promise.resolve(Response.json({ ok: false, error_code, description: 'no' }, { status: error_code }));

  test('over a network that is not there', async () => {
    const gone = () => Promise.reject(new TypeError('fetch failed'));
    expectKept(RETRIES.poll, await polls((method) => introduced(method) ?? gone()));
  });

  test('at a server that fails', async () => {
    expectKept(RETRIES.poll, await polls((method) => introduced(method) ?? refused(502)));
  });

  test('beside another poller', async () => {
    expectKept(RETRIES.polling, await polls((method) => introduced(method) ?? refused(409)));
  });

  test('with a token that is refused', async () => {
    expect((await polls((method) => introduced(method) ?? refused(401))).times).toHaveLength(1);
  });
});

const hello = note('hello', { address: 'telegram:1' });
