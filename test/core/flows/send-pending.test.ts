import { describe, expect, it } from 'vitest';
import { deliveryOf, sendPending } from '../../../src/core/flows/messages/send-pending.ts';
import type { Delivered, Delivery, IMessageSender } from '../../../src/core/ports/channel.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Outgoing } from '../../../src/core/ports/store.ts';
import type { Draft } from '../../../src/core/text/grammar/draft.ts';
import { noon, RUN } from '../../cast.ts';
import { logged } from '../../log-lines.ts';

const note: Draft['content'] = { kind: 'note', note: { lines: [['hello']], actions: [] } };
const card: Draft['content'] = {
  kind: 'card',
  card: { runId: RUN, mark: '', title: 'Running', badges: [], lines: [], actions: [] },
};

const outgoing = (draft: Partial<Draft> = {}, more: Partial<Outgoing> = {}): Outgoing => ({
  outboxId: 1,
  until: noon + 30_000,
  draft: { key: 'k', address: 'telegram:42', priority: 1, content: note, ...draft },
  attempts: 0,
  ambiguous: 0,
  createdAt: noon,
  address: 'telegram:42',
  ...more,
});

describe('what is delivered', () => {
  it('a card is new at first, under the request, and edited from then on', () => {
    const first = { content: card, runId: RUN, replyTo: { messageId: '11' } };
    const basics = { address: 'telegram:42', content: card, key: 'k', correlationId: RUN, runId: RUN };
    expect(deliveryOf(outgoing(first))).toEqual({ ...basics, replyTo: '11' });
    expect(deliveryOf(outgoing(first, { cardMessageId: '501' }))).toEqual({ ...basics, edits: '501' });
  });

  it('a note stands under the card of its run, when there is one', () => {
    const under = { runId: RUN, replyTo: { card: true } } as const;
    expect(deliveryOf(outgoing(under, { cardMessageId: '501' }))).toMatchObject({ replyTo: '501' });
    expect(deliveryOf(outgoing(under))).not.toHaveProperty('replyTo');
    expect(deliveryOf(outgoing({}, { cardMessageId: '501' }))).toEqual({
      address: 'telegram:42',
      content: note,
      key: 'k',
      correlationId: 'k',
    });
  });

  it('a note may take the place of an earlier one', () => {
    const draft = { edits: '77', replyTo: { messageId: '77' } } as const;
    expect(deliveryOf(outgoing(draft))).toEqual({
      address: 'telegram:42',
      content: note,
      key: 'k',
      correlationId: 'k',
      edits: '77',
    });
  });

  it('goes where the conversation lives now', () => {
    expect(deliveryOf(outgoing({}, { address: 'telegram:-1009' }))).toMatchObject({
      address: 'telegram:-1009',
    });
  });
});

