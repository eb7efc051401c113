import { expect, onTestFinished, test, vi } from 'vitest';
import { startSender } from '../../../src/bot/sender.ts';
import { slackSender } from '../../../src/bot/slack/send.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { openStore } from '../../../src/db/open.ts';
import { note, nothing } from '../../contracts/given.ts';
import { createWorld, METHODS } from '../../fakes/slack/world.ts';
import { logged } from '../../log-lines.ts';
import { senderThat, virtualTime } from '../../retries/virtual-time.ts';
import { seeded } from '../../seeded.ts';
import { mint } from './bench.ts';

vi.mock('node:timers/promises', async () => (await import('../../retries/virtual-time.ts')).promisedTimer);

const MINUTE_MS = 60_000;
const STORM_MS = 5 * MINUTE_MS;
const CHANNELS = Array.from({ length: 20 }, (_, index) => `C${100 + index}`);
const EACH = 6;

interface Window {
  readonly channel: string;
  readonly from: number;
  readonly until: number;
}

/** A Slack in whose weather nothing is sure, for five minutes; its clock is that of the test. */
const stormy = (chance: () => number, began: number) => {
  const world = createWorld();
  const windows: Window[] = [];
  const calls: { readonly at: number; readonly channel: string }[] = [];
  const met = { throttled: 0, failed: 0, lost: 0 };
  const send = (params: Readonly<Record<string, string>>): Response => {
    const call = { method: 'chat.postMessage', token: '', params };
    return Response.json(METHODS['chat.postMessage']?.(world, call, ''));
  };
  const throttle = (channel: string): Response => {
    const seconds = 1 + Math.floor(chance() * 20);
    met.throttled += 1;
    windows.push({ channel, from: Date.now(), until: Date.now() + seconds * 1000 });
    return new Response(null, { status: 429, headers: { 'retry-after': String(seconds) } });
  };
  const fetch = async (_: string, init: { readonly body: string }): Promise<Response> => {
    const params = Object.fromEntries(new URLSearchParams(init.body));
    const { channel = '' } = params;
    calls.push({ at: Date.now(), channel });
    const luck = Date.now() < began + STORM_MS ? chance() : 1;
    if (luck < 0.3) return throttle(channel);
    if (luck < 0.45) {
      met.failed += 1;
      return new Response('upstream', { status: 503 });
    }
    if (luck < 0.6) {
      met.lost += 1;
      if (luck < 0.53) send(params);
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error(), { code: 'UND_ERR_SOCKET' }),
      });
    }
    return send(params);
  };
  return { world, windows, calls, met, fetch };
};

test('five minutes of 429, 5xx and lost answers lose nothing, and double only what was in doubt', async () => {
  // Loading it takes real time.
  await import('@slack/web-api');
  const time = virtualTime();
  const chance = seeded(20_261_127);
  const { world, windows, calls, met, fetch } = stormy(chance, Date.now());
  vi.stubGlobal('fetch', fetch);
  onTestFinished(() => void vi.unstubAllGlobals());
  const store = await openStore({ url: ':memory:', clock: time.now });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  const elsewhere: number[] = [];
  const observe = logged((observation: Observation): void => void seen.push(observation));
  const running = startSender({
    outbox: store.outbox,
    senders: [
      slackSender({
        tokenOf: () => Promise.resolve({ token: 'xoxb-storm', of: 'us' }),
        apiRoot: 'http://slack.test/api/',
        buttonToken: mint,
        observe,
        clock: () => Date.now(),
        onRefused: () => undefined,
      }),
      senderThat(() => {
        elsewhere.push(Date.now());
        return { k: 'sent', messageId: '1' };
      }),
    ],
    observe,
    now: () => store.now(),
    owner: 's',
    chance,
  });
  const bodies: string[] = [];
  const written: number[] = [];
  for (let round = 0; round < EACH; round += 1) {
    const outbox = CHANNELS.map((channel, index) => {
      // Threads are lanes of their own, and share the limit of their channel.
      const thread = index % 2 === 0 ? '' : '/1700000000.000001';
      const key = `m${round} to ${channel}`;
      bodies.push(key);
      return note(key, { address: `slack:T1:${channel}${round % 2 === 0 ? '' : thread}` });
    });
    const at = await store.now();
    written.push(at);
    await store.runs.commit([
      { ...nothing, outbox: [...outbox, note(`t${round}`, { address: 'telegram:1' })], at },
    ]);
    await time.passes(STORM_MS / EACH);
  }
  await time.passes(30 * MINUTE_MS);
  await time.over(running.stop());

  // The storm was one.
  expect(met.throttled).toBeGreaterThan(20);
  expect(met.failed).toBeGreaterThan(10);
  expect(met.lost).toBeGreaterThan(10);
  // Nothing is lost: it arrived, or somebody is told that it may not have.
  const letters = await store.deadLetters.list(500);
  expect(letters.map(({ error }) => error).filter((error) => !error.startsWith('ambiguous'))).toEqual([]);
  const arrived = bodies.filter((body) => world.messages.some(({ text }) => text.endsWith(body)));
  expect(arrived.length + letters.length).toBeGreaterThanOrEqual(bodies.length);
  expect((await store.reader.figures(await store.now())).openOutbox).toBe(0);
  // Twice came at most what was in doubt.
  const doubts = seen.filter((one) => one.kind === 'outbox_later' && one.ambiguous).length;
  expect(world.messages.length - arrived.length).toBeLessThanOrEqual(doubts);
  // Nobody called into a channel while its pause lasted.
  const early = calls.flatMap(({ at, channel }) =>
    windows.filter((window) => window.channel === channel && at > window.from && at < window.until),
  );
  expect(early).toEqual([]);
  // And whoever is elsewhere noticed nothing.
  expect(elsewhere.map((at, index) => at - (written[index] ?? 0)).every((late) => late <= 1500)).toBe(true);
  expect(elsewhere).toHaveLength(EACH);
});
