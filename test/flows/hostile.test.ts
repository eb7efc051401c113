import { expect } from 'vitest';
import { toInbound } from '../../src/bot/telegram/wire.ts';
import type { Handled } from '../../src/core/flows/messages/heard.ts';
import { bot, botUser } from '../bot/telegram/updates.ts';
import { noon } from '../cast.ts';
import { arrives } from './chat.ts';
import { onEveryStore, type Town } from './town.ts';

// What somebody can make Telegram deliver, from the update on: with a client of their own, a channel, a look-alike name.

const GROUP = 'telegram:-100';
const group = { id: -100, type: 'supergroup', title: 'ops' };
const channel = { id: -1500, type: 'channel', title: 'news' };
const bob = { id: 42, is_bot: false, first_name: 'Bob', username: 'bob' };

let updates = 0;

const newUpdate = (kind: string, text: string, more: object = {}) => {
  updates += 1;
  const command = { type: 'bot_command', offset: 0, length: text.split(' ', 1)[0]?.length ?? 0 };
  const entities = text.startsWith('/') ? [command] : [];
  const base = { message_id: 3000 + updates, date: noon / 1000, chat: group, from: bob, text, entities };
  const message = { ...base, ...more };
  return { update_id: 9000 + updates, [kind]: message };
};

const delivers = (town: Town, update: object): Promise<Handled | undefined> => {
  const inbound = toInbound(bot, update);
  if (inbound === undefined) throw new Error('Telegram would not have delivered that');
  return arrives({ rooms: () => town.rooms, now: town.now }, inbound);
};

/** Ways to make words of Bob's arrive that he did not write here and now. */
const SHAPES: Readonly<Record<string, (text: string, reply: object) => object>> = {
  forwarded: (text, reply) =>
    newUpdate('message', text, { ...reply, forward_origin: { type: 'user', date: 1 } }),
  'forwarded, the older way': (text, reply) => newUpdate('message', text, { ...reply, forward_date: 1 }),
  'forwarded from a hidden account': (text, reply) =>
    newUpdate('message', text, {
      ...reply,
      forward_origin: { type: 'hidden_user', sender_user_name: 'Bob' },
    }),
  edited: (text, reply) => newUpdate('edited_message', text, { ...reply, edit_date: 2 }),
  'edited after it was forwarded': (text, reply) =>
    newUpdate('edited_message', text, { ...reply, forward_date: 1 }),
  'through another bot': (text, reply) => newUpdate('message', text, { ...reply, via_bot: botUser }),
  'as an anonymous administrator': (text, reply) =>
    newUpdate('message', text, { ...reply, sender_chat: group }),
  'as a channel': (text, reply) => newUpdate('message', text, { ...reply, sender_chat: channel }),
  'by a bot': (text, reply) => newUpdate('message', text, { ...reply, from: { ...bob, is_bot: true } }),
  'by nobody': (text, reply) => newUpdate('message', text, { ...reply, from: undefined }),
  'copied from the linked channel': (text, reply) =>
    newUpdate('message', text, { ...reply, is_automatic_forward: true }),
  'sent by the schedule': (text, reply) => newUpdate('message', text, { ...reply, is_from_offline: true }),
  'a post of a channel': (text, reply) => newUpdate('channel_post', text, { ...reply, chat: channel }),
  'an edited post': (text, reply) => newUpdate('edited_channel_post', text, { ...reply, chat: channel }),
};

const replyTo = (messageId: string, from: object = botUser) => ({
  reply_to_message: { message_id: Number(messageId), chat: { id: -100 }, from },
});

const cardOf = async (town: Town, runId: string): Promise<string> =>
  (await town.shown()).findLast((one) => one.isCard && one.runId === runId)?.messageId ?? '';

/** One that waits, one that is approved and waits for its start, one that has failed. */
const threeRuns = async (town: Town): Promise<readonly [string, string, string]> => {
  const ops = town.chat(GROUP);
  const failed = await ops.asks('ana', 'run backup');
  await ops.says('bob', `yes ${failed}`);
  await (await town.worker().takes()).fails();
  await town.worker().beats();
  const heavy = await ops.asks('ana', 'run db-migrate to=1');
  for (const who of ['bob', 'cho']) await ops.says(who, `yes ${heavy}`);
  return [await ops.asks('ana', 'run backup'), heavy, failed];
};

const histories = async (town: Town, runIds: readonly string[]): Promise<readonly (readonly string[])[]> =>
  Promise.all(runIds.map((runId) => town.events(runId)));

/** Letters that look like ours and are others; what is written so must never mean what it looks like. */
const lookalike = (text: string): string =>
  text.replaceAll(/[aceopsxyKMTHB]/g, (letter) => 'асеорѕхуКМТНВ'['aceopsxyKMTHB'.indexOf(letter)] ?? letter);

const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfe_e0));

