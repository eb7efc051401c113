import { describe, expect, inject, test } from 'vitest';
import type { Store, StoredRun } from '../../src/core/ports/store.ts';
import { firstFault } from '../../src/core/runs/chain.ts';
import type { RunEvent } from '../../src/core/runs/event.ts';
import { fold } from '../../src/core/runs/evolve.ts';
import { openStore } from '../../src/db/open.ts';
import type { Fault } from '../fakes/telegram/faults.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram-server.ts';
import { seeded } from '../seeded.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { type CleanUp, freshFolder, startProgram, until } from './program.ts';

const CHATS = 10;
const UPDATES = 300;
const KILLS = 10;

const people = Array.from({ length: CHATS }, (_, index) => 1001 + index);

/** Each message carries its number, so that order, loss and doubling can be read off the stored runs. */
const yaml = `
jobs:
  count:
    title: Count
    demo: {}
    params: { n: { type: integer } }
people:
${people.map((id) => `  p${id}: { identities: ["telegram:${id}"], roles: [operator] }`).join('\n')}
`;

const crashes = async (url: string, folder: string, cleanUp: CleanUp): Promise<void> => {
  await using fake = await startFakeTelegram({ quirks: false, firstUpdateId: 1 });
  const senders = people.map((id) => fake.addUser({ firstName: `P${id}`, id }));
  const env = { TELEGRAM_BOT_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.url, DATABASE_URL: url };
  const random = seeded(20_261_121);
  const store = await openStore({ url });
  cleanUp(() => store.close());
  let sent = 0;
  let interrupted = 0;
  const send = (count: number): void => {
    for (const last = Math.min(UPDATES, sent + count); sent < last; sent += 1) {
      senders[sent % CHATS]?.tells(`/run count n=${Math.floor(sent / CHATS) + 1}`);
    }
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    send(15);
    const program = await startProgram(folder, env, 'start', cleanUp);
    await until(() => fake.isPolled(), 20_000);
    send(10);
    // The last one had no effect, was not in doubt before and is not again: so not all that is doubted was seen twice.
    if (kill === KILLS - 1) await until(async () => (await inDoubt(url)) === 0, 30_000);
    if (kill % 2 === 1) await answerIsLost(fake, kill % 4 === 1 ? 'hang_before' : 'hang_after');
    // Anywhere between the first poll and the last commit of what it brought, and always with something on its way.
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    send(5);
    await program.kill();
    if ((await allRuns(store)).length < sent) interrupted += 1;
    await halfAMinutePasses(url);
  }
  // Kills that found nothing in the middle would prove nothing.
  expect(interrupted).toBeGreaterThanOrEqual(KILLS / 2);
  send(UPDATES);
  const program = await startProgram(folder, env, 'start', cleanUp);
  await until(async () => (await allRuns(store)).length >= UPDATES, 30_000);
  await until(async () => (await store.reader.figures(await store.now())).openInbox === 0, 10_000);
  await until(async () => (await store.reader.figures(await store.now())).openOutbox === 0, 60_000);
  expect(await program.stop()).toBe(0);
  await judge(store);
  await judgeChats(fake, await allRuns(store), url);
};

/** One message is under way, with or without its effect, and nobody will hear what became of it. */
const answerIsLost = async (fake: FakeTelegram, fault: Fault): Promise<void> => {
  const met = (): number => fake.calls('sendMessage').filter((call) => call.fault === fault).length;
  const before = met();
  fake.nextFault('sendMessage', fault);
  await until(() => met() > before, 20_000);
};

/** Messages that have to be sent again although somebody may have seen them. */
const inDoubt = async (url: string): Promise<number> => {
  const [row] = await administer<{ n: number | string }>(
    url,
    "select count(*) as n from outbox where state in ('open', 'sending') and ambiguous > 0",
  );
  return Number(row?.n);
};

/** For messages that a killed sender had claimed; nothing else of this test ever becomes due. */
const halfAMinutePasses = (url: string) =>
  administer(url, "update outbox set next_at = next_at - 30000 where state = 'sending'");

