import { describe, expect, test } from 'vitest';
import { say, until } from './program.ts';
import { openTown } from './town.ts';

const town = openTown();

const ops = async (): Promise<string> => {
  const { outbound } = await say(town.program, 'ops', { conversation: `c${Math.random()}` });
  return outbound[0]?.body ?? '';
};

describe('updates that no schema reads', () => {
  test('forty of them: the program lives on, decides nothing, answers the next good one and counts them', async () => {
    const room = town.group();
    const card = await room.asks('ana', '/run backup');
    const approve = card.buttons.flat()[0]?.data;
    const bob = town.person('bob').user;
    const chat = { id: room.id, type: 'supergroup' };
    const text = `/yes ${card.runId}`;
    const good = { message_id: 900, date: 1, chat, from: bob, text };
    const callback = { id: '1', from: bob, chat_instance: '1', data: approve };
    const bodies: readonly Record<string, unknown>[] = [
      ...[null, 1, 'text', [], true, {}].map((message) => ({ message })),
      ...[null, 1, 'text', [], true, {}].map((callback_query) => ({ callback_query })),
      ...[null, 1, 'text', [], true, {}].map((my_chat_member) => ({ my_chat_member })),
      ...[null, '7', {}, [], -1, 1.5].map((message_id) => ({ message: { ...good, message_id } })),
      ...[null, 'now', -1, {}].map((date) => ({ message: { ...good, date } })),
      ...[null, 7, 'ops', { id: 'x' }, { id: room.id, type: 'castle' }].map((it) => ({
        message: { ...good, chat: it },
      })),
      ...[7, 'bob', { ...bob, id: '1002' }, { ...bob, id: 0 }].map((from) => ({
        message: { ...good, from },
      })),
      ...[7, { text }, [text]].map((it) => ({ message: { ...good, text: it } })),
      { message: { ...good, entities: 'all' } },
      { message: { ...good, reply_to_message: 5 } },
      { callback_query: { ...callback, id: 1 } },
      { callback_query: { ...callback, id: '' } },
      { callback_query: { ...callback, message: 'card' } },
      { callback_query: { ...callback, data: 7 } },
      { edited_message: { ...good, date: 'later' } },
    ];
    expect(bodies.length).toBeGreaterThanOrEqual(40);
    for (const body of bodies) town.fake.pushUpdate(body);
    await room.settles();
    expect((await town.run(card.runId)).events).toHaveLength(2);
    expect(room.said()).toHaveLength(2);
    expect(await ops()).toContain(`Dead letters: ${bodies.length} in, 0 out`);
    room.hears('ana', '/ops');
    const board = await room.shows(/Dead letters/);
    expect(board.html).toMatch(new RegExp(`outbox .* ${bodies.length} dead !`));
    expect(board.text).toMatch(/channels {2}telegram ok \d/);
  });

  test('well-formed updates of no interest are confirmed and leave no trace', async () => {
    const before = /\d+ dead/.exec(await ops())?.[0];
    const room = town.group();
    const chat = { id: room.id, type: 'supergroup' };
    const from = town.person('ana').user;
    const plain = { message_id: 901, date: 1, chat, from };
    for (const extra of [
      { sticker: {} },
      { photo: [] },
      { new_chat_title: 'x' },
      { dice: { value: 6 } },
      { poll: {} },
    ]) {
      town.fake.pushUpdate({ message: { ...plain, ...extra } });
    }
    town.fake.pushUpdate({});
    town.fake.pushUpdate({ something_new: { id: 1 } });
    await room.settles();
    await until(() => town.fake.pendingUpdateIds().length === 0, 10_000);
    expect(room.said()).toHaveLength(1);
    expect(/\d+ dead/.exec(await ops())?.[0]).toBe(before);
  });
});

describe('the catalog while the program runs', () => {
  test('a bad edit is reported and the old catalog stays; a good one becomes a new version', async () => {
    const room = town.group();
    await town.edit((yaml) => yaml.replace('title: Back up', 'tittle: Back up'));
    const named = /textops\.yaml:\d+:\d+ jobs\.backup\.tittle: unknown key; did you mean "title"\?/;
    await until(() => named.test(town.program.output()), 10_000);
    await until(() => town.program.output().includes('the old catalog stays live'), 10_000);
    const old = await room.asks('ana', '/run backup');
    expect(old.text).toContain('backup v1 — Back up the main database');
    await town.edit((yaml) => yaml.replace('tittle: Back up', 'title: Really back up'));
    const next = await until(async () => {
      const response = await fetch(`${town.program.url}/jobs/backup`);
      return (await response.text()).includes('Really back up');
    }, 10_000);
    expect(next).toBe(true);
    const card = await room.asks('ana', '/run backup');
    expect(card.text).toContain('backup v2 — Really back up the main database');
    // What was asked before the edit stays what it was.
    await room.presses('bob', old, 'Approve');
    expect((await room.becomes(old, /^✅ Succeeded/)).text).toContain('backup v1');
  });
});
