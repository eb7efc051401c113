import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startInboxPump } from '../../src/bot/inbox-pump.ts';
import { callbackData } from '../../src/bot/telegram/callback-data.ts';
import { toInbound } from '../../src/bot/telegram/wire.ts';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { IMessageSender } from '../../src/core/ports/channel.ts';
import { eventually } from '../bot/eventually.ts';
import { bot, botUser } from '../bot/telegram/updates.ts';
import { minutes } from '../cast.ts';
import { changed, type Open, openCopy } from './copies.ts';
import { inTown, type Town } from './town.ts';

const GROUP = 'telegram:-100';
const TAPS = 10_000;
/** As many conversations as the pump serves at a time. */
const CHATS = 60;

const VERBS = ['ap', 'dn', 'rs', 'cx', 'rc'] as const;
type Verb = (typeof VERBS)[number];

/** What a button with the token of this very moment could still do. Every other one is stale. */
const LIVE: Readonly<Record<string, readonly Verb[]>> = {
  AwaitingApproval: ['ap', 'dn', 'cx'],
  Approved: ['rs', 'cx'],
  Dispatching: ['cx'],
  Running: ['cx'],
  Failed: ['rc'],
  Canceled: ['rc'],
  Expired: ['rc'],
};

const approved = async (town: Town, words: string, voters: readonly string[] = ['bob']): Promise<string> => {
  const ops = town.chat(GROUP);
  const runId = await ops.asks('ana', words);
  for (const who of voters) await ops.says(who, `yes ${runId}`);
  return runId;
};

/** A run in every state that can be tapped at, and one that asks for the second time. */
const furnished = async (
  town: Town,
): Promise<{ readonly runIds: readonly string[]; readonly outlived: readonly string[] }> => {
  const ops = town.chat(GROUP);
  const worker = town.worker();
  const hidden = await ops.asks('dan', 'run vault-dump');
  const expires = await ops.asks('ana', 'run backup');
  town.passes(minutes(31));
  await town.keepsHouse();
  await worker.beats();
  const succeeds = await approved(town, 'run backup');
  await (await worker.takes()).succeeds();
  const fails = await approved(town, 'run backup');
  await (await worker.takes()).fails();
  const runs = await approved(town, 'run backup');
  await worker.takes();
  const queued = await approved(town, 'run backup');
  const heavy = await approved(town, 'run db-migrate to=1', ['bob', 'cho']);
  const denied = await ops.asks('ana', 'run backup');
  await ops.says('bob', `no ${denied}`);
  const canceled = await ops.asks('ana', 'run backup');
  await ops.says('ana', `cancel ${canceled}`);
  const again = await ops.asks('ana', 'run backup');
  const outlived = (await buttonsOf(town, [again])).known;
  await ops.says('ana', `cancel ${again}`);
  await ops.says('ana', `recover ${again}`);
  const waits = await ops.asks('ana', 'run report');
  const over = [expires, succeeds, fails, denied, canceled];
  return { runIds: [...over, hidden, runs, queued, heavy, again, waits], outlived };
};

interface Buttons {
  /** What would do something, if somebody sent it who may. */
  readonly live: ReadonlySet<string>;
  /** What is or was really shown. */
  readonly known: readonly string[];
}

const buttonsOf = async (town: Town, runIds: readonly string[]): Promise<Buttons> => {
  const minted = await Promise.all(
    runIds.map(async (runId) => {
      const { epoch, digest, status } = await town.run(runId);
      return VERBS.map((verb) => {
        const action = { verb, label: '', runId, bound: { epoch, digest } };
        const data = callbackData(action, town.rooms.ambient.buttonToken) ?? '';
        return { data, isLive: LIVE[status]?.includes(verb) === true };
      });
    }),
  );
  const all = minted.flat();
  return {
    live: new Set(all.filter(({ isLive }) => isLive).map(({ data }) => data)),
    known: all.map(({ data }) => data),
  };
};

const TOKEN = fc.stringMatching(/^[\w-]{16}$/);

