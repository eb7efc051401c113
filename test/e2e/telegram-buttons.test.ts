import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openTown } from './town.ts';

const town = openTown();

const typesOf = async (runId: string): Promise<readonly string[]> =>
  (await town.run(runId)).events.map(({ type }) => type);

const WAITING = ['RunCreated', 'ApprovalRequested'];
const STALE = { text: 'This button is out of date; use the newest card. Nothing changed.', showAlert: true };

describe.concurrent('buttons', () => {
  test('a double tap counts once, and both taps are answered', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const [first, second] = await Promise.all([
      ops.presses('bob', card, 'Approve'),
      ops.presses('bob', card, 'Approve'),
    ]);
    expect(first).toEqual({ text: `Approved ${card.runId}`, showAlert: false });
    expect(second.showAlert).toBe(true);
    expect(second.text).toContain(`${card.runId} (backup) was already approved by Bob`);
    await town.runThatIs(card.runId, 'Succeeded');
    expect((await typesOf(card.runId)).filter((type) => type === 'RunApproved')).toHaveLength(1);
    expect((await typesOf(card.runId)).filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  test('Approve and Deny at the same time: one of them counts', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const toasts = await Promise.all([ops.presses('bob', card, 'Deny'), ops.presses('cho', card, 'Approve')]);
    expect(toasts.filter(({ showAlert }) => showAlert)).toHaveLength(1);
    const decided = (await typesOf(card.runId)).filter((type) => /^Run(Approved|Denied)$/.test(type));
    expect(decided).toHaveLength(1);
  });

  test('a late tap after a denial says who denied, and changes nothing', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const approve = card.buttons.flat()[0]?.data ?? '';
    await ops.presses('bob', card, 'Deny');
    const denied = await ops.becomes(card, /^⛔ Denied/);
    const toast = await ops.forges('cho', denied, approve);
    expect(toast.showAlert).toBe(true);
    expect(toast.text).toMatch(/^Already denied by Bob \d\d:\d\d( UTC)?\. Nothing changed\.$/);
    expect(await typesOf(card.runId)).toEqual([...WAITING, 'RunDenied']);
  });

  test('the button of one run cannot be bent to another, nor Deny to Approve', async () => {
    const ops = town.group();
    const one = await ops.asks('ana', '/run backup');
    const two = await ops.asks('ana', '/run backup');
    const [approve = '', deny = ''] = one.buttons.flat().map(({ data }) => data ?? '');
    const token = approve.split(':')[3] ?? '';
    const forged = [
      `v1:ap:${two.runId}:${token}`,
      `v1:ap:${one.runId}:${deny.split(':')[3] ?? ''}`,
      `v1:ap:${one.runId}`,
      `v1:dn:${one.runId}:AAAAAAAAAAAAAAAA`,
      `v1:cx:${one.runId}:${token}`,
      `v1:rs:${one.runId}:${token}`,
      `v1:rc:${one.runId}:${token}`,
    ];
    for (const data of forged) expect(await ops.forges('bob', one, data)).toEqual(STALE);
    for (const data of [`v2${approve.slice(2)}`, `${approve}x`, approve.toUpperCase(), `${approve}:1`]) {
      expect(await ops.forges('bob', one, data)).toEqual(STALE);
    }
    expect(await typesOf(one.runId)).toEqual(WAITING);
    expect(await typesOf(two.runId)).toEqual(WAITING);
    // What was forged all the time still works as it was meant.
    expect((await ops.forges('bob', one, deny)).text).toBe(
      `Denied ${one.runId}. Reply to the card to add a reason.`,
    );
  });

  test('a button of before a recovery is out of date, and the new one counts', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const [old = ''] = card.buttons.flat().map(({ data }) => data ?? '');
    ops.hears('ana', `/cancel ${card.runId}`);
    await ops.becomes(card, /^⛔ Canceled/);
    ops.hears('ana', `/recover ${card.runId}`);
    const again = await ops.becomes(card, /^⏳ Approval needed/);
    expect(await ops.forges('bob', again, old)).toEqual(STALE);
    expect((await town.run(card.runId)).run.status).toBe('AwaitingApproval');
    expect((await ops.presses('bob', again, 'Approve')).showAlert).toBe(false);
    await town.runThatIs(card.runId, 'Succeeded');
  });

  test('a hundred random inventions have no effect and get an answer each', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const before = (await town.runs()).filter(({ runId }) => runId === card.runId);
    const verbs = ['ap', 'dn', 'cx', 'rs', 'rc'];
    const inventions = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0
        ? `v1:${verbs[index % 5] ?? ''}:${card.runId}:${randomBytes(12).toString('base64url')}`
        : randomBytes(1 + (index % 40)).toString('latin1'),
    );
    const toasts = await Promise.all(inventions.map((data) => ops.forges('bob', card, data)));
    for (const toast of toasts) expect([STALE]).toContainEqual(toast);
    expect(await typesOf(card.runId)).toEqual(WAITING);
    expect((await town.runs()).filter(({ runId }) => runId === card.runId)).toEqual(before);
    expect(ops.said()).toHaveLength(1);
  });

  test('a tap whose query Telegram has forgotten still decides', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const data = card.buttons.flat()[0]?.data;
    // The fake knows no query of this id, so answering it is refused as too old.
    town.fake.pushUpdate({
      callback_query: {
        id: '999',
        from: town.person('bob').user,
        message: { message_id: card.messageId, date: 0, chat: { id: ops.id, type: 'supergroup' } },
        chat_instance: '1',
        data,
      },
    });
    await ops.becomes(card, /^✅ Succeeded/);
    const answers = town.fake
      .calls('answerCallbackQuery')
      .filter(({ params }) => params.callback_query_id === '999');
    expect(answers[0]?.answer?.description).toContain('query is too old');
    expect((await town.run(card.runId)).events[2]?.actor).toBe('user:telegram:1002');
  });

  test('a card forwarded to somebody else decides by who taps it, not by where it lies', async () => {
    const ops = town.group();
    const card = await ops.asks('ana', '/run backup');
    const elsewhere = await town.group().asks('ana', '/run backup');
    const data = card.buttons.flat()[0]?.data ?? '';
    expect((await ops.forges('eve', elsewhere, data)).text).toBe(
      'You are linked as Eve but may not approve backup. Approvers: Bob, Cho, Max. Nothing changed.',
    );
    expect(await typesOf(card.runId)).toEqual(WAITING);
  });
});
