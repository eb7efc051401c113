import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { startFakeTelegram } from '../fakes/telegram-server.ts';
import { freshFolder, say, startProgram, until } from './program.ts';
import { living, openTown, type Room } from './town.ts';
import { TOWN_YAML } from './town-yaml.ts';

// An ambiguous message waits half a minute for its second try; the second process of this town begins after it.
const town = openTown({ env: living(-40_000) });

const cardsOf = (room: Room) => room.said().filter(({ text }) => text.startsWith('⏳ Approval needed'));

const faultsMet = (method: string): number =>
  town.fake.calls(method).filter(({ fault }) => fault !== undefined).length;

/** The dev door decides without Telegram: its seat "bob" is an approver. */
const yesFromElsewhere = (runId: string) =>
  say(town.program, `yes ${runId}`, { from: 'bob', conversation: `c${randomUUID()}` });

/** As the database counts them. */
const ambiguousNow = async (): Promise<number> => {
  const store = await openStore({ url: `file:${town.folder}/data/textops.db` });
  try {
    return (await store.reader.figures(await store.now())).ambiguous;
  } finally {
    await store.close();
  }
};

describe('bad weather between the bot and Telegram', () => {
  test('an answer lost before or after the effect: one more copy at most, and it is counted', async () => {
    const before = town.group();
    const after = town.group();
    town.fake.nextFault('sendMessage', 'drop_before');
    before.hears('ana', '/run backup');
    await until(() => faultsMet('sendMessage') === 1, 10_000);
    town.fake.nextFault('sendMessage', 'drop_after');
    after.hears('ana', '/run backup');
    await until(() => faultsMet('sendMessage') === 2, 10_000);
    expect([cardsOf(before).length, cardsOf(after).length]).toEqual([0, 1]);
    await until(async () => (await ambiguousNow()) === 2, 10_000);
    // What the database knows already, the pipe of the other process may still be bringing.
    const told = () => [...town.program.output().matchAll(/\(it may have arrived\)/g)].length;
    await until(() => told() >= 2, 10_000);
    expect(told()).toBe(2);
    expect(await town.program.stop()).toBe(0);
    await town.start();
    await until(() => cardsOf(before).length === 1 && cardsOf(after).length === 2, 10_000);
    // Either copy decides, and the run knows only one decision.
    const [first, second] = cardsOf(after);
    if (first === undefined || second === undefined) throw new Error('two copies were there');
    expect(second.text.split('\n')[0]).toBe(first.text.split('\n')[0]);
    expect((await after.presses('bob', first, 'Approve')).showAlert).toBe(false);
    const approve = second.buttons.flat()[0]?.data ?? '';
    expect((await after.forges('bob', second, approve)).text).toContain('was already approved by Bob');
    const runId = / · (\w{6})/.exec(first.text)?.[1] ?? '';
    await town.runThatIs(runId, 'Succeeded');
    await after.shows(/backup succeeded in/);
    await before.settles();
    expect(cardsOf(before)).toHaveLength(1);
  });

  test('an update that Telegram delivers again, and numbers that jump', async () => {
    const ops = town.group();
    const asked = ops.hears('ana', '/run backup');
    const card = await ops.shows(/^⏳ Approval needed/);
    const message = {
      message_id: asked,
      date: Math.floor(Date.now() / 1000),
      chat: { id: ops.id, type: 'supergroup', title: 'ops' },
      from: town.person('ana').user,
      text: '/run backup',
      entities: [{ type: 'bot_command', offset: 0, length: 4 }],
    };
    await until(() => town.fake.pendingUpdateIds().length === 0, 10_000);
    const last = town.fake.confirmedUpdateIds().at(-1) ?? 0;
    expect(await town.program.stop()).toBe(0);
    town.fake.jumpUpdateId(last);
    town.fake.pushUpdate({ message });
    await town.start();
    await ops.settles();
    expect(ops.said()).toHaveLength(2);
    expect(ops.said()[0]?.messageId).toBe(card.messageId);
    // After a quiet week the numbers go on anywhere.
    await until(() => town.fake.pendingUpdateIds().length === 0, 10_000);
    town.fake.jumpUpdateId(1_000_000);
    await town.group().asks('ana', '/run backup');
    await until(() => town.fake.pendingUpdateIds().length === 0, 10_000);
    town.fake.jumpUpdateId(5);
    await town.group().asks('ana', '/run backup');
  });

  test('a 429 pauses its own chat for as long as it says, and no other', async () => {
    const slow = town.group();
    const quick = town.group();
    town.fake.pauseSends(slow.id, 3);
    slow.hears('ana', '/whoami');
    await until(
      () => town.fake.calls('sendMessage').some(({ answer }) => answer?.error_code === 429),
      10_000,
    );
    await quick.settles();
    expect(slow.said()).toEqual([]);
    await slow.shows(/^Ana · operator/);
    // The second try came late enough: an impatient one would have been refused as well.
    const tries = town.fake.calls('sendMessage').filter(({ params }) => Number(params.chat_id) === slow.id);
    expect(tries).toHaveLength(2);
  });

  test('an edit whose answer was lost is repeated, and "message is not modified" ends it well', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    town.fake.nextFault('editMessageText', 'drop_after');
    ops.hears('bob', `/no ${card.runId}`);
    await ops.becomes(card, /^⛔ Denied/);
    const again = () => town.fake.calls('editMessageText').find(({ answer }) => answer?.ok === false);
    const refused = await until(again, 10_000);
    expect(refused.answer?.description).toContain('message is not modified');
    await ops.shows(/Bob denied backup/);
    const { outbound } = await say(town.program, 'ops', { conversation: `c${randomUUID()}` });
    expect(outbound[0]?.body).toMatch(/outbox .* 0 dead/);
    expect(cardsOf(ops)).toHaveLength(0);
  });

  test('a server that fails is asked again, and the message arrives once', async () => {
    const ops = town.group();
    town.fake.nextFault('sendMessage', { status: 502 });
    ops.hears('ana', '/whoami');
    await ops.shows(/^Ana · operator/);
    expect(ops.said()).toHaveLength(1);
  });

  test('a poll whose answer is lost or broken brings its updates again, once each', async () => {
    const ops = town.group();
    // The poll that is held now meets no fault any more; the one after it does.
    town.fake.nextFault('getUpdates', 'truncated');
    ops.hears('ana', '/whoami');
    await ops.shows(/^Ana · operator/);
    ops.hears('bob', '/whoami');
    await ops.shows(/^Bob · approver/);
    expect(ops.said()).toHaveLength(2);
  });

  test('a second poller is named in /ops, and polling recovers; a chat that moved meanwhile is followed', async () => {
    const ops = town.group({ type: 'group' });
    const card = await ops.asks('ana', '/run backup');
    await stealPolls();
    const board = await until(async () => {
      const { outbound } = await say(town.program, 'ops', { conversation: `c${randomUUID()}` });
      const words = outbound[0]?.body ?? '';
      return words.includes('another poller') && words;
    }, 10_000);
    expect(board).toContain('telegram degraded');
    // Nobody tells the bot that the group moved: it learns that from the answer to its next message.
    const next = town.room(town.fake.migrate(ops.id, 1001));
    await yesFromElsewhere(card.runId);
    await next.shows(/backup succeeded in/);
    expect(town.fake.isPolled()).toBe(false);
    await until(() => town.fake.isPolled(), 15_000);
    await next.settles();
    const { outbound } = await say(town.program, 'ops', { conversation: `c${randomUUID()}` });
    expect(outbound[0]?.body).toMatch(/channels {2}telegram ok \S+/);
  });
});

