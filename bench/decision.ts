import { MESSAGE_LEASE_MS, startInboxPump } from '../src/bot/inbox-pump.ts';
import { buttonToken } from '../src/bot/telegram/button-token.ts';
import { callbackData } from '../src/bot/telegram/callback-data.ts';
import { toInbound } from '../src/bot/telegram/wire.ts';
import { handleMessage } from '../src/core/flows/messages/handle-message.ts';
import type { Rooms } from '../src/core/flows/messages/heard.ts';
import { plainSpec } from '../src/core/jobs/job.ts';
import type { Person } from '../src/core/people/person.ts';
import type { Store } from '../src/core/ports/store.ts';
import type { LiveRun } from '../src/core/runs/run.ts';
import { openStore } from '../src/db/open.ts';
import { furnish } from '../src/program/house.ts';
import { DIALECTS, type Dialect, openDatabases, settle } from './databases.ts';
import { pause, type Spread, spreadOf } from './measure.ts';
import { freshFolder } from './program.ts';
import { publish, quick } from './report.ts';

// From the moment that a tapped button arrives to the moment that its outcome is committed: stored, claimed, decided, written
// with its card and its queue entry. The rules, the store and the pump are those of the program; only Telegram is left out.

const PEOPLE = quick ? 1000 : 10_000;
const JOBS = quick ? 100 : 1000;
const TAPS = quick ? 30 : 1000;
const WARM = 20;

/** One in a hundred may approve; the others ask, look on, or have a role of some policy. */
const rolesOf = (index: number): readonly string[] =>
  index % 100 === 0 ? ['approver'] : ([['operator'], ['viewer'], ['dba', 'operator']][index % 3] ?? []);

const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, index) => ({
  id: `p${index}`,
  name: `Person ${index}`,
  roles: rolesOf(index),
  identities: [`telegram:${1000 + index}`, `dev:p${index}`],
}));

const jobs = Array.from({ length: JOBS }, (_, index) => ({
  key: `job-${index}`,
  spec: plainSpec({
    title: `Job ${index}`,
    target: { kind: 'command', command: [`./job-${index}.sh`], env: [] },
    ...(index % 2 === 0 ? {} : { heavy: true }),
  }),
}));

// By the roles above.
const APPROVER = 1000;
const VIEWER = 1001;
const ASKER = 1003;

const bot = { id: 7, username: 'bench_bot' };
const fromOf = (id: number) => ({ id, is_bot: false, first_name: 'P' });
const chat = { id: -100, type: 'supergroup', title: 'ops' };
const botUser = { id: bot.id, is_bot: true, first_name: 'TextOps' };

interface Stage {
  readonly rooms: Rooms;
  readonly store: Store;
  /** Lets an update arrive; gives the run that it was about, once that is committed. */
  readonly brings: (kind: 'message' | 'callback_query', body: object) => Promise<string | undefined>;
  readonly stop: () => Promise<void>;
}

const furnished = (store: Store): Rooms =>
  furnish({
    store,
    profile: 'production',
    version: 'bench',
    leaseMs: 30_000,
    buttonToken: buttonToken('the key of the benchmark'),
    fingerprint: () => Promise.resolve({ 'job.sh': 'a'.repeat(64) }),
    observe: () => undefined,
    cards: () => true,
    channels: () => [],
    startedAt: Date.now(),
  });

/** The program between its intake and its sender. */
const raise = (store: Store): Stage => {
  const rooms = furnished(store);
  const handle = handleMessage(rooms);
  let done: ((runId: string | undefined) => void) | undefined;
  const pump = startInboxPump({
    inbox: store.inbox,
    owner: OWNER,
    handle: async (inbound, once) => {
      const handled = await handle(inbound, once);
      done?.(handled.runId);
      return handled;
    },
    // The answer to the tap comes after its commit, and is Telegram's time.
    senderOf: () => undefined,
    observe: rooms.observe,
    now: () => store.now(),
  });
  const forget = store.onWake((what) => {
    if (what === 'inbox') pump.nudge();
  });
  let updates = 0;
  return {
    rooms,
    store,
    brings: async (kind, body) => {
      updates += 1;
      const inbound = toInbound(bot, { update_id: updates, [kind]: body });
      if (inbound === undefined) throw new Error('nothing came of the update');
      const handled = new Promise<string | undefined>((resolve) => {
        done = resolve;
      });
      const at = await store.now();
      await store.inbox.accept([inbound], at, { owner: OWNER, until: at + MESSAGE_LEASE_MS });
      return handled;
    },
    stop: async () => {
      forget();
      await pump.stop();
    },
  };
};

