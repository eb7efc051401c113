import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { abilities } from '../../src/bot/channels.ts';
import { startInboxPump } from '../../src/bot/inbox-pump.ts';
import { startSender } from '../../src/bot/sender.ts';
import { handleMessage } from '../../src/core/flows/messages/handle-message.ts';
import type { Handled } from '../../src/core/flows/messages/heard.ts';
import type { Person } from '../../src/core/people/person.ts';
import type { Observation, Observe } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { asRunEvent, type RunEvent } from '../../src/core/runs/event.ts';
import { openStore } from '../../src/db/open.ts';
import { furnish } from '../../src/program/house.ts';
import { webApp } from '../../src/web/app.ts';
import { CANARY, toldOf } from '../canary.ts';
import { backup } from '../cast.ts';
import type { Line } from '../contracts/channel.contract.ts';
import * as lines from '../contracts/lines.ts';
import { hire } from '../flows/worker.ts';
import { eventually } from './eventually.ts';

const LEASE_MS = 30_000;

/** One person, who is here on every door. */
const ana: Person = {
  id: 'ana',
  name: 'Ana',
  roles: ['owner'],
  identities: ['telegram:42', 'slack:T1:U1', 'sms:+491701234567', 'terminal:ana', 'dev:ana'],
};

const lonely = { ...backup.spec, approval: { ...backup.spec.approval, self: true } };

/** The whole house behind one line: intake, rules, sender, and a worker whose steps are the test's. */
const houseBehind = async (line: Line) => {
  const observed: Observation[] = [];
  const observe: Observe = (one) => void observed.push(one);
  lines.told.by = observe;
  onTestFinished(() => {
    lines.told.by = () => undefined;
  });
  const store = await openStore({ url: ':memory:' });
  await store.people.replaceFilePeople([ana], await store.now());
  await store.catalog.replaceFileJobs([{ key: 'backup', spec: lonely }], 'file', await store.now());
  const now = () => store.now();
  const rooms = furnish({
    store,
    profile: 'dev',
    version: '0',
    leaseMs: LEASE_MS,
    buttonToken: () => 'AAAAAAAAAAAAAAAA',
    fingerprint: () => Promise.resolve({}),
    observe,
    ...abilities,
    channels: () => [],
    startedAt: await now(),
  });
  const { sender, intake } = line;
  const answers: Handled[] = [];
  const rules = handleMessage(rooms);
  const handle: typeof rules = async (inbound, once) => {
    const handled = await rules(inbound, once);
    // What a provider says by itself of a message of ours is no part of the dialogue.
    if (inbound.kind === 'text') answers.push(handled);
    return handled;
  };
  const owner = 'here';
  const basics = { observe, now, owner };
  const outgoing = startSender({
    ...basics,
    outbox: store.outbox,
    outputs: store.runs,
    senders: [sender],
    chance: () => 0,
  });
  const pump = startInboxPump({ ...basics, inbox: store.inbox, handle, senderOf: () => sender });
  const forget = store.onWake((what) => (what === 'inbox' ? pump.nudge() : outgoing.nudge()));
  await intake?.adapter.start(async (batch) => void (await store.inbox.accept(batch, await now())));
  onTestFinished(async () => {
    await intake?.adapter.drain(2000);
    await pump.stop();
    await outgoing.stop();
    forget();
    await store.close();
  });
  const worker = hire({ rooms: () => rooms, leaseMs: LEASE_MS, now: Date.now }, 'w1');
  return { store, rooms, handle, worker, answers, observed };
};

type House = Awaited<ReturnType<typeof houseBehind>>;

const newest = async (store: Store) => (await store.runs.list({ limit: 1 })).runs[0]?.state;

/** What is said, and what the run that was asked for last has become by then. */
const SCRIPT = [
  ['run backup', 'AwaitingApproval'],
  ['run bakcup', 'AwaitingApproval'],
  [`run backup db=${CANARY}`, 'AwaitingApproval'],
  ['status ID', 'AwaitingApproval'],
  ['yes ZZZZZZ', 'AwaitingApproval'],
  ['yes ID', 'Dispatching'],
  ['a worker takes it', 'Succeeded'],
  ['yes ID', 'Succeeded'],
  ['run backup', 'AwaitingApproval'],
  [`no ID not on a Friday ${CANARY}`, 'Denied'],
  ['run backup', 'AwaitingApproval'],
  ['cancel ID', 'Canceled'],
  [`frobnicate ${CANARY}`, 'Canceled'],
] as const;

