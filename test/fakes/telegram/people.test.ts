import { describe, expect, it } from 'vitest';
import { call, idOf, keyboard, poll, start, updatesOf, withAda } from './harness.ts';
import { connectControls } from './remote-controls.ts';

const inGroup = async (options: Parameters<typeof start>[0] = {}) => {
  const fake = await start(options);
  const ada = fake.addUser({ firstName: 'Ada' });
  const group = fake.addChat({ type: 'group', title: 'Team' });
  const texts = async () => updatesOf(await poll(fake, 0)).map((update) => update.message?.text);
  return { fake, ada, group, texts };
};

describe('chats', () => {
  it('have ids of the right shape', async () => {
    const fake = await start();
    const of = (type: 'group' | 'supergroup' | 'channel') => fake.addChat({ type, title: 'x' }).id;
    expect(fake.addUser({ firstName: 'Ada' }).id).toBeGreaterThan(0);
    expect(of('group')).toBeGreaterThan(-1_000_000_000_000);
    expect(String(of('supergroup'))).toMatch(/^-100\d{10}$/);
    expect(String(of('channel'))).toMatch(/^-100\d{10}$/);
  });

  it('migrate with two service messages, and the old id tells the new one', async () => {
    const { fake, ada, group } = await inGroup();
    const next = fake.migrate(group.id, ada.id);
    const messages = updatesOf(await poll(fake, 0)).map((update) => update.message);
    expect(
      messages.map((message) => [
        message?.chat.id,
        message?.migrate_to_chat_id,
        message?.migrate_from_chat_id,
      ]),
    ).toEqual([
      [group.id, next, undefined],
      [next, undefined, group.id],
    ]);
    expect(await call(fake, 'sendMessage', { chat_id: group.id, text: 'x' })).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: next },
    });
    expect((await call(fake, 'sendMessage', { chat_id: next, text: 'x' })).ok).toBe(true);
  });

  it('are left, entered and closed to the bot with my_chat_member updates', async () => {
    const { fake, ada, group } = await inGroup();
    const say = (chat_id: number) => call(fake, 'sendMessage', { chat_id, text: 'x' });
    ada.blocks();
    expect(await say(ada.id)).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    ada.unblocks();
    expect((await say(ada.id)).ok).toBe(true);
    ada.removesBot(group);
    expect((await say(group.id)).description).toBe('Forbidden: bot was kicked from the group chat');
    ada.addsBot(group);
    await call(fake, 'leaveChat', { chat_id: group.id });
    expect((await say(group.id)).description).toBe('Forbidden: bot is not a member of the group chat');
    const statuses = updatesOf(await poll(fake, 0)).map(
      (update) => update.my_chat_member?.new_chat_member.status,
    );
    expect(statuses).toEqual(['kicked', 'member', 'kicked', 'member', 'left']);
  });
});

describe('privacy mode', () => {
  it('lets through commands for the bot, replies to it and mentions of it', async () => {
    const { fake, ada, group, texts } = await inGroup();
    const prompt = idOf(await call(fake, 'sendMessage', { chat_id: group.id, text: 'Approve?' }));
    ada.says(group, 'chatter');
    ada.says(group, '/run backup');
    ada.says(group, '/run@textops_bot backup');
    ada.says(group, '/run@other_bot backup');
    ada.says(group, 'yes', { replyTo: prompt });
    ada.says(group, 'hey @TextOps_bot look');
    expect(await texts()).toEqual(['/run backup', '/run@textops_bot backup', 'yes', 'hey @TextOps_bot look']);
  });

  it('does not hold for an administrator, nor when it is off', async () => {
    const { fake, ada, texts } = await inGroup();
    ada.says(fake.addChat({ type: 'group', title: 'x', botStatus: 'administrator' }), 'chatter');
    expect(await texts()).toEqual(['chatter']);
    const open = await inGroup({ readsAllGroupMessages: true });
    open.ada.says(open.group, 'chatter');
    expect(await open.texts()).toEqual(['chatter']);
  });
});

describe('what people send', () => {
  it('carries entities, provenance and topic', async () => {
    const { fake, ada } = await withAda();
    const forum = fake.addChat({ type: 'supergroup', title: 'Ops', forum: true, botStatus: 'administrator' });
    const news = fake.addChat({ type: 'channel', title: 'News' });
    ada.tells('/run job @textops_bot');
    ada.tells('a', { forwardFrom: 42, date: 5 });
    ada.tells('b', { forwardFrom: 'Hidden', viaBot: 'gif', offline: true });
    ada.says(forum, 'c', { topic: fake.addTopic(forum.id, 'Deploys') });
    ada.says(forum, 'd', { senderChat: 'anonymous' });
    ada.says(forum, 'e', { senderChat: news.id });
    ada.says(42, 'f', { edited: true });
    const updates = updatesOf(await poll(fake, 0));
    expect(updates.map((update) => update.message ?? update.edited_message)).toMatchObject([
      {
        entities: [
          { type: 'bot_command', offset: 0, length: 4 },
          { type: 'mention', offset: 9, length: 12 },
        ],
      },
      { date: 5, forward_origin: { type: 'user', sender_user: { id: 42 } } },
      { forward_origin: { type: 'hidden_user' }, via_bot: { username: 'gif' }, is_from_offline: true },
      { is_topic_message: true, message_thread_id: expect.any(Number) },
      { from: { username: 'GroupAnonymousBot' }, sender_chat: { id: forum.id } },
      { is_automatic_forward: true, sender_chat: { id: news.id } },
      { text: 'f', edit_date: expect.any(Number) },
    ]);
    expect(updates.at(-1)?.edited_message?.text).toBe('f');
  });

  it('can be edited, with and without a visible change', async () => {
    const { fake, ada } = await withAda();
    const message = ada.tells('/run a');
    ada.edits(message, '/run b');
    ada.edits(message);
    const updates = updatesOf(await poll(fake, 0));
    expect(updates.map((update) => [update.update_id, update.edited_message?.text])).toEqual([
      [100, undefined],
      [101, '/run b'],
      [102, '/run b'],
    ]);
  });

  it('may be anything at all when pushed by hand', async () => {
    const { fake } = await withAda();
    fake.pushUpdate({ message: 'not an object' });
    fake.pushUpdate({});
    expect((await poll(fake, 0)).result).toEqual([
      { message: 'not an object', update_id: 100 },
      { update_id: 101 },
    ]);
  });
});

describe('the remote controls', () => {
  it('do the same from another process', async () => {
    const { fake, send } = await withAda();
    const remote = connectControls(fake.url);
    const bob = await remote.addUser({ firstName: 'Bob', id: 43 });
    await remote.says(bob.id, bob.id, '/start');
    const id = idOf(await send('Approve?', { reply_markup: keyboard(['Yes', 'y']) }));
    const query = await remote.presses(42, 42, id, 'Yes');
    await remote.nextFault('answerCallbackQuery', { status: 502 });
    const params = { callback_query_id: query, text: 'ok' };
    expect(await call(fake, 'answerCallbackQuery', params)).toMatchObject({
      error_code: 502,
      description: 'Bad Gateway',
    });
    expect(await remote.callbackAnswer(query)).toBeUndefined();
    await call(fake, 'answerCallbackQuery', params);
    expect(await remote.callbackAnswer(query)).toEqual({ text: 'ok', showAlert: false });
    expect(await remote.pendingUpdateIds()).toEqual([100, 101]);
    expect(await remote.botMessages(42)).toMatchObject([{ text: 'Approve?' }]);
    await expect(remote.says(1, 1, 'who?')).rejects.toThrow('knows no chat 1');
  });
});
