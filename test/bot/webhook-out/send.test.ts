import { describe, expect, test } from 'vitest';
import { abilities } from '../../../src/bot/channels.ts';
import { webhookOut } from '../../../src/bot/webhook-out/kind.ts';
import { webhookSender } from '../../../src/bot/webhook-out/send.ts';
import type { Delivered, Delivery } from '../../../src/core/ports/channel.ts';
import { startReceiver } from '../../fakes/receiver.ts';

const { caps } = webhookOut;
const never = new AbortController().signal;
const words = {
  kind: 'note',
  note: { lines: [['Bob: ', { bold: 'backup' }, ' succeeded']], actions: [] },
} as const;

const post = (address: string, more: Partial<Delivery> = {}, timeoutMs?: number): Promise<Delivered> =>
  webhookSender(caps, timeoutMs).deliver(
    { address, content: words, correlationId: 'K7M2QX', key: 'K7M2QX:done', ...more },
    never,
  );

describe('what is said to a program', () => {
  test('is posted as plain words, with the run and a key of its own', async () => {
    const receiver = await startReceiver();
    expect(await post(receiver.address, { runId: 'K7M2QX' })).toEqual({ k: 'sent' });
    expect(await post(receiver.address, { key: 'about nothing' })).toEqual({ k: 'sent' });
    expect(receiver.heard).toEqual([
      { body: 'Bob: backup succeeded', runId: 'K7M2QX', idempotencyKey: 'K7M2QX:done' },
      { body: 'Bob: backup succeeded', runId: null, idempotencyKey: 'about nothing' },
    ]);
  });

  test('is taken once, however often its answer is lost', async () => {
    const receiver = await startReceiver();
    expect(await post(receiver.address)).toEqual({ k: 'sent' });
    receiver.answers('hang up');
    expect(await post(receiver.address)).toMatchObject({ k: 'retry', ambiguous: true });
    expect(await post(receiver.address)).toEqual({ k: 'sent' });
    expect(receiver.heard).toHaveLength(1);
  });

  test.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { k: 'pause', ms: 7000, scope: 'lane' },
    ],
    [{ status: 429 }, { k: 'pause', ms: 1000, scope: 'lane' }],
    [{ status: 503 }, { k: 'retry', ambiguous: false, reason: 'answered 503' }],
    [{ status: 410 }, { k: 'dead', suspend: false, reason: 'answered 410' }],
    [
      { status: 308, headers: { location: '/elsewhere' } },
      { k: 'dead', suspend: false, reason: 'answered 308' },
    ],
  ] as const)('after %o is treated as %o', async (answer, outcome) => {
    const receiver = await startReceiver();
    receiver.answers(answer);
    expect(await post(receiver.address)).toMatchObject(outcome);
    // Nobody is sent elsewhere: that is for whoever wrote the address.
    expect(receiver.calls()).toBe(1);
  });

  test('waits while nobody is there, and holds up nobody else', async () => {
    const receiver = await startReceiver();
    await receiver.close();
    expect(await post(receiver.address)).toMatchObject({ k: 'pause', scope: 'lane' });
  });

  test.each([
    'webhook-out:',
    'webhook-out:user:password@127.0.0.1/ops',
    'webhook-out:127.0.0.1:99999/ops',
    'webhook-out:hooks.example.org?to=ops',
    'telegram:42',
  ])('goes nowhere for %s', async (address) => {
    expect(await post(address)).toEqual({ k: 'dead', suspend: false, reason: `${address} is not here` });
  });
});

test('a program is shown no card, and everybody else what they can be shown', () => {
  const places = [
    'webhook-out:hooks.example.org/ops',
    'telegram:-100',
    'slack:T1:C1',
    'sms:+491701234567',
    'terminal:chat',
    'dev:ops',
  ];
  const able = (ability: (address: string) => boolean) =>
    places.filter(ability).map((place) => place.split(':')[0]);
  expect(able(abilities.cards)).toEqual(['telegram', 'slack', 'terminal']);
  expect(able(abilities.documents)).toEqual(['telegram', 'slack']);
  expect(able(abilities.texts)).toEqual(['sms']);
  expect(able(abilities.forms)).toEqual(['slack']);
  expect(able(abilities.threads)).toEqual(['slack']);
  expect(able(abilities.isGroup)).toEqual(['telegram', 'slack']);
});
