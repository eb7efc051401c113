import { describe, expect, it } from 'vitest';
import { toInbound } from '../../../src/bot/telegram/wire.ts';
import { ana, bot, DATE, inGroup, inPrivate, message, press, privateChat, update } from './updates.ts';

const loop: Record<string, unknown> = { update_id: 1 };
loop['message'] = loop;

const UNKNOWN = { kind: 'button', press: { verb: 'no', argument: 'unknown' } } as const;
const UNREADABLE = { kind: 'unreadable' } as const;

/** What came, and what has to become of it; undefined is "nothing to store". */
const hostile: readonly [string, unknown, object | undefined][] = [
  ['nothing', undefined, UNREADABLE],
  ['null', null, UNREADABLE],
  ['a number', 7, UNREADABLE],
  ['a text', 'getUpdates', UNREADABLE],
  ['a list', [message('yes')], UNREADABLE],
  ['an empty object', {}, UNREADABLE],
  ['no update_id', { message: inPrivate('yes') }, UNREADABLE],
  ['an update_id in words', { ...message('yes'), update_id: '700' }, UNREADABLE],
  ['a negative update_id', { ...message('yes'), update_id: -1 }, UNREADABLE],
  ['a broken update_id', { ...message('yes'), update_id: 1.5 }, UNREADABLE],
  ['an update_id beyond all numbers', { ...message('yes'), update_id: 2 ** 60 }, UNREADABLE],
  ['an update_id that is no number', { ...message('yes'), update_id: Number.NaN }, UNREADABLE],
  ['a circle', loop, { ...UNREADABLE, eventKey: '1' }],
  ['a bigint', { update_id: 5n }, UNREADABLE],
  ['an update_id alone', { update_id: 700 }, undefined],
  ['a message that is null', update({ message: null }), { ...UNREADABLE, eventKey: '700' }],
  ['a message that is a list', update({ message: [] }), UNREADABLE],
  ['a message that is a text', update({ message: 'yes' }), UNREADABLE],
  ['an empty message', update({ message: {} }), UNREADABLE],
  ['a message without a chat', update({ message: { ...inPrivate('yes'), chat: undefined } }), UNREADABLE],
  ['a chat of an unknown type', message('yes', { chat: { id: 1, type: 'telepathy' } }), UNREADABLE],
  ['a chat without an id', message('yes', { chat: { type: 'private' } }), UNREADABLE],
  ['a chat id in words', message('yes', { chat: { id: '42', type: 'private' } }), UNREADABLE],
  ['a chat id with a fraction', message('yes', { chat: { id: 4.2, type: 'private' } }), UNREADABLE],
  ['a message_id below zero', message('yes', { message_id: -3 }), UNREADABLE],
  ['a date in words', message('yes', { date: 'today' }), UNREADABLE],
  ['a date before time', message('yes', { date: -1 }), UNREADABLE],
  ['a sender without an id', message('yes', { from: { is_bot: false, first_name: 'Ana' } }), UNREADABLE],
  ['a sender with a negative id', message('yes', { from: { ...ana, id: -1001 } }), UNREADABLE],
  [
    'a sender that hides whether it is a bot',
    message('yes', { from: { id: 42, first_name: 'A' } }),
    UNREADABLE,
  ],
  ['a sender whose is_bot is a word', message('yes', { from: { ...ana, is_bot: 'no' } }), UNREADABLE],
  ['a text that is a number', message('x', { text: 42 }), UNREADABLE],
  ['a text that is an object', message('x', { text: { toString: 'yes' } }), UNREADABLE],
  ['an empty text', message(''), { kind: 'text', text: '' }],
  ['half a surrogate pair', message('\uD83D'), { kind: 'text', text: '\uD83D' }],
  ['a NUL', message('yes\u0000'), { kind: 'text', text: 'yes\uFFFD' }],
  ['a very long text', message('y'.repeat(200_000)), { kind: 'text' }],
  ['entities that are no list', message('yes', { entities: {} }), UNREADABLE],
  [
    'an entity with a negative offset',
    message('yes', { entities: [{ type: 'mention', offset: -5, length: 2 }] }),
    UNREADABLE,
  ],
  [
    'an entity behind the end',
    update({ message: inGroup('yes', { entities: [{ type: 'mention', offset: 900, length: 9 }] }) }),
    { kind: 'text', text: 'yes', addressed: false },
  ],
  [
    'entities that overlap',
    update({
      message: inGroup('@textops_bot yes', {
        entities: [
          { type: 'mention', offset: 0, length: 12 },
          { type: 'text_mention', offset: 0, length: 14, user: { id: bot.id } },
        ],
      }),
    }),
    { kind: 'text' },
  ],
  ['a reply to nothing', message('yes', { reply_to_message: null }), UNREADABLE],
  ['a reply without a chat', message('yes', { reply_to_message: { message_id: 1 } }), UNREADABLE],
  ['a thread id in words', message('yes', { message_thread_id: '17' }), UNREADABLE],
  ['a topic flag without a topic', message('yes', { is_topic_message: true }), { address: 'telegram:42' }],
  [
    'keys of the prototype',
    update(JSON.parse('{"__proto__":{"message":{}},"constructor":1}') as object),
    undefined,
  ],
  ['a sender_chat that is a text', message('yes', { sender_chat: 'ops' }), UNREADABLE],
  ['a migration to nowhere', message('x', { migrate_to_chat_id: 'there' }), UNREADABLE],
  ['a press without an id', press('v1:no', { id: '' }), UNREADABLE],
  ['a press with an endless id', press('v1:no', { id: 'q'.repeat(101) }), UNREADABLE],
  ['a press by nobody', press('v1:no', { from: undefined }), UNREADABLE],
  ['a press without data', press(undefined), UNKNOWN],
  ['a press with data that is a number', press(7), UNREADABLE],
  ['a press with empty data', press(''), UNKNOWN],
  ['a press of a line that is none', press('v1:rd'), UNKNOWN],
  ['a press of a line with a line break', press('v1:rd:backup\nyes K7M2QX'), UNKNOWN],
  ['a press of a line with 65 bytes', press(`v1:rd:${'a'.repeat(59)}`), UNKNOWN],
  ['a press of another version', press('v2:ap:K7M2QX:AAAABBBBCCCCDDDD'), UNKNOWN],
  ['a press with an unknown verb', press('v1:zz:K7M2QX'), UNKNOWN],
  ['a press with a verb of the prototype', press('v1:constructor'), UNKNOWN],
  ['a press that decides about nothing', press('v1:ap'), UNKNOWN],
  ['a press with a small id', press('v1:ap:k7m2qx:AAAABBBBCCCCDDDD'), UNKNOWN],
  ['a press with a long id', press('v1:ap:K7M2QXX:AAAABBBBCCCCDDDD'), UNKNOWN],
  ['a press with a short token', press('v1:ap:K7M2QX:AAAA'), UNKNOWN],
  ['a press with two tokens', press('v1:ap:K7M2QX:AAAABBBBCCCCDDDD:AAAABBBBCCCCDDDD'), UNKNOWN],
  ['a press with a line break', press('v1:ap:K7M2QX:AAAABBBBCCCCDDDD\n'), UNKNOWN],
  ['a press with markup', press('v1:jd:<b>x</b>'), UNKNOWN],
  ['a press with a job and a token', press('v1:jd:backup:AAAABBBBCCCCDDDD'), UNKNOWN],
  ['a press of nothing with an argument', press('v1:no:unknown'), UNKNOWN],
  ['a press with 65 bytes', press(`v1:jd:${'a'.repeat(59)}`), UNKNOWN],
  ['a press with letters that are many bytes', press(`v1:jd:${'я'.repeat(40)}`), UNKNOWN],
  ['a press with 10 000 bytes', press('v1:'.repeat(3333)), UNKNOWN],
  [
    'a press of a line is read as it is',
    press('v1:rd:backup note="a: b"'),
    { press: { verb: 'rd', argument: 'backup note="a: b"' } },
  ],
  ['a press of a question without a value', press('v1:pv:K7M2QX:env'), UNKNOWN],
  ['a press of a value that is no number', press('v1:pv:K7M2QX:env:prod'), UNKNOWN],
  ['a press of a value with two digits', press('v1:pv:K7M2QX:env:10'), UNKNOWN],
  ['a press of a question about nothing', press('v1:pd:K7M2QX'), UNKNOWN],
  ['a press of a question with too much', press('v1:px:K7M2QX:AAAABBBBCCCCDDDD'), UNKNOWN],
  [
    'a press of a value is read as question, parameter and number',
    press('v1:pv:K7M2QX:env:1'),
    { press: { verb: 'pv', argument: 'K7M2QX:env:1' } },
  ],
  [
    'a press of a parameter that is as long as a token',
    press('v1:pd:K7M2QX:sixteen_letters_'),
    { press: { verb: 'pd', argument: 'K7M2QX:sixteen_letters_' } },
  ],
  [
    'a press without a token is still read',
    press('v1:ap:K7M2QX'),
    { press: { verb: 'ap', runId: 'K7M2QX' } },
  ],
  [
    'a membership without a member',
    update({ my_chat_member: { chat: privateChat, date: DATE } }),
    UNREADABLE,
  ],
  [
    'a membership of an unknown kind',
    update({ my_chat_member: { chat: privateChat, date: DATE, new_chat_member: { status: 'ghost' } } }),
    { kind: 'membership', state: 'reachable' },
  ],
];

describe('whatever comes, nothing is thrown', () => {
  it.each(hostile)('%s', (_, given, expected) => {
    // `toMatchObject` has no word for "nothing".
    expect({ inbound: toInbound(bot, given) }).toMatchObject({ inbound: expected });
  });

  const all = hostile.flatMap(([, given]) => toInbound(bot, given) ?? []);

  it('is never a decision', () => {
    const presses = all.flatMap((inbound) => (inbound.kind === 'button' ? [inbound.press] : []));
    expect(presses.length).toBeGreaterThan(10);
    expect(presses.filter(({ token }) => token !== undefined)).toEqual([]);
  });

  it('is kept in a bounded form', () => {
    const endless = toInbound(bot, { message: 'x'.repeat(100_000) });
    const kept = [...all, endless].flatMap((each) => (each?.kind === 'unreadable' ? [each.raw.length] : []));
    expect(Math.max(...kept)).toBe(4000);
  });

  it('the unreadable has a key of its own, so that it is kept once', () => {
    const keys = ['a', 'b', 'b'].map((text) => toInbound(bot, { text })?.eventKey);
    expect(keys[0]).toMatch(/^hash:[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[2]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
