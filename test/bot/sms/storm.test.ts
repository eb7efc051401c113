import { expect, onTestFinished, test, vi } from 'vitest';
import { startSender } from '../../../src/bot/sender.ts';
import { smsSender } from '../../../src/bot/sms/send.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { openStore } from '../../../src/db/open.ts';
import { note, nothing } from '../../contracts/given.ts';
import { createMessage, failure, newWorld, type Outcome } from '../../fakes/twilio/world.ts';
import { logged } from '../../log-lines.ts';
import { senderThat, virtualTime } from '../../retries/virtual-time.ts';
import { seeded } from '../../seeded.ts';

vi.mock('node:timers/promises', async () => (await import('../../retries/virtual-time.ts')).promisedTimer);

const MINUTE_MS = 60_000;
const STORM_MS = 5 * MINUTE_MS;
const NUMBERS = Array.from({ length: 20 }, (_, index) => `+4917012345${String(index).padStart(2, '0')}`);
const EACH = 6;

interface Window {
  readonly from: number;
  readonly until: number;
  /** Absent: the whole account. */
  readonly to?: string;
}

/** A Twilio in whose weather nothing is sure, for five minutes; its clock is that of the test. */
const stormy = (chance: () => number, began: number) => {
  const world = newWorld(() => Date.now());
  const windows: Window[] = [];
  const met = { throttled: 0, failed: 0, lost: 0 };
  const answer = (outcome: Outcome): Response =>
    Response.json(outcome.body, { status: outcome.status, headers: { ...outcome.headers } });
  const throttle = (to: string): Response => {
    const seconds = 1 + Math.floor(chance() * 20);
    const isAccount = chance() < 0.3;
    met.throttled += 1;
    const [from, until] = [Date.now(), Date.now() + seconds * 1000];
    windows.push({ from, until, ...(isAccount ? {} : { to }) });
    return answer(failure(429, isAccount ? 20_429 : 14_107, { 'retry-after': String(seconds) }));
  };
  const fetch = async (_: string, init: { readonly body: string }): Promise<Response> => {
    const form = new Map(new URLSearchParams(init.body));
    const to = form.get('To') ?? '';
    world.calls.push({ at: Date.now(), to, status: 'none', code: undefined });
    const luck = Date.now() < began + STORM_MS ? chance() : 1;
    if (luck < 0.3) return throttle(to);
    if (luck < 0.45) {
      met.failed += 1;
      return answer(failure(503, 20_500));
    }
    if (luck < 0.6) {
      met.lost += 1;
      if (luck < 0.53) createMessage(world, form);
      throw Object.assign(new TypeError('fetch failed'), {
        cause: Object.assign(new Error(), { code: 'UND_ERR_SOCKET' }),
      });
    }
    return answer(createMessage(world, form));
  };
  return { world, windows, met, fetch };
};

test('five minutes of 429, 5xx and lost answers lose nothing, and double only what was in doubt', async () => {
  const time = virtualTime();
  const began = Date.now();
  const chance = seeded(20_261_126);
  const { world, windows, met, fetch } = stormy(chance, began);
  vi.stubGlobal('fetch', fetch);
  onTestFinished(() => void vi.unstubAllGlobals());
  const store = await openStore({ url: ':memory:', clock: time.now });
  onTestFinished(() => store.close());
  const seen: Observation[] = [];
  const elsewhere: number[] = [];
  const running = startSender({
    outbox: store.outbox,
    senders: [
      smsSender({
        ...world,
        apiRoot: 'http://twilio.test',
        publicUrl: 'https://ops.example.org',
        onRefused: () => undefined,
      }),
      senderThat(() => {
        elsewhere.push(Date.now());
        return { k: 'sent', messageId: '1' };
      }),
    ],
    observe: logged((observation) => void seen.push(observation)),
    now: () => store.now(),
    owner: 's',
    chance,
  });
  const bodies: string[] = [];
  const written: number[] = [];
  for (let round = 0; round < EACH; round += 1) {
    const outbox = NUMBERS.map((number) => {
      const key = `m${round} to ${number}`;
      bodies.push(key);
      return note(key, { address: `sms:${number}` });
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
  const given = new Set(letters.map(({ error }) => error));
  expect([...given].filter((error) => !error.startsWith('ambiguous'))).toEqual([]);
  const arrived = bodies.filter((body) => world.sent.some((one) => one.body.endsWith(body)));
  expect(arrived.length + letters.length).toBeGreaterThanOrEqual(bodies.length);
  expect((await store.reader.figures(await store.now())).openOutbox).toBe(0);
  // Twice came at most what was in doubt.
  const doubts = seen.filter((one) => one.kind === 'outbox_later' && one.ambiguous).length;
  expect(world.sent.length - arrived.length).toBeLessThanOrEqual(doubts);
  // Nobody called while a pause lasted that they knew of.
  const early = world.calls.flatMap(({ at, to }) =>
    windows.filter(
      (window) => at > window.from && at < window.until && (window.to === undefined || window.to === to),
    ),
  );
  expect(early).toEqual([]);
  // Each number hears things in order.
  for (const number of NUMBERS) {
    const heard = [...new Set(world.sent.filter(({ to }) => to === number).map(({ body }) => body))];
    expect(heard).toEqual(heard.toSorted());
  }
  // And whoever is elsewhere noticed nothing.
  expect(elsewhere.map((at, index) => at - (written[index] ?? 0)).every((late) => late <= 1500)).toBe(true);
  expect(elsewhere).toHaveLength(EACH);
});
