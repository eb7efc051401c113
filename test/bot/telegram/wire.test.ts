import { describe, expect, it } from 'vitest';
import { toInbound } from '../../../src/bot/telegram/wire.ts';
import {
  ana,
  bot,
  botMessage,
  botUser,
  DATE,
  entity,
  groupMessage,
  inGroup,
  inPrivate,
  message,
  ops,
  press,
  privateChat,
  update,
} from './updates.ts';

const read = (given: unknown) => toInbound(bot, given);

describe('a message', () => {
  it('becomes text with the identity, the conversation and the lane of the sender', () => {
    expect(read(message('run backup'))).toEqual({
      kind: 'text',
      channel: 'telegram',
      account: '7000000001',
      eventKey: '700',
      address: 'telegram:42',
      lane: 'telegram:42',
      sentAtMs: DATE * 1000,
      from: { identity: 'telegram:42', name: 'Ana Lee' },
      chat: 'private',
      text: 'run backup',
      addressed: true,
      messageId: '11',
    });
  });

  it('belongs to its topic, and only to a real one', () => {
    const inTopic = groupMessage('/runs', { message_thread_id: 17, is_topic_message: true });
    expect(read(inTopic)).toMatchObject({
      address: 'telegram:-1001234567890/17',
      lane: 'telegram:-1001234567890/17',
    });
    // A reply in a supergroup without topics carries a thread id too.
    const reply = groupMessage('/runs', { message_thread_id: 17 });
    expect(read(reply)).toMatchObject({ address: 'telegram:-1001234567890' });
  });

  it('names the card that it answers, when that is ours and of this chat', () => {
    const answers = (replied: object) => read(groupMessage('yes', { reply_to_message: replied }));
    expect(answers(botMessage)).toMatchObject({ replyTo: '501', addressed: true });
    expect(answers({ ...botMessage, from: ana })).not.toHaveProperty('replyTo');
    expect(answers({ ...botMessage, from: { ...botUser, id: 9 } })).toMatchObject({ addressed: false });
    expect(answers({ ...botMessage, chat: { ...ops, id: -5 } })).not.toHaveProperty('replyTo');
    // The bot opened the topic; every message in it formally answers that.
    expect(answers({ ...botMessage, forum_topic_created: { name: 'x' } })).toMatchObject({
      addressed: false,
    });
  });

  it('says when it answers or quotes something that is not ours, or not of this chat', () => {
    const quotes = (more: object) => read(groupMessage('yes', more));
    for (const replied of [
      { ...botMessage, from: ana },
      { ...botMessage, from: undefined },
      { ...botMessage, chat: { ...ops, id: -5 } },
    ]) {
      expect(quotes({ reply_to_message: replied })).toMatchObject({ quotes: true });
    }
    expect(quotes({ external_reply: { origin: { type: 'user' } } })).toMatchObject({ quotes: true });
    expect(quotes({})).not.toHaveProperty('quotes');
    expect(quotes({ reply_to_message: botMessage })).not.toHaveProperty('quotes');
    const topic = { ...botMessage, forum_topic_created: { name: 'x' } };
    expect(quotes({ reply_to_message: topic })).not.toHaveProperty('quotes');
  });

  it('keeps ids of 52 bits exact', () => {
    const id = 4_503_599_627_370_495;
    const far = update({ message: inPrivate('x', { chat: { id, type: 'private' }, from: { ...ana, id } }) });
    expect(read(far)).toMatchObject({ address: `telegram:${id}`, from: { identity: `telegram:${id}` } });
  });
});