onEveryStore((story) => {
  story(
    'fourteen shapes of words that nobody wrote here, at runs of three states, decide nothing',
    async (town) => {
      const runIds = await threeRuns(town);
      const [waits, heavy, failed] = runIds;
      const before = await histories(town, runIds);
      const card = replyTo(await cardOf(town, waits));
      for (const shape of Object.values(SHAPES)) {
        const lines = [
          `/yes ${waits}`,
          `/no ${waits}`,
          `/cancel ${waits}`,
          `/resume ${heavy}`,
          `/recover ${failed}`,
        ];
        for (const line of [...lines, '/run report']) await delivers(town, shape(line, {}));
        for (const line of ['yes', 'no', '/cancel']) await delivers(town, shape(line, card));
      }
      expect(await histories(town, runIds)).toEqual(before);
      expect((await town.store.runs.list({ limit: 10 })).runs).toHaveLength(3);
      // The same without the shape counts, so it was the shape that made the difference.
      await delivers(town, newUpdate('message', 'yes', card));
      expect((await town.run(waits)).status).toBe('Dispatching');
    },
  );

  story('a yes that quotes or answers something else is asked what it means', async (town) => {
    const ops = town.chat(GROUP);
    const own = town.chat('telegram:42');
    const runId = await ops.asks('ana', 'run backup');
    await town.store.outbox.readdress(GROUP, 'telegram:42', town.now());
    await own.hears();
    const here = { chat: { id: 42, type: 'private' } };
    const elsewhere = { external_reply: { origin: { type: 'channel', date: 1, chat: channel } } };
    const told = { reply_to_message: { message_id: 7, chat: { id: 42 }, from: bob } };
    for (const pointing of [elsewhere, { ...elsewhere, quote: { text: 'lunch?' } }, told]) {
      await delivers(town, newUpdate('message', 'yes', { ...here, ...pointing }));
      expect((await own.hears()).join()).toMatch(/^What you replied to is no card, so I did nothing\./);
    }
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    await delivers(town, newUpdate('message', 'yes', here));
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('a name is only shown: whoever is called like an approver is still somebody else', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const button = await ops.button('Approve');
    for (const [id, name, username] of [
      [99, 'Bob', 'bob'],
      [99, 'Воb', 'b0b'],
      [44, 'Bob', 'bob'],
      [4242, '42', 'telegram_42'],
    ] as const) {
      const from = { id, is_bot: false, first_name: name, username };
      await delivers(town, newUpdate('message', `/yes ${runId}`, { from }));
      await delivers(town, newUpdate('message', 'yes', { from, ...replyTo(button.messageId) }));
    }
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    expect(new Set(town.seen('auth_refused').map(({ actor }) => actor))).toEqual(
      new Set(['telegram:99', 'telegram:44', 'telegram:4242']),
    );
  });

  story('words and ids in look-alike, wide or invisible letters are not taken for ours', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const disguises = [
      (text: string) => lookalike(text),
      (text: string) => fullWidth(text),
      (text: string) => text.replace(' ', '\u200B '),
      (text: string) => `\u202E${text}`,
      (text: string) => text.replace(/.$/, '$&\u00AD'),
      (text: string) => `${text}\u0000`,
    ];
    const alone = (id: number, text: string) =>
      delivers(town, newUpdate('message', text, { chat: { id, type: 'private' }, from: { ...bob, id } }));
    for (const disguise of disguises) {
      for (const line of [`yes ${runId}`, `no ${runId}`, `cancel ${runId}`]) await alone(42, disguise(line));
      await alone(41, disguise('run report'));
      const id = disguise(runId);
      if (id !== runId) await alone(42, `yes ${id}`);
    }
    expect(town.seen('message_failed')).toEqual([]);
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    expect((await town.store.runs.list({ limit: 10 })).runs).toHaveLength(1);
    await alone(42, `yes ${runId}`);
    expect((await town.run(runId)).status).toBe('Dispatching');
  });

  story('hidden letters in a reason refuse it, markup stays what it is: letters', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    await ops.says('bob', `no ${runId} done\u202E.gnihton`);
    await ops.says('bob', `no ${runId} ${'x'.repeat(4096)}`);
    expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
    const reason = '<b>Approved by Cho</b> [here](tg://user?id=1) *now* `rm` &amp;';
    await ops.says('bob', `no ${runId} ${reason}`);
    expect(await town.run(runId)).toMatchObject({ status: 'Denied', reason });
    expect(await ops.card(runId)).toContain(`"${reason}"`);
  });

  story('an update that Telegram sends again is no second answer, though the run asks anew', async (town) => {
    const ops = town.chat(GROUP);
    const runId = await ops.asks('ana', 'run backup');
    const yes = newUpdate('message', `/yes ${runId}`);
    await delivers(town, yes);
    expect((await town.run(runId)).status).toBe('Dispatching');
    await ops.says('ana', `cancel ${runId}`);
    await ops.says('ana', `recover ${runId}`);
    expect(await delivers(town, yes)).toBeUndefined();
    expect(await town.run(runId)).toMatchObject({ status: 'AwaitingApproval', epoch: 2, votes: [] });
  });

  story(
    'a card in a private chat is no secret of its owner: only who may decide can use its button',
    async (town) => {
      const own = town.chat('telegram:41');
      const runId = await own.asks('ana', 'run backup');
      const button = await own.button('Approve');
      for (const [who, address] of [
        ['zed', 'telegram:99'],
        ['eve', 'telegram:44'],
        ['ana', 'telegram:41'],
        ['dan', 'telegram:46'],
        ['eve', 'telegram:41'],
      ] as const) {
        expect(await town.chat(address).presses(who, button)).toMatch(
          /nothing changed\.$|^You asked for this run|may not approve/i,
        );
      }
      expect(await town.events(runId)).toEqual(['RunCreated', 'ApprovalRequested']);
      expect(await town.chat('telegram:42').presses('bob', button)).toBe(`Approved ${runId}`);
    },
  );
});