/** A channel that answers by a script, and everything that was done besides. */
const scripted = (...script: readonly (Delivered | Error | 'a text is thrown')[]) => {
  const delivered: Delivery[] = [];
  const effects: string[] = [];
  const observations: Observation[] = [];
  const effect = (words: string): Promise<void> => {
    effects.push(words);
    return Promise.resolve();
  };
  const sender: IMessageSender = {
    channel: 'telegram',
    caps: { cards: true, textMax: 4096 },
    deliver: (delivery) => {
      const answer = script[delivered.length];
      delivered.push(delivery);
      if (answer === undefined) throw new Error('the script has ended');
      // What a foreign library throws need not be an error.
      if (answer === 'a text is thrown') throw answer;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    answerPress: () => Promise.resolve(),
  };
  const send = sendPending({
    outbox: {
      pauseLane: (address, until) => effect(`pause ${address} +${until - noon}`),
      readdress: (from, to) => effect(`readdress ${from} ${to}`),
      suspend: (address, reason) => effect(`suspend ${address}: ${reason}`),
    },
    now: () => Promise.resolve(noon),
    chance: () => 0.5,
    observe: logged((observation) => observations.push(observation)),
    pauseChannel: (channel, until) => void effects.push(`pause all ${channel} +${until - noon}`),
  });
  const run = (given: Outgoing = outgoing()) => send(given, sender, new AbortController().signal);
  return { run, delivered, effects, observations };
};

const lost: Delivered = { k: 'retry', ambiguous: true, reason: 'no answer' };
const busy: Delivered = { k: 'retry', ambiguous: false, reason: '502' };

describe('what becomes of a message', () => {
  it('is sent, and its number remembered', async () => {
    const { run, observations } = scripted({ k: 'sent', messageId: '501' });
    expect(await run()).toEqual({ outboxId: 1, k: 'sent', messageId: '501' });
    expect(observations).toEqual([
      {
        kind: 'outbox_sent',
        address: 'telegram:42',
        content: 'note',
        send: { key: 'k', tries: 1, tookMs: 0 },
      },
    ]);
    expect(await scripted({ k: 'sent' }).run()).toEqual({ outboxId: 1, k: 'sent' });
  });

  it('one with a one-time code is kept without it once it is over, and whole until then', async () => {
    const secret = outgoing({ secret: true });
    const kept = { key: 'k', content: { plain: 'There was a one-time code here.' } };
    expect(await scripted({ k: 'sent' }).run(secret)).toMatchObject({ k: 'sent', kept });
    const dead: Delivered = { k: 'dead', suspend: false, reason: 'gone' };
    expect(await scripted(dead).run(secret)).toMatchObject({ k: 'dead', kept });
    expect(await scripted(busy).run(secret)).not.toHaveProperty('kept');
  });

  it('one whose file is not stored any more is given up, and nothing leaves', async () => {
    const { run, delivered } = scripted();
    const attaches = { runId: RUN, epoch: 1, attempt: 3, name: 'backup.log' };
    expect(await run(outgoing({ attaches }))).toMatchObject({
      outboxId: 1,
      k: 'dead',
      error: 'the output is not stored any more',
    });
    expect(delivered).toEqual([]);
  });

  it('a pause is never shorter than asked, pauses its lane only, and is no attempt', async () => {
    const { run, effects } = scripted({ k: 'pause', ms: 7000, scope: 'lane' });
    expect(await run()).toMatchObject({ k: 'later', at: noon + 8000, attempt: false, ambiguous: false });
    expect(effects).toEqual(['pause telegram:42 +8000']);
  });

  it('a pause of everything pauses the channel', async () => {
    const { run, effects } = scripted({ k: 'pause', ms: 5000, scope: 'all' });
    expect(await run()).toMatchObject({ k: 'later', at: noon + 6000, attempt: false });
    expect(effects).toEqual(['pause all telegram +6000']);
  });

  it.each([
    [0, 750],
    [1, 1500],
    [3, 6000],
    [6, 45_000],
  ])(
    'after %i failures waits %i ms, a quarter less than doubling by this chance',
    async (attempts, waitMs) => {
      const { run } = scripted(busy);
      expect(await run(outgoing({}, { attempts }))).toMatchObject({
        k: 'later',
        at: noon + waitMs,
        attempt: true,
      });
    },
  );

  it('is given up at the eighth try', async () => {
    const { run, observations } = scripted(busy);
    const last = outgoing({ runId: RUN }, { attempts: 7 });
    expect(await run(last)).toEqual({
      outboxId: 1,
      until: last.until,
      k: 'dead',
      error: 'gave up: 502',
    });
    expect(observations).toMatchObject([{ kind: 'outbox_dead', runId: RUN, reason: 'gave up: 502' }]);
  });

  it('a lost answer is repeated once, after a while, and counted; a second one ends it', async () => {
    const { run, observations } = scripted(lost);
    expect(await run()).toMatchObject({ k: 'later', at: noon + 30_000, attempt: true, ambiguous: true });
    expect(observations).toMatchObject([{ kind: 'outbox_later', ambiguous: true }]);
    const second = scripted(lost);
    expect(await second.run(outgoing({}, { ambiguous: 1, attempts: 1 }))).toMatchObject({
      k: 'dead',
      error: 'ambiguous: no answer',
    });
  });

  it('a server that is merely busy does not use up the patience with a lost answer', async () => {
    const { run } = scripted(busy);
    expect(await run(outgoing({}, { ambiguous: 1, attempts: 1 }))).toMatchObject({
      k: 'later',
      ambiguous: false,
    });
  });

  it('a sender that throws may have sent', async () => {
    expect(await scripted(new TypeError('x')).run()).toMatchObject({ ambiguous: true, error: 'TypeError' });
    expect(await scripted('a text is thrown').run()).toMatchObject({ ambiguous: true, error: 'a fault' });
  });

  it('a conversation that moved takes its messages along', async () => {
    const { run, effects } = scripted({ k: 'readdress', to: 'telegram:-1009' });
    expect(await run()).toMatchObject({ k: 'later', at: noon, attempt: false, ambiguous: false });
    expect(effects).toEqual(['readdress telegram:42 telegram:-1009']);
  });

  it('a blocked bot suspends the conversation; another refusal ends only this message', async () => {
    const blocked = scripted({ k: 'dead', suspend: true, reason: '403 blocked' });
    expect(await blocked.run()).toMatchObject({ outboxId: 1, k: 'dead', error: '403 blocked' });
    expect(blocked.effects).toEqual(['suspend telegram:42: 403 blocked']);
    const refused = scripted({ k: 'dead', suspend: false, reason: '400 too long' });
    expect(await refused.run()).toMatchObject({ k: 'dead' });
    expect(refused.effects).toEqual([]);
  });

  it('an edit whose message is gone becomes a new message, once', async () => {
    const edit = outgoing({ content: card, runId: RUN }, { cardMessageId: '501' });
    const { run, delivered } = scripted({ k: 'resend_new' }, { k: 'sent', messageId: '502' });
    expect(await run(edit)).toEqual({ outboxId: 1, k: 'sent', messageId: '502' });
    expect(delivered.map(({ edits }) => edits)).toEqual(['501', undefined]);
    const stubborn = scripted({ k: 'resend_new' }, { k: 'resend_new' });
    expect(await stubborn.run(edit)).toMatchObject({ k: 'dead' });
  });
});
