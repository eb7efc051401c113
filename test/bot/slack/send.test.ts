import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/core/ports/channel.ts';
import type { Note } from '../../../src/core/text/cards/rich.ts';
import type { SlackOptions } from '../../fakes/slack-server.ts';
import { cardIn, story } from '../terminal/story.ts';
import { connectedToSlack } from './bench.ts';

const never = new AbortController().signal;
const note = (more: Partial<Note> = {}): Delivery['content'] => ({
  kind: 'note',
  note: { lines: [['hello']], actions: [], ...more },
});
const card = () => cardIn(story().asked());
const to = (address: string, more: Partial<Delivery> = {}): Delivery => ({
  address,
  content: note(),
  correlationId: 'K7M2QX',
  key: 'k',
  ...more,
});

const open = async (options?: SlackOptions) => {
  const slack = await connectedToSlack(options);
  const { fake, sender } = slack;
  const deliver = (delivery: Delivery) => sender.deliver(delivery, never);
  const last = () => fake.world.messages.at(-1);
  return { ...slack, deliver, last };
};

describe('where a message stands', () => {
  test('a card stands in the channel itself, and everything else about its run hangs from it', async () => {
    const { deliver, last } = await open();
    const asked = await deliver(to('slack:T1:C1', { content: card(), replyTo: '1700000000.000001' }));
    expect(last()).toMatchObject({ channel: 'C1', thread: undefined });
    if (asked.k !== 'sent') throw new Error(asked.k);
    await deliver(to('slack:T1:C1', { replyTo: asked.messageId ?? '' }));
    expect(last()).toMatchObject({ thread: asked.messageId, broadcast: false });
    await deliver(to('slack:T1:C1', { replyTo: asked.messageId ?? '', content: note({ loud: true }) }));
    expect(last()).toMatchObject({ thread: asked.messageId, broadcast: true });
  });

  test('what answers in a thread stays in that thread, whose first message names it', async () => {
    const { deliver, last } = await open();
    const root = await deliver(to('slack:T1:C1'));
    if (root.k !== 'sent') throw new Error(root.k);
    const reply = await deliver(to('slack:T1:C1', { replyTo: `${root.messageId}/1700000000.000009` }));
    expect(last()).toMatchObject({ thread: root.messageId });
    expect(reply).toEqual({ k: 'sent', messageId: `${root.messageId}/${last()?.ts}` });
    await deliver(to(`slack:T1:C1/${root.messageId}`, { content: card() }));
    expect(last()).toMatchObject({ thread: root.messageId });
  });

  test('a conversation of two has no threads but those that somebody began', async () => {
    const { deliver, last } = await open();
    await deliver(to('slack:T1:D1', { replyTo: '1700000000.000001' }));
    expect(last()).toMatchObject({ channel: 'D1', thread: undefined });
  });

  test('what is for a person moves to the conversation with them, where it can be edited', async () => {
    const { deliver, fake, last } = await open();
    expect(await deliver(to('slack:T1:U2'))).toEqual({ k: 'readdress', to: 'slack:T1:D2' });
    expect(last()).toBeUndefined();
    fake.world.strange.add('U3');
    expect(await deliver(to('slack:T1:U3'))).toMatchObject({ k: 'dead', reason: 'user_not_found' });
    fake.fails('conversations.open', 'reset');
    expect(await deliver(to('slack:T1:U2'))).toMatchObject({ k: 'retry' });
  });

  test('without the right to begin conversations only those are lost', async () => {
    const { deliver } = await open({ scopes: ['chat:write'] });
    const reason = 'the app lacks the scope im:write';
    expect(await deliver(to('slack:T1:U2'))).toEqual({ k: 'dead', suspend: false, reason });
    expect(await deliver(to('slack:T1:C1'))).toMatchObject({ k: 'sent' });
  });

  test('what is for one person alone is shown to nobody else', async () => {
    const { deliver, last } = await open();
    await deliver(to('slack:T1:C1', { onlyFor: 'slack:T1:U2' }));
    expect(last()).toMatchObject({ onlyFor: 'U2' });
    await deliver(to('slack:T1:D1', { onlyFor: 'slack:T1:U2' }));
    expect(last()?.onlyFor).toBeUndefined();
  });

  test('a card that cannot be edited any more is asked for anew', async () => {
    const { deliver } = await open();
    const gone = to('slack:T1:C1', { content: card(), edits: '1700000000.000001' });
    expect(await deliver(gone)).toEqual({ k: 'resend_new' });
  });
});

describe('what Slack answers', () => {
  const after = async (...faults: Parameters<Awaited<ReturnType<typeof open>>['fake']['fails']>[1][]) => {
    const slack = await open();
    slack.fake.fails('chat.postMessage', ...faults);
    return { ...slack, delivered: await slack.deliver(to('slack:T1:C1')) };
  };

  test('a failure is tried again, and certainly did nothing', async () => {
    const { delivered } = await after('http_500');
    expect(delivered).toEqual({ k: 'retry', ambiguous: false, reason: 'Slack answered 503' });
  });

  test.each([['lost'], ['hang'], ['internal_error']] as const)(
    'an answer that is %s leaves it open',
    async (fault) => {
      const { delivered } = await after(fault);
      expect(delivered).toMatchObject({ k: 'retry', ambiguous: true });
    },
  );

  test('a pause is kept by every thread of the channel, and by no other channel', async () => {
    const { delivered, deliver, fake } = await after({ retryAfter: 30 });
    expect(delivered).toEqual({ k: 'pause', ms: 30_000, scope: 'lane' });
    expect(await deliver(to('slack:T1:C1/1700000000.000001'))).toMatchObject({ k: 'pause', scope: 'lane' });
    expect(await deliver(to('slack:T1:C1', { onlyFor: 'slack:T1:U2' }))).toMatchObject({ k: 'pause' });
    expect((await deliver(to('slack:T1:C2'))).k).toBe('sent');
    expect(fake.calls().filter(({ early }) => early)).toEqual([]);
  });

  test('nobody is looked for in a channel that is closed, until Slack says otherwise', async () => {
    const { deliver, fake } = await open();
    fake.world.archived.add('C1');
    expect(await deliver(to('slack:T1:C1'))).toEqual({ k: 'dead', suspend: true, reason: 'is_archived' });
    fake.world.strange.add('C2');
    expect(await deliver(to('slack:T1:C2'))).toEqual({
      k: 'dead',
      suspend: true,
      reason: 'channel_not_found',
    });
    expect(await deliver(to('telegram:5'))).toMatchObject({ k: 'dead', suspend: false });
  });

  test('a token that was refused stops everything, and is seen in the health', async () => {
    const { sender, adapter } = await connectedToSlack({}, { botToken: 'xoxb-of-yesterday' });
    expect(await sender.deliver(to('slack:T1:C1'), never)).toMatchObject({ k: 'pause', scope: 'all' });
    expect(adapter.health()).toMatchObject({ state: 'down', reason: 'the token was refused' });
  });

  test('where nobody listens nothing was sent, and the whole channel waits', async () => {
    const { fake, sender } = await connectedToSlack();
    await fake.close();
    expect(await sender.deliver(to('slack:T1:C1'), never)).toMatchObject({ k: 'pause', scope: 'all' });
  });
});
