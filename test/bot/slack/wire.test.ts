import { describe, expect, test } from 'vitest';
import { toInbound } from '../../../src/bot/slack/wire.ts';
import { BOT } from '../../fakes/slack/world.ts';
import { people } from './bench.ts';

const { world, tells, mentions, commands, eventOf } = people();

const KINDS = { events_api: 'event', slash_commands: 'command', interactive: 'interaction' } as const;

const heard = ({ type, payload }: { type: keyof typeof KINDS; payload: object }) =>
  toInbound({ kind: KINDS[type], body: payload }, BOT);

const put = (user: string, thread?: string) =>
  world.put({ channel: 'C1', thread, broadcast: false, user, text: '', blocks: [] });

describe('who speaks, where, and to whom', () => {
  test('a direct message is for us, and a conversation of its own', () => {
    const { envelope, ts } = tells('U2', 'D1', 'run backup');
    expect(heard(envelope)).toMatchObject({
      channel: 'slack',
      account: 'T1',
      eventKey: expect.stringMatching(/^Ev/),
      kind: 'text',
      address: 'slack:T1:D1',
      from: { identity: 'slack:T1:U2' },
      chat: 'private',
      text: 'run backup',
      addressed: true,
      messageId: ts,
      sentAtMs: Math.floor(Number(ts) * 1000),
    });
  });

  test('a mention is for us without the mention', () => {
    const { envelope, ts } = mentions('U2', 'C1', 'yes K7M2QX');
    expect(heard(envelope)).toMatchObject({
      address: 'slack:T1:C1',
      chat: 'group',
      text: 'yes K7M2QX',
      addressed: true,
      messageId: ts,
    });
  });

  test('what is said below a message of ours answers it, in the conversation that it stands in', () => {
    const card = put(BOT);
    const { envelope, ts } = mentions('U2', 'C1', 'yes', { thread: card });
    expect(heard(envelope)).toMatchObject({
      address: 'slack:T1:C1',
      replyTo: card.ts,
      messageId: `${card.ts}/${ts}`,
    });
  });

  test('a thread below somebody else is a conversation of its own, and answers nothing', () => {
    const talk = put('U9');
    const { envelope } = mentions('U2', 'C1', 'yes', { thread: talk });
    const inbound = heard(envelope);
    expect(inbound).toMatchObject({ address: `slack:T1:C1/${talk.ts}`, lane: 'slack:T1:C1' });
    expect(inbound).not.toHaveProperty('replyTo');
  });

  test('what is said in a channel without a mention is talk, except below a message of ours', () => {
    const plain = { type: 'message', channel_type: 'channel', channel: 'C1', user: 'U2', text: 'yes' };
    const card = put(BOT);
    expect(heard(eventOf({ ...plain, ts: '5.1' }))).toMatchObject({ addressed: false });
    const below = { ...plain, ts: '5.2', thread_ts: card.ts, parent_user_id: BOT };
    expect(heard(eventOf(below))).toMatchObject({ addressed: true, replyTo: card.ts });
    // The mention comes as an event of its own, and once is enough.
    expect(heard(eventOf({ ...below, ts: '5.3', text: `<@${BOT}> yes` }))).toMatchObject({
      addressed: false,
    });
  });

  test('what stands behind a slash is for us, and its answer for nobody else', () => {
    expect(heard(commands('U2', 'C1', ' run backup '))).toMatchObject({
      address: 'slack:T1:C1',
      from: { identity: 'slack:T1:U2', name: 'u2' },
      text: 'run backup',
      addressed: true,
      aside: 'always',
      trigger: expect.any(String),
    });
    expect(heard(commands('U2', 'C1', ''))).toMatchObject({ text: 'help' });
  });

  test('links, names and escapes are words again', () => {
    const { envelope } = tells(
      'U2',
      'D1',
      'run x a=&lt;b&gt;&amp;amp; <https://a.example|a.example> <@U9|ana> <#C2|ops>',
    );
    expect(heard(envelope)).toMatchObject({ text: 'run x a=<b>&amp; a.example ana ops' });
  });
});

describe('what never decides', () => {
  const base = {
    type: 'message',
    channel_type: 'im',
    channel: 'D1',
    user: 'U2',
    text: 'yes K7M2QX',
    ts: '7.1',
  };
  test.each([
    ['an edit', { subtype: 'message_changed', message: { ...base, edited: { user: 'U2' } } }, 'edited'],
    ['a mention that was put in later', { edited: { user: 'U2', ts: '7.2' } }, 'edited'],
    ['a message of a bot', { bot_id: 'B7' }, 'anonymous'],
    ['a message of nobody', { user: undefined, subtype: 'bot_message' }, 'anonymous'],
    ['what was written elsewhere and passed on', { attachments: [{ is_share: true }] }, 'forwarded'],
  ])('%s', (_, more, disqualified) => {
    expect(heard(eventOf({ ...base, ...more }))).toMatchObject({ kind: 'text', disqualified });
  });

  test.each([
    ['our own words', { user: BOT }],
    ['somebody who comes in', { subtype: 'channel_join' }],
    ['a message that is gone', { subtype: 'message_deleted', deleted_ts: '7.0' }],
    ['a message without words', { text: undefined }],
  ])('and of no interest is %s', (_, more) => {
    expect(heard(eventOf({ ...base, ...more }))).toBeUndefined();
  });
});

describe('what comes otherwise', () => {
  test('the end of a channel, and that we are let in again, say whether anybody can be reached', () => {
    const gone = heard(eventOf({ type: 'channel_archive', channel: 'C1', user: 'U2' }));
    expect(gone).toMatchObject({ kind: 'membership', address: 'slack:T1:C1', state: 'unreachable' });
    const back = heard(eventOf({ type: 'member_joined_channel', channel: 'C1', user: BOT }));
    expect(back).toMatchObject({ kind: 'membership', state: 'reachable' });
    expect(heard(eventOf({ type: 'member_joined_channel', channel: 'C1', user: 'U2' }))).toBeUndefined();
    expect(heard(eventOf({ type: 'reaction_added' }))).toBeUndefined();
  });

  test('what nobody can read is kept, under a key that is its own', () => {
    const strange = {
      kind: 'command',
      body: { team_id: 'T1', command: '/textops', channel_id: 'nonsense' },
    } as const;
    const first = toInbound(strange, BOT);
    expect(first).toMatchObject({
      kind: 'unreadable',
      account: 'T1',
      reason: expect.stringContaining('channel_id'),
    });
    expect(toInbound(strange, BOT)).toEqual(first);
  });
});
