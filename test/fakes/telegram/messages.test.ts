import { describe, expect, it } from 'vitest';
import { call, idOf, keyboard, start, withAda } from './harness.ts';
import type { Entity } from './wire.ts';

const notModified =
  'Bad Request: message is not modified: specified new message content and reply markup are ' +
  'exactly the same as a current content and reply markup of the message';

describe('HTML', () => {
  it.each([
    ['<b>a</b> <strong>b</strong>', 'a b', ['bold 0+1', 'bold 2+1']],
    [
      '<i>a</i><em>b</em><u>c</u><s>d</s>',
      'abcd',
      ['italic 0+1', 'italic 1+1', 'underline 2+1', 'strikethrough 3+1'],
    ],
    ['<code>a</code><pre>b</pre>', 'ab', ['code 0+1', 'pre 1+1']],
    ['<pre><code class="language-sh">ls</code></pre>', 'ls', ['pre 0+2 sh']],
    ['<a href="https://x.example/?a=1&amp;b">l</a>', 'l', ['text_link 0+1 https://x.example/?a=1&b']],
    ['<blockquote expandable>q</blockquote>', 'q', ['expandable_blockquote 0+1']],
    ['<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', 'ab', ['spoiler 0+1', 'spoiler 1+1']],
    ['<tg-time unix="1647531900" format="wDT">t</tg-time>', 't', ['date_time 0+1 1647531900']],
    ['<b>🐳 <i>x</i></b>', '🐳 x', ['bold 0+4', 'italic 3+1']],
    ['<b>a <code>b</code> c</b>', 'a b c', ['bold 0+2', 'code 2+1', 'bold 3+2']],
    ['&lt;b&gt; &amp; &quot;&#39;&nope;', '<b> & "\'&nope;', []],
    [' \n<b>a</b>  ', 'a', ['bold 0+1']],
    ['see /run@textops_bot', 'see /run@textops_bot', ['bot_command 4+16']],
  ])('%s', async (html, text, entities) => {
    const { send } = await withAda();
    const { result } = await send(html, { parse_mode: 'HTML' });
    const sent = result as { text: string; entities?: Entity[] };
    expect(sent.text).toBe(text);
    const written = (sent.entities ?? []).map(({ type, offset, length, url, language, unix_time }) =>
      `${type} ${offset}+${length} ${url ?? language ?? unix_time ?? ''}`.trim(),
    );
    expect(written).toEqual(entities);
  });

  it.each([
    ['é<foo>x</foo>', 'Unsupported start tag "foo" at byte offset 2'],
    ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['a <b', 'Unclosed start tag at byte offset 2'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %s', async (html, complaint) => {
    const { send } = await withAda();
    const { description } = await send(html, { parse_mode: 'HTML' });
    expect(description).toBe(`Bad Request: can't parse entities: ${complaint}`);
  });
});

describe('sending', () => {
  it('measures after parsing, in UTF-16 units', async () => {
    const { send } = await withAda();
    expect((await send(`<b>${'x'.repeat(4096)}</b>`, { parse_mode: 'HTML' })).ok).toBe(true);
    expect((await send('🐳'.repeat(2049))).description).toBe('Bad Request: message is too long');
    expect((await send('')).description).toBe('Bad Request: message text is empty');
    expect((await send(' \n ')).description).toBe('Bad Request: text must be non-empty');
  });

  it('allows 64 bytes of callback data, bytes not letters', async () => {
    const { send } = await withAda();
    expect((await send('?', { reply_markup: keyboard(['ok', 'x'.repeat(64)]) })).ok).toBe(true);
    for (const data of ['x'.repeat(65), 'ж'.repeat(33), '']) {
      const { description } = await send('?', { reply_markup: keyboard(['ok', data]) });
      expect(description).toBe('Bad Request: BUTTON_DATA_INVALID');
    }
  });

  it('knows replies, chats and who has not started', async () => {
    const { fake, ada, send } = await withAda();
    const asked = ada.tells('question');
    const replied = await send('answer', { reply_parameters: { message_id: asked.message_id } });
    expect(replied.result).toMatchObject({ reply_to_message: { text: 'question' } });
    expect((await send('x', { reply_parameters: { message_id: 999 } })).description).toBe(
      'Bad Request: message to be replied not found',
    );
    expect(
      (await send('x', { reply_parameters: { message_id: 999, allow_sending_without_reply: true } })).ok,
    ).toBe(true);
    const bob = fake.addUser({ firstName: 'Bob', hasStarted: false });
    const toBob = () => call(fake, 'sendMessage', { chat_id: bob.id, text: 'hi' });
    expect((await toBob()).description).toBe('Bad Request: chat not found');
    bob.tells('/start');
    expect((await toBob()).ok).toBe(true);
  });

  it('keeps forum topics apart and ignores threads where there are none', async () => {
    const fake = await start();
    const forum = fake.addChat({ type: 'supergroup', title: 'Ops', forum: true });
    const plain = fake.addChat({ type: 'group', title: 'Team' });
    const topic = fake.addTopic(forum.id, 'Deploys');
    const to = (chat_id: number, message_thread_id: number) =>
      call(fake, 'sendMessage', { chat_id, message_thread_id, text: 'x' });
    expect((await to(forum.id, topic)).result).toMatchObject({
      message_thread_id: topic,
      is_topic_message: true,
    });
    expect((await to(forum.id, 9999)).description).toBe('Bad Request: message thread not found');
    expect((await to(forum.id, 1)).description).toBe('Bad Request: message thread not found');
    expect((await to(plain.id, 9999)).ok).toBe(true);
    fake.closeTopic(forum.id, topic);
    expect((await to(forum.id, topic)).description).toBe('Bad Request: TOPIC_CLOSED');
  });

  it('floods per chat, per group and overall, and the pause really lasts', async () => {
    let now = 0;
    const flood = { perChat: { callsMax: 1, windowMs: 1000 }, retryAfterSeconds: 5 };
    const { fake, send } = await withAda({ now: () => now, flood });
    fake.addUser({ firstName: 'Bob', id: 43 });
    expect((await send('1')).ok).toBe(true);
    expect(await send('2')).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 5',
      parameters: { retry_after: 5 },
    });
    now = 3000;
    expect((await send('2')).parameters).toEqual({ retry_after: 2 });
    expect((await call(fake, 'sendMessage', { chat_id: 43, text: 'other chat' })).ok).toBe(true);
    now = 5000;
    expect((await send('2')).ok).toBe(true);
    fake.setFlood({ global: { callsMax: 1, windowMs: 2000 } });
    await send('3');
    expect((await call(fake, 'sendMessage', { chat_id: 43, text: 'x' })).parameters).toEqual({
      retry_after: 2,
    });
    now = 10_000;
    const group = fake.addChat({ type: 'group', title: 'Team' });
    fake.setFlood({ perGroup: { callsMax: 1, windowMs: 60_000 } });
    expect((await send('4')).ok && (await send('5')).ok).toBe(true);
    await call(fake, 'sendMessage', { chat_id: group.id, text: 'x' });
    expect((await call(fake, 'sendMessage', { chat_id: group.id, text: 'x' })).parameters).toEqual({
      retry_after: 60,
    });
    fake.setFlood(false);
    fake.pauseSends(42, 7);
    expect((await send('6')).parameters).toEqual({ retry_after: 7 });
  });
});