/** Nothing lost, nothing doubled, order kept, and every history holds. */
const judge = async (store: Store): Promise<void> => {
  const runs = await allRuns(store);
  const perChat = new Map(people.map((id) => [`telegram:${id}`, [] as StoredRun[]]));
  for (const run of runs) perChat.get(run.state.origin.address)?.push(run);
  const expected = Array.from({ length: UPDATES / CHATS }, (_, index) => index + 1);
  for (const [chat, theirs] of perChat) {
    expect([chat, theirs.map((run) => run.state.params.n)]).toEqual([chat, expected]);
  }
  expect(runs).toHaveLength(UPDATES);
  for (const run of runs) {
    const history = await store.runs.history(run.state.runId);
    expect(history.map((event) => event.type)).toEqual(['RunCreated', 'ApprovalRequested']);
    expect(firstFault(history)).toBeUndefined();
    // Stored events say their type as text; that it is one of these two was checked above.
    expect(fold(history as readonly RunEvent[], run.state.runId)).toEqual(run.state);
    expect([run.version, run.headHash]).toEqual([history.at(-1)?.seq, history.at(-1)?.hash]);
  }
  const { deadInbox } = await store.reader.figures(await store.now());
  expect(deadInbox).toBe(0);
};

/** Each card was seen, in the order of asking, and more than once only where an answer may have been lost. */
const judgeChats = async (fake: FakeTelegram, runs: readonly StoredRun[], url: string): Promise<void> => {
  const rows = await administer<{ run_id: string; state: string; ambiguous: number | string }>(
    url,
    "select run_id, state, ambiguous from outbox where kind = 'card'",
  );
  expect(rows.map(({ state }) => state)).toEqual(runs.map(() => 'sent'));
  const ambiguous = new Map(rows.map((row) => [row.run_id, Number(row.ambiguous)]));
  const counts = new Map<string, number>();
  for (const id of people) {
    const cards = fake.botMessages(id).flatMap(({ text }) => CARD.exec(text)?.[1] ?? []);
    for (const runId of cards) counts.set(runId, (counts.get(runId) ?? 0) + 1);
    const asked = runs.filter(({ state }) => state.origin.address === `telegram:${id}`);
    expect([...new Set(cards)]).toEqual(asked.map(({ state }) => state.runId));
  }
  const tooOften = [...counts].filter(([runId, seen]) => seen > 1 + (ambiguous.get(runId) ?? 0));
  expect(tooOften).toEqual([]);
  // Both kinds of doubt were there: what was seen twice, and what was only thought to be.
  const twice = [...counts.values()].filter((seen) => seen > 1).length;
  const doubted = [...ambiguous.values()].filter((times) => times > 0).length;
  expect(twice).toBeGreaterThan(0);
  expect(doubted).toBeGreaterThan(twice);
};

const CARD = /^⏳ Approval needed · (\w{6})/u;

/** Oldest first; runs of one chat are never created in the same moment out of order, so message ids settle ties. */
const allRuns = async (store: Store): Promise<readonly StoredRun[]> => {
  const runs: StoredRun[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.runs.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    runs.push(...page.runs);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return runs.toSorted(
    (a, b) =>
      a.state.createdAt - b.state.createdAt ||
      Number(a.state.origin.messageId) - Number(b.state.origin.messageId),
  );
};

// The last cards wait for the pace of their chats, so the two databases may as well wait together.
describe.concurrent('300 updates in 10 chats, killed ten times at random moments: none is lost, none is doubled, each chat keeps its order', () => {
  test('on SQLite', { timeout: 120_000 }, async ({ onTestFinished: cleanUp }) => {
    const folder = await freshFolder(yaml, cleanUp);
    await crashes(`file:${folder}/data/textops.db`, folder, cleanUp);
  });

  test('on PostgreSQL', { timeout: 120_000 }, async ({ onTestFinished: cleanUp }) => {
    const database = await freshPostgresDatabase(inject('postgresUrl'));
    cleanUp(() => database.drop());
    await crashes(database.url, await freshFolder(yaml, cleanUp), cleanUp);
  });
});