const OWNER = 'bench';

const asks = async ({ brings }: Stage, job: string): Promise<string> => {
  const entities = [{ type: 'bot_command', offset: 0, length: 4 }];
  const date = Math.floor(Date.now() / 1000);
  const said = { message_id: 1, date, chat, from: fromOf(ASKER), entities, text: `/run ${job}` };
  const runId = await brings('message', said);
  if (runId === undefined) throw new Error(`nothing came of ${job}`);
  return runId;
};

const runOf = async ({ store }: Stage, runId: string): Promise<LiveRun> => {
  const run = (await store.runs.find([runId])).get(runId)?.state;
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  return run;
};

/** Milliseconds until the outcome is committed. */
const taps = async (stage: Stage, id: number, runId: string): Promise<number> => {
  const { epoch, digest } = await runOf(stage, runId);
  const action = { verb: 'ap', label: '', runId, bound: { epoch, digest } } as const;
  const data = callbackData(action, stage.rooms.ambient.buttonToken);
  const message = { message_id: 1, date: 0, chat, from: botUser };
  const began = performance.now();
  await stage.brings('callback_query', { id: 'tap', from: fromOf(id), chat_instance: '1', message, data });
  return performance.now() - began;
};

interface Measured {
  readonly dialect: Dialect;
  readonly light: Spread;
  readonly heavy: Spread;
  readonly refused: Spread;
}

const measure = async (dialect: Dialect, url: string): Promise<Measured> => {
  const store = await openStore({ url });
  await store.people.replaceFilePeople(people, Date.now());
  await store.catalog.replaceFileJobs(jobs, 'file', Date.now());
  await settle(url);
  const stage = raise(store);
  const took = { light: [] as number[], heavy: [] as number[], refused: [] as number[] };
  for (let tap = -WARM; tap < TAPS; tap += 1) {
    for (const [kind, who, after] of [
      ['light', APPROVER, 'Dispatching'],
      ['heavy', APPROVER, 'Approved'],
      ['refused', VIEWER, 'AwaitingApproval'],
    ] as const) {
      const index = ((tap + WARM) * 2) % JOBS;
      const runId = await asks(stage, `job-${kind === 'heavy' ? index + 1 : index}`);
      await pause(2);
      const ms = await taps(stage, who, runId);
      if ((await runOf(stage, runId)).status !== after) throw new Error(`${kind}: ${runId} is not ${after}`);
      if (tap >= 0) took[kind].push(ms);
    }
  }
  await stage.stop();
  await store.close();
  return {
    dialect,
    light: spreadOf(took.light),
    heavy: spreadOf(took.heavy),
    refused: spreadOf(took.refused),
  };
};

const all: Measured[] = [];
await using databases = openDatabases();
for (const dialect of DIALECTS) {
  all.push(await measure(dialect, await databases.fresh(dialect, await freshFolder())));
}
const ms = ({ p50, p99 }: Spread): string => `**${p50}** / ${p99}`;
await publish({
  name: 'decision',
  title: 'From a tap to its commit',
  head: ['database', 'approves and dispatches', 'approves a heavy run', 'is refused'],
  rows: all.map(({ dialect, light, heavy, refused }) => [dialect, ms(light), ms(heavy), ms(refused)]),
  notes: [
    `Milliseconds, p50 / p99 of ${TAPS.toLocaleString('en')} taps each, one at a time, with ${PEOPLE.toLocaleString('en')} people, a hundredth of ` +
      `them approvers, and ${JOBS.toLocaleString('en')} jobs in the database: the update is read, stored and flushed, then decided and ` +
      'committed with its card, the entry of the queue and the answer. SQLite in a file with synchronous=FULL, PostgreSQL with fsync.',
  ],
  raw: all,
});