describe('what is meant for us', () => {
  const addressed = (text: string, entities: readonly object[] = [], more: object = {}): unknown => {
    const inbound = read(groupMessage(text, { entities, ...more }));
    return inbound?.kind === 'text' ? [inbound.addressed, inbound.text] : inbound;
  };
  const command = (text: string, part: string) => [entity('bot_command', text, part)];

  it.each<[string, string, object[], boolean, string]>([
    ['chatter', 'yes', [], false, 'yes'],
    ['a command', '/run backup', command('/run backup', '/run'), true, '/run backup'],
    [
      'our command',
      '/run@textops_bot x',
      command('/run@textops_bot x', '/run@textops_bot'),
      true,
      '/run@textops_bot x',
    ],
    [
      'our command, shouted',
      '/RUN@TextOps_Bot',
      command('/RUN@TextOps_Bot', '/RUN@TextOps_Bot'),
      true,
      '/RUN@TextOps_Bot',
    ],
    [
      'another bot’s command',
      '/run@otherbot',
      command('/run@otherbot', '/run@otherbot'),
      false,
      '/run@otherbot',
    ],
    ['a quoted command', 'try /run backup', command('try /run backup', '/run'), false, 'try /run backup'],
    [
      'a mention',
      '@textops_bot run x',
      [entity('mention', '@textops_bot run x', '@textops_bot')],
      true,
      'run x',
    ],
    [
      'a mention behind',
      'run x @textops_bot',
      [entity('mention', 'run x @textops_bot', '@textops_bot')],
      true,
      'run x',
    ],
    ['another mention', '@bob run x', [entity('mention', '@bob run x', '@bob')], false, '@bob run x'],
    [
      'a longer name',
      '@textops_bots x',
      [entity('mention', '@textops_bots x', '@textops_bots')],
      false,
      '@textops_bots x',
    ],
    ['our name unmarked', '@textops_bot x', [], false, '@textops_bot x'],
    [
      'a name that is a link',
      'Ops, jobs',
      [entity('text_mention', 'Ops, jobs', 'Ops,', { user: botUser })],
      true,
      'jobs',
    ],
  ])('%s', (_, text, entities, expected, left) => {
    expect(addressed(text, entities)).toEqual([expected, left]);
  });

  it('a command to another bot stays theirs, though it answers us', () => {
    const text = '/yes@otherbot';
    const entities = command(text, text);
    expect(addressed(text, entities, { reply_to_message: botMessage })).toEqual([false, text]);
  });

  it('in private everything', () => {
    expect(read(message('hello'))).toMatchObject({ addressed: true });
  });
});

describe('what must never decide', () => {
  it.each<[string, object, string]>([
    [
      'forwarded',
      { message: inPrivate('yes', { forward_origin: { type: 'user', date: DATE } }) },
      'forwarded',
    ],
    ['forwarded, the older way', { message: inPrivate('yes', { forward_date: DATE }) }, 'forwarded'],
    ['edited', { edited_message: inPrivate('yes', { edit_date: DATE }) }, 'edited'],
    ['written by an inline bot', { message: inPrivate('yes', { via_bot: botUser }) }, 'via_bot'],
    ['an anonymous administrator', { message: inGroup('/yes', { sender_chat: ops }) }, 'anonymous'],
    ['a bot', { message: inGroup('/yes', { from: { ...ana, is_bot: true } }) }, 'anonymous'],
    ['nobody', { message: inGroup('/yes', { from: undefined }) }, 'anonymous'],
    [
      'copied from the linked channel',
      { message: inGroup('/yes', { is_automatic_forward: true }) },
      'automatic',
    ],
    [
      'a post of a channel',
      { channel_post: inGroup('/yes', { chat: { ...ops, type: 'channel' } }) },
      'channel_post',
    ],
    ['an edited post', { edited_channel_post: inGroup('/yes') }, 'channel_post'],
    ['sent by the schedule', { message: inPrivate('yes', { is_from_offline: true }) }, 'offline'],
    // An edit is answered with a hint; so whatever is worse must win.
    ['edited after forwarding', { edited_message: inPrivate('yes', { forward_date: 1 }) }, 'forwarded'],
    ['edited by an anonymous one', { edited_message: inGroup('/yes', { sender_chat: ops }) }, 'anonymous'],
  ])('%s', (_, body, expected) => {
    expect(read(update(body))).toMatchObject({ kind: 'text', disqualified: expected });
  });

  it('an anonymous sender has the identity of the chat it speaks for, never of an account', () => {
    const spoken = read(groupMessage('/yes', { sender_chat: ops }));
    expect(spoken).toMatchObject({ from: { identity: 'telegram:-1001234567890', name: 'ops' } });
  });

  it('an ordinary message is not disqualified', () => {
    expect(read(message('yes'))).not.toHaveProperty('disqualified');
    const flags = { is_automatic_forward: false, is_from_offline: false };
    expect(read(message('yes', flags))).not.toHaveProperty('disqualified');
  });
});