/** Takes the connection over, the way a second installation with the same token does. */
const stealPolls = async (): Promise<void> => {
  const hangUp = new AbortController();
  const url = `${town.fake.url}/bot${town.fake.token}/getUpdates?timeout=20`;
  const stolen = fetch(url, { signal: hangUp.signal }).catch(() => undefined);
  await until(() => town.fake.calls('getUpdates').some(({ answer }) => answer?.error_code === 409), 10_000);
  hangUp.abort();
  await stolen;
};

describe('a token that Telegram refuses', () => {
  test('stops the polling, is told in /ops, and the program lives on', async () => {
    await using fake = await startFakeTelegram({ token: '7000000002:AAFakeTelegramTokenForTests_0123456' });
    const folder = await freshFolder(TOWN_YAML);
    const program = await startProgram(folder, {
      TELEGRAM_BOT_TOKEN: '7000000002:AAWrongTelegramTokenForTests_012345',
      TELEGRAM_API_ROOT: fake.url,
    });
    const board = await until(async () => {
      const { outbound } = await say(program, 'ops', { conversation: `c${randomUUID()}` });
      const words = outbound[0]?.body ?? '';
      return words.includes('the bot token was refused') && words;
    }, 10_000);
    expect(board).toContain('telegram down');
    expect(fake.calls('getUpdates')).toEqual([]);
    expect(program.output()).not.toContain('AAWrongTelegramTokenForTests');
    expect(await program.stop()).toBe(0);
  });
});
