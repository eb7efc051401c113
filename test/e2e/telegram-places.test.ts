import { describe, expect, test } from 'vitest';
import { until } from './program.ts';
import { openTown } from './town.ts';

const town = openTown();

const status = async (runId: string): Promise<string> => (await town.run(runId)).run.status;

describe.concurrent('a group with privacy mode', () => {
  test('commands, replies and mentions reach the bot; plain words do not', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '@textops_bot run backup');
    ops.hears('bob', `yes ${card.runId}`);
    ops.hears('bob', 'yes');
    await ops.settles();
    expect(await status(card.runId)).toBe('AwaitingApproval');
    ops.hears('bob', `/yes@textops_bot ${card.runId}`);
    await town.runThatIs(card.runId, 'Succeeded');
  });

  test('help and card show the form that gets through; in private the short one', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    expect(card.text).toContain(
      `Or answer /yes ${card.runId} · /no ${card.runId}, or reply to this message.`,
    );
    ops.hears('ana', '/help');
    const help = await ops.shows(/^Ask:/);
    expect(help.text).toContain('/yes <id>, /no <id> [reason], or a reply to the card');
    const home = town.home('ana');
    home.hears('ana', '/help');
    expect((await home.shows(/^Ask:/)).text).toContain('YES <id> / NO <id> [reason]');
    expect((await home.asks('ana', '/run backup')).text).not.toContain('/yes');
  });

  test('what is addressed to another bot, and talk among people, is left alone', async () => {
    // An administrator is handed everything that is written.
    const ops = town.group({ botStatus: 'administrator' });
    const card = await ops.asks('ana', '/run backup');
    const talk = [
      '/run@other_bot backup',
      '@other_bot run backup',
      'yes',
      'run backup',
      `yes ${card.runId}`,
      '/foo',
    ];
    for (const text of talk) ops.hears('max', text);
    const said = town.person('ana').says(ops.id, 'who approves?').message_id;
    ops.hears('bob', 'yes', { replyTo: said });
    await ops.settles();
    expect(ops.said()).toHaveLength(2);
    expect(await status(card.runId)).toBe('AwaitingApproval');
  });
});

describe.concurrent('a forum', () => {
  test('card, answers and result stay in the topic they belong to', async () => {
    const ops = town.group({ forum: true });
    const topic = town.fake.addTopic(ops.id, 'backups');
    const other = town.fake.addTopic(ops.id, 'web');
    const card = await ops.asks('ana', '/run backup', { topic });
    expect(card.threadId).toBe(topic);
    ops.hears('bob', '@textops_bot yes', { topic: other });
    await ops.shows(/^No run waits for you here/);
    ops.hears('bob', '@textops_bot yes', { topic });
    const result = await ops.shows(/backup succeeded in/);
    expect(result.replyTo).toBe(card.messageId);
    const threads = ops.said().map(({ threadId, text }) => [threadId, /No run waits/.test(text)]);
    expect(threads.every(([threadId, elsewhere]) => threadId === (elsewhere === true ? other : topic))).toBe(
      true,
    );
  });

  test('a topic that was closed meanwhile: the result comes to the general one', async () => {
    const ops = town.group({ forum: true });
    const topic = town.fake.addTopic(ops.id, 'backups');
    const card = await ops.asks('ana', '/run backup', { topic });
    town.fake.closeTopic(ops.id, topic);
    await ops.presses('bob', card, 'Approve');
    expect((await ops.shows(/backup succeeded in/)).threadId).toBeUndefined();
  });

  test('a bot that was removed and added again answers in the topic again', async () => {
    const ops = town.group({ forum: true });
    const topic = town.fake.addTopic(ops.id, 'backups');
    const card = await ops.asks('ana', '/run backup', { topic });
    town.person('ana').removesBot(ops.id);
    const home = town.home('bob');
    home.hears('bob', `yes ${card.runId}`);
    await town.runThatIs(card.runId, 'Succeeded');
    const wasRefused = () =>
      town.fake
        .calls()
        .some(({ params, answer }) => Number(params.chat_id) === ops.id && answer?.error_code === 403);
    await until(wasRefused, 10_000);
    town.person('ana').addsBot(ops.id);
    const asked = ops.hears('ana', '/whoami', { topic });
    expect((await ops.shows(/^Ana · operator/)).replyTo).toBe(asked);
  });
});

describe.concurrent('a chat that changes', () => {
  test('a group that becomes a supergroup goes on there, and its card with it', async () => {
    const ops = town.group({ type: 'group' });
    const card = await ops.asks('ana', '/run backup');
    const next = town.room(town.fake.migrate(ops.id, 1001));
    await next.settles();
    // In the old history the button is still there.
    await ops.presses('bob', card, 'Approve');
    await next.shows(/^✅ Succeeded/);
    const result = await next.shows(/backup succeeded in/);
    expect(result.text).toContain(card.runId);
    expect(next.said().find(({ messageId }) => messageId === result.replyTo)?.text).toMatch(/^✅ Succeeded/);
  });

  test('ids of messages begin anew there, so an old card is never taken for a new one', async () => {
    const ops = town.group({ type: 'group' });
    for (let said = 0; said < 5; said += 1) ops.hears('ana', 'talk');
    const old = await ops.asks('ana', '/run backup');
    const next = town.room(town.fake.migrate(ops.id, 1001));
    // Until the next question gets the id before that of the old card.
    while (next.hears('ana', 'talk') < old.messageId - 2);
    const card = await next.asks('ana', '/run restart-web env=prod');
    expect(card.messageId).toBe(old.messageId);
    next.hears('bob', 'yes', { replyTo: card.messageId });
    await town.runThatIs(card.runId, 'Succeeded');
    expect(await status(old.runId)).toBe('AwaitingApproval');
    next.hears('bob', `/no ${old.runId}`);
    await next.shows(new RegExp(`^⛔ Denied · ${old.runId}`));
    await next.becomes(card, new RegExp(`^✅ Succeeded · ${card.runId}`));
  });

  test('a person who blocks the bot is left alone, and heard again after unblocking', async () => {
    const home = town.home('max');
    const card = await home.asks('max', '/run solo');
    const before = home.said().length;
    town.person('max').blocks();
    const ops = town.group();
    ops.hears('bob', `/yes ${card.runId}`);
    await town.runThatIs(card.runId, 'Succeeded');
    await ops.shows(/^Approved/);
    town.person('max').unblocks();
    const asked = home.hears('max', '/whoami');
    expect((await home.shows(/^Max · operator/)).replyTo).toBe(asked);
    expect(home.said()).toHaveLength(before + 1);
    home.hears('max', `/status ${card.runId}`);
    await home.shows(new RegExp(`✅ ${card.runId} solo: succeeded`));
  });
});
