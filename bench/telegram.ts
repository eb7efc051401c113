import { type FakeTelegram, startFakeTelegram } from '../test/fakes/telegram-server.ts';
import { DIALECTS, type Dialect, observe, openDatabases } from './databases.ts';
import { openLoop } from './http-load.ts';
import { type Rounds, roundsOf, type Spread, seconds, spreadOf, until } from './measure.ts';
import { freshFolder, type Program, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// The whole way: polled from the fake Telegram, stored, confirmed, decided, committed with its card, sent.

const PEOPLE = 300;
const ROUNDS = 3;
const UPDATES = quick ? 300 : 3000;
const SENT = quick ? 50 : 200;
const PACED_MS = quick ? 1000 : 8000;

const ids = Array.from({ length: PEOPLE }, (_, index) => 1001 + index);

const catalog = `
jobs:
  demo: { title: Answer at once, demo: {} }
people:
${ids.map((id) => `  p${id}: { identities: ["telegram:${id}"], roles: [${id % 60 === 0 ? 'operator, approver' : 'operator'}] }`).join('\n')}
`;

interface Stage extends AsyncDisposable {
  readonly fake: FakeTelegram;
  readonly program: Program;
  readonly url: string;
}

const raise = async (url: string): Promise<Stage> => {
  const fake = await startFakeTelegram({ quirks: false });
  for (const id of ids) fake.addUser({ firstName: `P${id}`, id });
  const env = {
    DATABASE_URL: url,
    WORKER: 'separate',
    TELEGRAM_BOT_TOKEN: fake.token,
    TELEGRAM_API_ROOT: fake.url,
  };
  const program = await startProgram({ folder: await freshFolder(catalog), env });
  await until('the first poll', fake.isPolled);
  return {
    fake,
    program,
    url,
    [Symbol.asyncDispose]: async () => {
      await program.stop();
      await fake.close();
    },
  };
};

const tell = (fake: FakeTelegram, index: number): number => {
  const id = ids[index % PEOPLE] ?? 0;
  fake.person(id).tells('/run demo');
  return id;
};

/** Runs come with their cards in one commit, so a counted card is a message that was fully accepted. */
const accepted = async (url: string): Promise<readonly number[]> => {
  await using stage = await raise(url);
  await using database = await observe(url);
  const rates: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const began = performance.now();
    for (let index = 0; index < UPDATES; index += 1) tell(stage.fake, index);
    const cards = 'select count(*) from outbox';
    await until('all cards queued', async () => (await database.number(cards)) >= round * UPDATES, {
      everyMs: 10,
    });
    rates.push(UPDATES / seconds(performance.now() - began));
  }
  return rates;
};

interface Delivered {
  readonly perSecond: number;
  readonly at10: Spread;
}

const delivered = async (url: string): Promise<Delivered> => {
  await using stage = await raise(url);
  const { fake } = stage;
  const hears = (id: number, count: number): Promise<unknown> =>
    fake.waitFor(() => fake.botMessages(id).length >= count, 60_000);
  const paced = await openLoop(10, PACED_MS, (index) => hears(tell(fake, index), 1));
  const first = paced.count;
  const began = performance.now();
  const answers: Promise<unknown>[] = [];
  for (let index = 0; index < SENT; index += 1) answers.push(hears(tell(fake, first + index), 1));
  await Promise.all(answers);
  return { perSecond: SENT / seconds(performance.now() - began), at10: spreadOf(paced.latencies) };
};

interface Measured extends Delivered {
  readonly dialect: Dialect;
  readonly accepted: Rounds;
}

const all: Measured[] = [];
await using databases = openDatabases();
for (const dialect of DIALECTS) {
  const fresh = async (): Promise<string> => databases.fresh(dialect, await freshFolder());
  all.push({
    dialect,
    accepted: roundsOf(await accepted(await fresh())),
    ...(await delivered(await fresh())),
  });
}
await publish({
  name: 'telegram',
  title: 'Telegram: from an update to its card',
  head: [
    'database',
    'accepted updates/s (rounds)',
    'delivered/s',
    'update → card seen at 10/s, p50 / p99 ms',
  ],
  rows: all.map(({ dialect, accepted: { median, min, max }, perSecond, at10 }) => [
    dialect,
    `**${median}** (${min}–${max})`,
    Math.round(perSecond),
    `${at10.p50} / ${at10.p99}`,
  ]),
  notes: [
    `A fake Bot API on this machine, long polling, ${PEOPLE} private chats, ${UPDATES} updates at once a round. ` +
      'Accepted: its card is committed to the outbox. Delivered: the program paces itself to 25 messages a second, ' +
      'under the limit of the real API, so that number says how well the pace is used, not how fast it could be.',
  ],
  raw: all,
});
