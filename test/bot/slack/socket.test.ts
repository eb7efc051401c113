import { describe, expect, onTestFinished, test } from 'vitest';
import type { Inbound } from '../../../src/core/ports/channel.ts';
import { eventually } from '../eventually.ts';
import { connectedToSlack } from './bench.ts';

const open = async (...how: Parameters<typeof connectedToSlack>) => {
  const slack = await connectedToSlack(...how);
  const inbox: Inbound[] = [];
  await slack.adapter.start((batch) => Promise.resolve(void inbox.push(...batch)));
  onTestFinished(() => slack.adapter.drain(2000));
  const { make, deliver } = slack.fake;
  const says = (text: string) => deliver(make.tells('U1', 'D1', text).envelope);
  const texts = () => inbox.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
  return { ...slack, inbox, says, texts };
};

describe('a socket', () => {
  test('brings commands, events and buttons, and each is acknowledged with nothing in it', async () => {
    const { fake, inbox } = await open({ retryMs: 3000 });
    const { make, deliver, sockets, world } = fake;
    await eventually(() => sockets.count() === 1);
    const message = world.put({
      channel: 'C1',
      thread: undefined,
      broadcast: false,
      user: 'UBOT',
      text: '',
      blocks: [{ type: 'actions', elements: [{ text: { text: 'Details' }, value: 'v1:dt:K7M2QX' }] }],
    });
    const ids = [
      deliver(make.commands('U1', 'C1', 'jobs')),
      deliver(make.mentions('U1', 'C1', 'jobs').envelope),
      deliver(make.presses('U1', message, 'Details')),
    ];
    await eventually(() => sockets.unacknowledged() === 0);
    expect(inbox.map(({ kind }) => kind)).toEqual(['text', 'text', 'button']);
    expect(inbox[2]).toMatchObject({ press: { verb: 'dt', runId: 'K7M2QX' }, messageId: message.ts });
    for (const id of ids) expect(sockets.responseTo(id)).toEqual({});
  });

  test('that Slack recycles is followed by another one, and nothing is lost between them', async () => {
    const { fake, says, texts, adapter } = await open();
    await eventually(() => fake.sockets.count() === 1);
    fake.sockets.recycle();
    says('in between');
    await eventually(() => texts().includes('in between') && fake.sockets.unacknowledged() === 0);
    await eventually(() => fake.sockets.opened() >= 2);
    expect(adapter.health().state).toBe('ok');
  });

  test('on which nobody says anything is known to live', async () => {
    const { fake, adapter } = await open();
    await eventually(() => fake.sockets.count() === 1 && adapter.health().state === 'ok');
    const before = adapter.health().lastHeardMs ?? 0;
    await eventually(() => (adapter.health().lastHeardMs ?? 0) > before);
    expect(fake.sockets.acknowledged()).toBe(0);
  });

  test('that breaks is followed by another one', async () => {
    const { fake, says, texts } = await open();
    await eventually(() => fake.sockets.count() === 1);
    fake.sockets.breakAll();
    says('after the break');
    await eventually(() => texts().includes('after the break'));
  });

  test('that cannot be opened is tried again, and the health says why', async () => {
    const slack = await connectedToSlack();
    slack.fake.fails('apps.connections.open', 'http_500', { retryAfter: 1 }, 'reset');
    await slack.adapter.start(() => Promise.resolve());
    onTestFinished(() => slack.adapter.drain(2000));
    const troubles = () => slack.seen.flatMap((o) => (o.kind === 'channel_state' ? [o.state] : []));
    await eventually(() => slack.fake.sockets.count() === 1);
    expect(troubles()).toContain('degraded');
    await eventually(() => slack.adapter.health().state === 'ok');
  });

  test.each([
    ['the bot token', { botToken: 'xoxb-of-yesterday' }],
    ['the app token', { appToken: 'xapp-of-yesterday' }],
  ])('is not asked for again when Slack refuses %s', async (_, own) => {
    const { adapter, fake, seen } = await open({}, own);
    await eventually(() => adapter.health().state === 'down');
    expect(adapter.health().reason).toBe('the token was refused (invalid_auth)');
    const calls = fake.calls().length;
    expect(calls).toBeLessThanOrEqual(2);
    expect(JSON.stringify(seen)).not.toContain('of-yesterday');
  });
});
