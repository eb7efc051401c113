import { describe, expect, it, onTestFinished } from 'vitest';
import { openChannels } from '../../../src/bot/channels.ts';
import { startInboxPump } from '../../../src/bot/inbox-pump.ts';
import { startSender } from '../../../src/bot/sender.ts';
import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import { handleMessage } from '../../../src/core/flows/messages/handle-message.ts';
import type { Person } from '../../../src/core/people/person.ts';
import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { openStore } from '../../../src/db/open.ts';
import { furnish } from '../../../src/program/house.ts';
import { alone } from '../../alone.ts';
import { backup } from '../../cast.ts';
import { start as startFake } from '../../fakes/telegram/harness.ts';
import type { FakeTelegram } from '../../fakes/telegram-server.ts';
import { logged } from '../../log-lines.ts';
import { eventually } from '../eventually.ts';

const mint = buttonToken('a key for tests');

const people: readonly Person[] = [
  { id: 'ana', name: 'Ana', roles: ['operator'], identities: ['telegram:41'] },
  { id: 'bob', name: 'Bob', roles: ['approver'], identities: ['telegram:42'] },
];

/** A whole bot but for the worker: intake, rules, sender. It can be ended and begun again on the same store. */
const runBot = async (fake: FakeTelegram, store: Store) => {
  const observations: Observation[] = [];
  const observe = logged((observation: Observation) => void observations.push(observation));
  const now = () => store.now();
  const [telegram] = await openChannels(
    { telegram: { token: fake.token, apiRoot: `${fake.url}/` } },
    {
      observe,
      now: Date.now,
      clock: () => performance.now(),
      buttonToken: mint,
      onDeaf: () => undefined,
      onlyOne: alone,
      installations: store.installations,
    },
  );
  if (telegram?.adapter === undefined) throw new Error('there is no Telegram');
  const { adapter, sender } = telegram;
  const rooms = furnish({
    store,
    profile: 'production',
    version: '0',
    leaseMs: 30_000,
    buttonToken: mint,
    fingerprint: () => Promise.resolve({}),
    observe,
    cards: () => true,
    channels: () => [adapter.health()],
    startedAt: await store.now(),
  });
  const owner = `test ${performance.now()}`;
  const outgoing = startSender({
    outbox: store.outbox,
    senders: [sender],
    observe,
    now,
    owner,
    chance: () => 0,
  });
  const handle = handleMessage(rooms);
  const pump = startInboxPump({ inbox: store.inbox, owner, handle, senderOf: () => sender, observe, now });
  const forget = store.onWake((what) => (what === 'inbox' ? pump.nudge() : outgoing.nudge()));
  await adapter.start(async (batch) => void (await store.inbox.accept(batch, await store.now())));
  const stop = async () => {
    await adapter.drain(2000);
    await pump.stop();
    await outgoing.stop();
    forget();
  };
  return { stop, observations };
};

const setUp = async () => {
  const fake = await startFake();
  const store = await openStore({ url: ':memory:' });
  await store.people.replaceFilePeople(people, await store.now());
  await store.catalog.replaceFileJobs([{ key: 'backup', spec: backup.spec }], 'file', await store.now());
  const ana = fake.addUser({ firstName: 'Ana', id: 41 });
  const bob = fake.addUser({ firstName: 'Bob', id: 42 });
  const group = fake.addChat({ type: 'supergroup', title: 'ops' });
  const bots: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const stop of bots) await stop();
    await store.close();
  });
  const begin = async () => {
    const bot = await runBot(fake, store);
    bots.push(bot.stop);
    return bot;
  };
  const shown = () => fake.botMessages(group.id);
  return { fake, store, ana, bob, group, begin, shown };
};

describe('run, approve', () => {
  it('one card, one tap, one toast, and the card says what happened', async () => {
    const { ana, bob, group, begin, shown, fake } = await setUp();
    const { observations } = await begin();
    const asked = ana.says(group, '/run backup');
    const card = await eventually(() => shown()[0]);
    expect(card.text).toMatch(/^⏳ Approval needed · [0-9A-Z]{6}\nbackup v1 — Back up the main database\n/);
    expect(card.replyTo).toBe(asked.message_id);
    const tap = bob.presses(card, 'Approve');
    const answer = await eventually(() => fake.callbackAnswer(tap));
    expect(answer.text).toContain('Approved');
    const edited = await eventually(() => shown().find(({ editCount }) => editCount > 0));
    expect(edited.text).toMatch(/^⏳ Queued · /);
    expect(edited.buttons.flat().map(({ label }) => label)).not.toContain('Approve');
    expect(JSON.stringify(observations)).not.toContain(fake.token);
  });

  it('a tap on an old button, a forged one and one by a stranger change nothing', async () => {
    const { ana, bob, group, begin, shown, fake, store } = await setUp();
    await begin();
    ana.says(group, '/run backup');
    const card = await eventually(() => shown()[0]);
    const runId = / · ([0-9A-Z]{6})/.exec(card.text)?.[1] ?? '';
    const eve = fake.addUser({ firstName: 'Eve', id: 66 });
    const taps = [
      bob.presses(card, `v1:ap:${runId}:AAAAAAAAAAAAAAAA`, { forged: true }),
      bob.presses(card, `v1:ap:${runId}`, { forged: true }),
      bob.presses(card, 'v7:everything', { forged: true }),
      eve.presses(card, 'Approve'),
      ana.presses(card, 'Approve'),
    ];
    for (const tap of taps) await eventually(() => fake.callbackAnswer(tap));
    expect((await store.runs.find([runId])).get(runId)?.state.status).toBe('AwaitingApproval');
  });

  it('what was said while the bot was down is done after the next start, once', async () => {
    const { ana, bob, group, begin, shown, store } = await setUp();
    const first = await begin();
    ana.says(group, '/run backup');
    const card = await eventually(() => shown()[0]);
    await first.stop();
    bob.says(group, 'yes', { replyTo: card.messageId });
    await begin();
    await eventually(() => shown().find(({ editCount }) => editCount > 0));
    expect(shown().filter(({ text }) => text.includes('Approval needed'))).toEqual([]);
    const { runs } = await store.runs.list({ limit: 10 });
    expect(runs.map(({ state }) => state.status)).toEqual(['Dispatching']);
  });

  it('forwarded and anonymous words decide nothing', async () => {
    const { ana, bob, group, begin, shown, store } = await setUp();
    await begin();
    ana.says(group, '/run backup');
    const card = await eventually(() => shown()[0]);
    const runId = / · ([0-9A-Z]{6})/.exec(card.text)?.[1] ?? '';
    bob.says(group, `/yes ${runId}`, { forwardFrom: 42 });
    bob.says(group, `/yes ${runId}`, { senderChat: 'anonymous' });
    bob.says(group, `/yes ${runId}`, { viaBot: 'somebot' });
    bob.says(group, `/yes ${runId}`, { offline: true });
    bob.says(group, '/jobs');
    await eventually(() => shown().some(({ text }) => text.includes('backup') && text !== card.text));
    expect((await store.runs.find([runId])).get(runId)?.state.status).toBe('AwaitingApproval');
  });
});
