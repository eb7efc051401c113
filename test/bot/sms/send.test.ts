import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smsSender } from '../../../src/bot/sms/send.ts';
import type { Delivery } from '../../../src/core/ports/channel.ts';
import { RETRIES } from '../../../src/core/time/retries.ts';
import type { Fault } from '../../fakes/twilio/world.ts';
import { type FakeTwilio, startFakeTwilio } from '../../fakes/twilio-server.ts';

const PUBLIC = 'https://ops.example.org';
const BOB = '+491701234568';

let fake: FakeTwilio;
beforeEach(async () => {
  fake = await startFakeTwilio();
});
afterEach(() => fake.close());

const refusals: boolean[] = [];

const senderTo = (apiRoot = fake.url, more: object = {}) =>
  smsSender({
    accountSid: fake.accountSid,
    authToken: fake.authToken,
    from: fake.from,
    apiRoot,
    publicUrl: PUBLIC,
    onRefused: (refused) => void refusals.push(refused),
    timeoutMs: 1000,
    ...more,
  });

const delivery = (words: string, address = `sms:${BOB}`): Delivery => ({
  address,
  content: { kind: 'note', note: { lines: [[words]], actions: [] }, plain: words },
  correlationId: 'K7M2QX',
  key: 'k',
});

const send = (sender = senderTo(), address?: string) =>
  sender.deliver(delivery('Run K7M2QX succeeded: done', address), new AbortController().signal);

describe('a text that goes out', () => {
  test('is one message, and asks to be told how far it comes', async () => {
    const delivered = await send();
    expect(delivered).toEqual({ k: 'sent', messageId: fake.sent[0]?.sid });
    expect(fake.sent).toEqual([
      expect.objectContaining({
        to: BOB,
        from: fake.from,
        body: 'TextOps: Run K7M2QX succeeded: done',
        segments: 1,
        statusCallback: `${PUBLIC}/webhooks/twilio/status`,
      }),
    ]);
  });

  test('goes through a messaging service where there is one', async () => {
    expect(await send(senderTo(fake.url, { from: `MG${'b'.repeat(32)}` }))).toMatchObject({ k: 'sent' });
  });

  test.each<[string, Fault, object]>([
    ['too many requests', { status: 429, retryAfterS: 7 }, { k: 'pause', ms: 7000, scope: 'all' }],
    ['too many requests, no matter how long', { status: 429 }, { k: 'pause', ms: 1000, scope: 'all' }],
    [
      'too many for one number',
      { status: 429, code: 14_107, retryAfterS: 3 },
      { k: 'pause', ms: 3000, scope: 'lane' },
    ],
    [
      'a server that fails',
      { status: 503 },
      { k: 'retry', ambiguous: false, reason: 'Twilio answered 503 (20500)' },
    ],
    ['a connection that ends early', 'drop_before', { k: 'retry', ambiguous: true }],
    ['an answer that is lost', 'drop_after', { k: 'retry', ambiguous: true }],
    ['an answer that breaks off', 'truncated', { k: 'retry', ambiguous: true }],
    ['no answer', 'hang', { k: 'retry', ambiguous: true, reason: 'no answer from Twilio (TimeoutError)' }],
  ])('%s', async (_, fault, outcome) => {
    fake.nextFault(fault);
    expect(await send()).toMatchObject(outcome);
    expect(fake.calls).toHaveLength(1);
  });

  test('whoever said STOP is written to no more, and that is told', async () => {
    await fake.texts(BOB, 'STOP').catch(() => undefined);
    expect(await send()).toEqual({
      k: 'dead',
      suspend: true,
      optedOut: true,
      reason: 'Twilio answered 400 (21610)',
    });
    expect(fake.sent).toEqual([]);
  });

  test.each([21_211, 21_614])('a number that cannot get texts (%s) is tried once', async (code) => {
    fake.isHopeless(BOB, code);
    expect(await send()).toEqual({ k: 'dead', suspend: true, reason: `Twilio answered 400 (${code})` });
  });

  test('a number that is none of ours to send from, and an address of another channel', async () => {
    expect(await send(senderTo(fake.url, { from: '+15005550001' }))).toEqual({
      k: 'dead',
      suspend: false,
      reason: 'Twilio answered 400 (21606)',
    });
    expect(await send(senderTo(), 'telegram:17')).toMatchObject({ k: 'dead', suspend: false });
    expect(fake.calls).toHaveLength(1);
  });

  test('an account that is refused is told, and so is one that is good again', async () => {
    refusals.length = 0;
    const ms = RETRIES.sendRefused.pauseMsMin;
    expect(await send(senderTo(fake.url, { authToken: 'the-token-of-last-year' }))).toEqual({
      k: 'pause',
      ms,
      scope: 'all',
    });
    await send();
    expect(refusals).toEqual([true, false]);
  });

  test('where nobody listens nothing was sent, so no try is counted', async () => {
    await fake.close();
    const ms = RETRIES.sendUnreachable.pauseMsMin;
    expect(await send()).toEqual({ k: 'pause', ms, scope: 'all' });
    fake = await startFakeTwilio();
  });
});