/** Data as a modified client could send it: invented, bent from what it has seen, or simply too late. */
const hostile = ({ known, live }: Buttons, runIds: readonly string[]): fc.Arbitrary<string> => {
  const seen = fc.constantFrom(...known);
  const verb = fc.constantFrom(...VERBS);
  const runId = fc.constantFrom(...runIds, 'AAAAAA', '000000', 'k7m2qx');
  const at = fc.nat({ max: 63 });
  const parts = (data: string): readonly string[] => data.split(':');
  return fc
    .oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.tuple(verb, runId, TOKEN).map(([v, id, token]) => `v1:${v}:${id}:${token}`),
      fc.tuple(verb, runId).map(([v, id]) => `v1:${v}:${id}`),
      fc.tuple(seen, at, fc.nat({ max: 7 })).map(([data, where, bit]) => flipped(data, where, bit)),
      fc.tuple(seen, runId).map(([data, id]) => parts(data).with(2, id).join(':')),
      fc.tuple(seen, verb).map(([data, v]) => parts(data).with(1, v).join(':')),
      fc.tuple(seen, seen).map(([data, other]) =>
        parts(data)
          .with(3, parts(other)[3] ?? '')
          .join(':'),
      ),
      fc.tuple(seen, at).map(([data, length]) => data.slice(0, length)),
      fc.tuple(seen, fc.string({ unit: 'binary', minLength: 1 })).map(([data, tail]) => data + tail),
      fc.tuple(seen, fc.constantFrom('\u200B', '\u0000', ' ', 'А', '\n')).map(([data, odd]) => odd + data),
      seen.map((data) => data.toLowerCase()),
      seen,
    )
    .filter((data) => !live.has(data));
};

const flipped = (data: string, where: number, bit: number): string => {
  const bytes = Buffer.from(data);
  const index = where % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  return bytes.toString('latin1');
};

/** Two who may approve, one without a role, and one whom nobody knows. */
const PRESSERS = [42, 43, 44, 99] as const;

const updateOf = (data: string, index: number) => ({
  update_id: 5000 + index,
  callback_query: {
    id: `tap ${index}`,
    from: { id: PRESSERS[index % PRESSERS.length], is_bot: false, first_name: 'Bob' },
    chat_instance: '7',
    message: {
      message_id: 501,
      date: 1_795_185_120,
      chat: { id: -2000 - (index % CHATS), type: 'supergroup', title: 'ops' },
      from: botUser,
    },
    data,
  },
});

/** Taps them all, as the program takes them in and handles them; gives every answer to every tap. */
const tapped = async (
  town: Town,
  all: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { rooms, store } = town;
  const taps = all.flatMap((data, index) => toInbound(bot, updateOf(data, index)) ?? []);
  await store.inbox.accept(taps, town.now());
  const answers = new Map<string, string[]>();
  const sender: IMessageSender = {
    channel: 'telegram',
    caps: { cards: true, textMax: 4096 },
    deliver: () => Promise.reject(new Error('nothing is sent here')),
    answerPress: (pressId, { text }) => {
      answers.set(pressId, [...(answers.get(pressId) ?? []), text]);
      return Promise.resolve();
    },
  };
  const pump = startInboxPump({
    inbox: store.inbox,
    owner: 'pump',
    handle: handleMessage(rooms),
    senderOf: () => sender,
    observe: rooms.observe,
    now: () => store.now(),
    times: { idleMs: 1 },
  });
  await eventually(() => answers.size === taps.length, 25_000);
  await pump.stop();
  return answers;
};

const DECIDED = /^(Approved|Denied|Starting|Canceled|Counted)|asks again|is started again/;

const attack = async (town: Town, { rows }: Open): Promise<void> => {
  const { runIds, outlived } = await furnished(town);
  const { live, known } = await buttonsOf(town, runIds);
  const buttons = { live, known: [...known, ...outlived] };
  const before = rows();
  const forged = fc.sample(hostile(buttons, runIds), { numRuns: TAPS, seed: 20_261_126 });
  const answers = await tapped(town, forged);
  expect(answers.size).toBe(TAPS);
  expect([...answers.values()].filter((texts) => texts.length !== 1)).toEqual([]);
  expect([...answers.values()].flat().filter((text) => DECIDED.test(text))).toEqual([]);
  // They came as far as the token of a run that is there, and to one that had moved on.
  for (const words of [
    /out of date/,
    /already approved|already denied|is over/i,
    /may not decide/,
    /do not know you/,
  ]) {
    expect([...answers.values()].flat().filter((text) => words.test(text)).length).toBeGreaterThan(200);
  }
  expect(town.seen('message_failed')).toEqual([]);
  expect((await town.store.reader.figures(town.now())).openInbox).toBe(0);
  expect(changed(before, rows())).toEqual([]);
  // What was attacked all the time still does what it is for.
  const ops = town.chat(GROUP);
  expect(await ops.presses('bob', 'Approve')).toMatch(/^Approved \w{6}$/);
  expect(changed(before, rows())).toEqual(expect.arrayContaining(['events', 'runs', 'job_queue']));
};

test('ten thousand forged, bent and outlived buttons change nothing, and each tap gets one answer', async () => {
  const open = await openCopy();
  await inTown(open.settle, (town) => attack(town, open));
});