describe('editing', () => {
  it('changes text and keyboard, and notices when nothing changes', async () => {
    const { fake, send } = await withAda();
    const id = idOf(await send('<b>a</b>', { parse_mode: 'HTML', reply_markup: keyboard(['Yes', 'y']) }));
    const edit = (more: object) =>
      call(fake, 'editMessageText', { chat_id: 42, message_id: id, parse_mode: 'HTML', ...more });
    expect(
      (await edit({ text: '<strong>a</strong>', reply_markup: keyboard(['Yes', 'y']) })).description,
    ).toBe(notModified);
    expect((await edit({ text: 'a', reply_markup: keyboard(['Yes', 'y']) })).ok).toBe(true);
    expect((await edit({ text: 'a' })).ok).toBe(true);
    const markup = { chat_id: 42, message_id: id };
    expect((await call(fake, 'editMessageReplyMarkup', markup)).description).toBe(notModified);
    expect(
      (await call(fake, 'editMessageReplyMarkup', { ...markup, reply_markup: keyboard(['No', 'n']) })).ok,
    ).toBe(true);
    expect(fake.botMessages(42)).toMatchObject([
      { text: 'a', html: 'a', editCount: 3, buttons: [[{ label: 'No', data: 'n' }]] },
    ]);
  });

  it('refuses what is gone or not its own', async () => {
    const { fake, ada, send } = await withAda();
    const id = idOf(await send('a'));
    const edit = (message_id: number) =>
      call(fake, 'editMessageText', { chat_id: 42, message_id, text: 'b' });
    expect((await edit(ada.tells('mine').message_id)).description).toBe(
      "Bad Request: message can't be edited",
    );
    expect((await call(fake, 'deleteMessage', { chat_id: 42, message_id: id })).result).toBe(true);
    expect((await edit(id)).description).toBe('Bad Request: message to edit not found');
    expect((await call(fake, 'deleteMessage', { chat_id: 42, message_id: id })).description).toBe(
      'Bad Request: message to delete not found',
    );
  });
});