describe('a press', () => {
  it('names the verb, the run and the token, and who pressed', () => {
    expect(read(press('v1:ap:K7M2QX:AAAABBBBCCCCDDDD'))).toEqual({
      kind: 'button',
      channel: 'telegram',
      account: '7000000001',
      eventKey: '700',
      address: 'telegram:-1001234567890',
      lane: 'telegram:-1001234567890',
      from: { identity: 'telegram:42', name: 'Ana Lee' },
      chat: 'group',
      press: { verb: 'ap', runId: 'K7M2QX', token: 'AAAABBBBCCCCDDDD', pressId: 'q1' },
      messageId: '501',
    });
  });

  it('stays in the topic of its message', () => {
    const inTopic = { ...botMessage, message_thread_id: 17, is_topic_message: true };
    expect(read(press('v1:no', { message: inTopic }))).toMatchObject({
      address: 'telegram:-1001234567890/17',
    });
  });

  it('works on a message that is too old to be shown again', () => {
    const old = { message_id: 501, date: 0, chat: privateChat };
    expect(read(press('v1:jd:backup', { message: old }))).toMatchObject({
      address: 'telegram:42',
      chat: 'private',
      press: { verb: 'jd', argument: 'backup' },
    });
  });

  it('without a message belongs to the person', () => {
    expect(read(press('v1:op', { message: undefined }))).toMatchObject({
      address: 'telegram:42',
      lane: 'telegram:42',
    });
  });

  it('of a bot counts for nobody', () => {
    expect(read(press('v1:no', { from: botUser }))).toMatchObject({ disqualified: 'anonymous' });
  });
});

describe('news about the chat', () => {
  const membership = (chat: object, member: object) =>
    read(
      update({
        my_chat_member: { chat, from: ana, date: DATE, new_chat_member: { user: botUser, ...member } },
      }),
    );

  it.each<[string, object, object, string]>([
    ['blocked', privateChat, { status: 'kicked', until_date: 0 }, 'unreachable'],
    ['unblocked', privateChat, { status: 'member' }, 'reachable'],
    ['removed', ops, { status: 'kicked' }, 'unreachable'],
    ['gone', ops, { status: 'left' }, 'unreachable'],
    ['added', ops, { status: 'member' }, 'reachable'],
    ['promoted', ops, { status: 'administrator' }, 'reachable'],
    ['muted, and still there', ops, { status: 'restricted', is_member: true }, 'reachable'],
    ['muted and gone', ops, { status: 'restricted', is_member: false }, 'unreachable'],
  ])('%s', (_, chat, member, state) => {
    expect(membership(chat, member)).toMatchObject({ kind: 'membership', state });
  });

  it('the group continues elsewhere', () => {
    const moved = update({ message: { ...inGroup(''), text: undefined, migrate_to_chat_id: -1_009 } });
    expect(read(moved)).toMatchObject({
      kind: 'migration',
      address: 'telegram:-1001234567890',
      to: 'telegram:-1009',
    });
  });
});

describe('what is no concern of ours', () => {
  it.each<[string, object]>([
    ['a sticker', { message: { ...inPrivate(''), text: undefined, sticker: {} } }],
    ['a poll', { poll: { id: '1' } }],
    ['an update of the future', { telepathy: {} }],
    [
      'the other half of a migration',
      { message: { ...inGroup(''), text: undefined, migrate_from_chat_id: -5 } },
    ],
  ])('%s', (_, body) => {
    expect(read(update(body))).toBeUndefined();
  });
});