interface Door {
  readonly connect: () => Promise<Line>;
  /** How it is said here. */
  readonly words?: (text: string) => string;
  readonly says?: (house: House, text: string) => Promise<unknown>;
}

/** Says everything, waits for each answer, and returns what was understood and what is on record of every run. */
const play = async ({ connect, words = (text) => text, says }: Door) => {
  const line = await connect();
  const house = await houseBehind(line);
  const { store, worker, answers, observed } = house;
  for (const [said, status] of SCRIPT) {
    const id = (await newest(store))?.runId ?? '';
    const before = answers.length;
    const text = words(said).replace('ID', id);
    if (said === 'a worker takes it') await (await worker.takes()).succeeds(`4.1 GB written ${CANARY}`);
    else {
      if (says === undefined) line.intake?.says(text);
      else await says(house, text);
      await eventually(() => answers.length > before);
    }
    expect([said, (await newest(store))?.status]).toEqual([said, status]);
  }
  const { runs } = await store.runs.list({ limit: 10 });
  const read = runs.toReversed().map(({ state }) => store.runs.history(state.runId));
  const histories = (await Promise.all(read)).map((history) => history.map(asRunEvent));
  return {
    observed,
    understood: answers.map(({ intent }) => intent),
    types: histories.map((history) => history.map(({ type }) => type)),
    events: histories.map((history) => history.map(common)),
  };
};

/** What is never the same twice, and where it was said. */
const OWN = new Set(['origin', 'digest', 'decideBy', 'startBy', 'notBefore', 'at', 'tookMs']);

/** An event as it would be on any door. */
const common = ({ type, actor, payload }: RunEvent): unknown =>
  JSON.parse(JSON.stringify({ type, actor, payload }), (key: string, value: unknown) => {
    if (OWN.has(key)) return undefined;
    return typeof value === 'string' && ana.identities.includes(value.replace('user:', ''))
      ? 'ana, here'
      : value;
  });

/** The dev door answers each message in the response to it. */
const overHttp = async ({ rooms, handle }: House, body: string): Promise<void> => {
  const app = webApp({
    rooms,
    handle,
    profile: 'dev',
    apiTokens: [],
    readJob: () => ({ ok: false, problems: [] }),
    readSchedule: () => ({ ok: false, problems: [] }),
    newEventKey: randomUUID,
    ready: () => true,
  });
  const response = await app.request(
    '/dev/inbound',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'localhost' },
      body: JSON.stringify({ from: 'ana', conversation: 'ops', body }),
    },
    { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
  );
  expect(response.status).toBe(200);
};

const overDev: Door = { connect: lines.dev, says: overHttp };

const doors: Readonly<Record<string, Door>> = {
  'the dev door': overDev,
  'the terminal': { connect: lines.terminal },
  Telegram: { connect: lines.telegram },
  Slack: { connect: lines.slack },
  SMS: { connect: lines.sms, words: (text) => text.replace('cancel', 'drop') },
};

describe('one dialogue leaves the same on record, and what was written in no line and no span', () => {
  test.each(Object.entries(doors))('on %s', async (_, door) => {
    const { understood, events, types, observed } = await play(door);
    expect(types).toEqual([
      [
        'RunCreated',
        'ApprovalRequested',
        'RunApproved',
        'ExecutionDispatched',
        'ExecutionStarted',
        'ExecutionSucceeded',
      ],
      ['RunCreated', 'ApprovalRequested', 'RunDenied'],
      ['RunCreated', 'ApprovalRequested', 'RunCanceled'],
    ]);
    const told = await toldOf(observed);
    expect(told).toContain('"event":"run.denied"');
    expect(told).toContain('process deny');
    expect(told).not.toContain(CANARY);
    const first = await play(overDev);
    expect(understood).toEqual(first.understood);
    expect(events).toEqual(first.events);
  });
});
