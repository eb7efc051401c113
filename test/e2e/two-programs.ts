import Database from 'better-sqlite3';
import { Client } from 'pg';
import { expect, onTestFinished } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { openStore } from '../../src/db/open.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram-server.ts';
import { type DATABASES, freshDatabaseUrl } from './databases.ts';
import { freshFolder, type Program, startProgram, until } from './program.ts';

// Two whole programs on one database and one bot. Each message carries its number, so that loss, doubling and order can be
// read off what people see in their chats.

export interface House {
  readonly fake: FakeTelegram;
  readonly store: Store;
  readonly chats: readonly number[];
  readonly start: () => Promise<Program>;
  /** Sends so many more messages, to all chats in turns. */
  readonly tells: (count: number) => void;
  readonly told: () => number;
  /** Messages that were not handled or not sent yet. */
  readonly owed: () => Promise<number>;
  /** Sends whose answer nobody heard. */
  readonly ambiguous: () => Promise<number>;
  readonly programs: readonly Program[];
}

type Kind = (typeof DATABASES)[number];

export const openHouse = async (kind: Kind, size: number): Promise<House> => {
  const chats = Array.from({ length: size }, (_, index) => 1001 + index);
  const folder = await freshFolder(`
jobs:
  count: { title: Count, demo: {}, params: { n: { type: integer } } }
people:
${chats.map((id) => `  p${id}: { identities: ["telegram:${id}"], roles: [operator] }`).join('\n')}
`);
  const fake = await startFakeTelegram({ quirks: false });
  onTestFinished(fake.close);
  for (const id of chats) fake.addUser({ firstName: `P${id}`, id });
  const url = await freshDatabaseUrl(kind, folder);
  const store = await openStore({ url });
  onTestFinished(() => store.close());
  const env = { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url, DATABASE_URL: url };
  const programs: Program[] = [];
  let told = 0;
  return {
    fake,
    store,
    chats,
    programs,
    start: async () => {
      const program = await startProgram(folder, env);
      programs.push(program);
      return program;
    },
    tells: (count) => {
      for (const last = told + count; told < last; told += 1) {
        const n = Math.floor(told / size) + 1;
        fake.person(chats[told % size] ?? 0).tells(`/run count n=${n}`);
      }
    },
    told: () => told,
    owed: async () => {
      const { openInbox, openOutbox } = await store.reader.figures(await store.now());
      return fake.pendingUpdateIds().length + openInbox + openOutbox;
    },
    ambiguous: () => numberIn(url, 'select sum(ambiguous) as n from outbox'),
  };
};

const numberIn = async (url: string, sql: string): Promise<number> => {
  if (url.startsWith('file:')) {
    const db = new Database(url.slice('file:'.length));
    const found = Number(db.prepare(sql).pluck().get());
    db.close();
    return found;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: string }>(sql);
  await client.end();
  return Number(rows[0]?.n);
};

/** What /health says about Telegram in that process. */
export const telegramOf = async ({ url }: Program): Promise<string | undefined> => {
  const health = (await (await fetch(`${url}/health`)).json()) as { telegram?: { status: string } };
  return health.telegram?.status;
};

/** How often each message of a chat was answered, in the order in which the first answers stand there. */
const answersIn = (fake: FakeTelegram, chat: number): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>();
  for (const { text } of fake.botMessages(chat)) {
    const n = Number(/^ +n +(\d+)$/m.exec(text)?.[1]);
    counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  return counts;
};

/** Until every message is answered and every answer is settled. */
export const allAnswered = ({ fake, chats, told, owed }: House): Promise<boolean> =>
  until(async () => {
    const answered = chats.reduce((sum, chat) => sum + answersIn(fake, chat).size, 0);
    return answered >= told() && (await owed()) === 0;
  }, 60_000);

/** Every message is answered, in its order, and again only where the answer of Telegram was lost. */
export const judge = async (house: House): Promise<void> => {
  const { fake, store, chats, told, programs } = house;
  const all = Array.from({ length: told() / chats.length }, (_, index) => index + 1);
  let copies = 0;
  for (const chat of chats) {
    const answers = answersIn(fake, chat);
    expect([chat, [...answers.keys()]]).toEqual([chat, all]);
    copies += [...answers.values()].reduce((sum, count) => sum + count - 1, 0);
  }
  expect(copies).toBeLessThanOrEqual(await house.ambiguous());
  const { waiting, deadInbox, deadOutbox, openInbox, openOutbox } = await store.reader.figures(
    await store.now(),
  );
  const none = { deadInbox: 0, deadOutbox: 0, openInbox: 0, openOutbox: 0 };
  expect({ waiting, deadInbox, deadOutbox, openInbox, openOutbox }).toEqual({ waiting: told(), ...none });
  // Our own processes never take the connection away from one another.
  expect(programs.filter((program) => program.output().includes('another poller'))).toEqual([]);
};

/** One that polls and one that stands by. */
export const startTwo = async (house: House): Promise<[Program, Program]> => {
  const poller = await house.start();
  await until(() => house.fake.isPolled(), 20_000);
  const standby = await house.start();
  await until(async () => (await telegramOf(standby)) === 'standby', 10_000);
  expect(await telegramOf(poller)).toBe('ok');
  return [poller, standby];
};