describe('callback queries', () => {
  it('are answered once, in time, in 200 units', async () => {
    let now = 0;
    const { fake, ada, send } = await withAda({ now: () => now, callbackExpiryMs: 1000 });
    const id = idOf(await send('?', { reply_markup: keyboard(['Approve', 'v1:yes:t']) }));
    const answer = (callback_query_id: string, text: string) =>
      call(fake, 'answerCallbackQuery', { callback_query_id, text });
    const tooOld = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    const first = ada.presses(id, 'Approve');
    expect((await answer(first, 'x'.repeat(201))).description).toBe('Bad Request: MESSAGE_TOO_LONG');
    expect((await answer(first, 'Approved')).result).toBe(true);
    expect(fake.callbackAnswer(first)).toEqual({ text: 'Approved', showAlert: false });
    expect((await answer(first, 'again')).description).toBe(tooOld);
    const second = ada.presses(id, 'v1:yes:t');
    now = 1001;
    expect((await answer(second, 'late')).description).toBe(tooOld);
    expect((await answer('1', 'unknown')).description).toBe(tooOld);
    expect(() => ada.presses(id, 'Reject')).toThrow('has no button "Reject"');
    expect(ada.presses(id, 'v1:no:made-up', { forged: true })).toMatch(/^\d+$/);
  });
});

describe('small methods', () => {
  it('check what they are given', async () => {
    const { fake, send } = await withAda();
    const id = idOf(await send('a'));
    const react = (emoji: string) =>
      call(fake, 'setMessageReaction', { chat_id: 42, message_id: id, reaction: [{ type: 'emoji', emoji }] });
    expect([(await react('👀')).result, (await react('🥔')).description]).toEqual([
      true,
      'Bad Request: REACTION_INVALID',
    ]);
    expect((await call(fake, 'sendChatAction', { chat_id: 42, action: 'typing' })).result).toBe(true);
    expect((await call(fake, 'sendChatAction', { chat_id: 42, action: 'dance' })).description).toBe(
      'Bad Request: wrong parameter action in request',
    );
    const commands = (command: string) =>
      call(fake, 'setMyCommands', { commands: [{ command, description: 'Start a job' }] });
    expect([(await commands('run')).result, (await commands('Run!')).description]).toEqual([
      true,
      'Bad Request: BOT_COMMAND_INVALID',
    ]);
    expect((await call(fake, 'getMyCommands')).result).toEqual([
      { command: 'run', description: 'Start a job' },
    ]);
    expect((await call(fake, 'getChat', { chat_id: 42 })).result).toMatchObject({
      type: 'private',
      first_name: 'Ada',
    });
    expect((await call(fake, 'leaveChat', { chat_id: 42 })).ok).toBe(false);
  });
});
