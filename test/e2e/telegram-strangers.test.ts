import { describe, expect, test } from 'vitest';
import type { SaysOptions } from '../fakes/telegram/people.ts';
import { openTown } from './town.ts';

const town = openTown();

const STRANGER =
  /^I do not know you yet\. Send \/link to get a code for an owner; until then I answer nothing else\./;

describe.concurrent('somebody nobody knows', () => {
  test('hears one fixed sentence in private, whatever they write, with no name in it, and may ask for a code', async () => {
    const { runId } = await town.group().asks('ana', '/run backup');
    const home = town.home('zed');
    const words = ['/run backup', `/yes ${runId}`, `/status ${runId}`, '/jobs', 'hello', '/start'];
    for (const text of words) home.hears('zed', text);
    const [told, code, ...more] = await lastAnswerTo(home, home.hears('zed', '/link'));
    expect(told?.text).toMatch(STRANGER);
    expect(told?.text).not.toMatch(/backup|restart|report|Ana|Bob/);
    expect(told?.text).not.toContain(runId);
    expect(code?.text).toMatch(/^Give this code to an owner: /);
    expect(more).toEqual([]);
    expect((await town.run(runId)).run.status).toBe('AwaitingApproval');
  });

  test('is met with silence in a group', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    for (const text of [
      '/run backup',
      `/yes ${card.runId}`,
      '@textops_bot yes',
      '/jobs',
      '/help',
      '/nothing',
    ]) {
      ops.hears('zed', text);
    }
    ops.hears('zed', 'yes', { replyTo: card.messageId });
    await ops.settles();
    expect(ops.said()).toHaveLength(2);
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
  });

  test('gets an answer to a tap, and that is all', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    for (const button of ['Approve', 'Deny', 'Details']) {
      const toast = await ops.presses('zed', card, button);
      expect(toast).toEqual({ text: 'I do not know you, so nothing changed.', showAlert: true });
    }
    await ops.settles();
    expect(ops.said()).toHaveLength(2);
    expect((await town.run(card.runId)).events).toHaveLength(2);
  });
});

describe.concurrent('somebody linked without a role', () => {
  test('may neither ask nor decide nor look', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const toast = await ops.presses('eve', card, 'Approve');
    expect(toast).toEqual({
      text: 'You are linked as Eve but may not approve backup. Approvers: Bob, Cho, Max. Nothing changed.',
      showAlert: true,
    });
    const home = town.home('eve');
    home.hears('eve', '/run backup');
    expect((await home.shows(/"backup"/)).text).toBe(
      'No job called "backup" that you may run. Ask an owner.',
    );
    home.hears('eve', `/yes ${card.runId}`);
    home.hears('eve', `/status ${card.runId}`);
    home.hears('eve', '/whoami');
    await home.shows(/^Eve · no role/);
    expect(home.said().filter(({ text }) => text === `No run ${card.runId}.`)).toHaveLength(2);
    expect((await town.run(card.runId)).events).toHaveLength(2);
  });

  test('an approver who may not ask is told what they may run', async () => {
    const home = town.home('cho');
    home.hears('cho', '/run backup');
    await home.shows(/^You may not ask for backup\. You may run nothing yet\.$/);
  });

  test('an operator learns nothing of a job that is not theirs', async () => {
    const ops = town.group();
    const card = await ops.asks('max', '/run report');
    const home = town.home('ana');
    home.hears('ana', `/status ${card.runId}`);
    await home.shows(new RegExp(`^No run ${card.runId}\\.$`));
    home.hears('ana', '/run report');
    await home.shows(/^No job called "report"/);
  });
});

describe('a message that nobody certainly typed now', () => {
  // An administrator sees everything, so nothing here is withheld by privacy mode.
  const kinds: readonly (readonly [string, SaysOptions])[] = [
    ['forwarded', { forwardFrom: 1002 }],
    ['forwarded from a hidden account', { forwardFrom: 'Bob' }],
    ['an edit', { edited: true }],
    ['sent through another bot', { viaBot: 'some_bot' }],
    ['of an anonymous administrator', { senderChat: 'anonymous' }],
    ['scheduled or an away answer', { offline: true }],
  ];

  test.concurrent.each(kinds)('%s neither decides nor asks', async (_, how) => {
    const ops = town.group({ botStatus: 'administrator' });
    const card = await ops.asks('ana', '/run backup');
    ops.hears('max', `/no ${card.runId}`, how);
    ops.hears('max', '/run backup', how);
    for (const text of ['yes', 'no']) ops.hears('max', text, { ...how, replyTo: card.messageId });
    await ops.settles();
    const others = ops.said().slice(1, -1);
    const isHint = ({ text }: { text: string }): boolean =>
      text === 'Edits are ignored. Send it again as a new message.';
    expect(others.every(isHint)).toBe(true);
    expect(others).toHaveLength(how.edited === true ? 4 : 0);
    expect((await town.run(card.runId)).events).toHaveLength(2);
  });

  test.concurrent('a channel behind a group, and a post of a channel, neither decide nor ask', async () => {
    const ops = town.group({ botStatus: 'administrator' });
    const channel = town.fake.addChat({ type: 'channel', title: 'news', botStatus: 'administrator' });
    const card = await ops.asks('ana', '/run backup');
    for (const text of [`/yes ${card.runId}`, `/no ${card.runId}`, '/run backup']) {
      ops.hears('bob', text, { senderChat: channel.id });
      town.person('bob').says(channel, text);
      const from = town.person('bob').user;
      const post = { message_id: 9, date: Math.floor(Date.now() / 1000), chat: channel, from, text };
      town.fake.pushUpdate({ message: post });
    }
    await ops.settles();
    expect(ops.said()).toHaveLength(2);
    expect(town.fake.botMessages(channel.id)).toEqual([]);
    expect((await town.run(card.runId)).events).toHaveLength(2);
  });

  test.concurrent('an edit of a message that was a command, and of a chat about nothing', async () => {
    const ops = town.group({ botStatus: 'administrator' });
    const card = await ops.asks('ana', '/run backup');
    const typed = ops.hears('bob', 'lunch?');
    town.person('bob').edits({ chatId: ops.id, messageId: typed }, `/yes ${card.runId}`);
    await ops.shows(/^Edits are ignored\. Send it again as a new message\.$/);
    town.person('bob').edits({ chatId: ops.id, messageId: typed }, 'dinner?');
    await ops.settles();
    expect(ops.said()).toHaveLength(3);
    expect((await town.run(card.runId)).events).toHaveLength(2);
  });
});

const lastAnswerTo = async (home: ReturnType<typeof town.home>, messageId: number) => {
  await town.fake.waitFor(() => home.said().some(({ replyTo }) => replyTo === messageId), 30_000);
  return home.said();
};
