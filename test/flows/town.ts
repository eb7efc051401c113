import { describe, test } from 'vitest';
import { buttonToken } from '../../src/bot/telegram/button-token.ts';
import type { Rooms } from '../../src/core/flows/messages/heard.ts';
import { sendPending } from '../../src/core/flows/messages/send-pending.ts';
import { closeOverdue } from '../../src/core/flows/runs/close-overdue.ts';
import { recoverLeases } from '../../src/core/flows/runs/recover-leases.ts';
import { sendNotices } from '../../src/core/flows/runs/send-notices.ts';
import { takeFileSchedules } from '../../src/core/flows/schedules/file-schedules.ts';
import { fireSchedules } from '../../src/core/flows/schedules/fire-schedule.ts';
import type { Person } from '../../src/core/people/person.ts';
import type { Advisors } from '../../src/core/ports/advisor.ts';
import type { Ambient } from '../../src/core/ports/ambient.ts';
import type { ILogReader } from '../../src/core/ports/log.ts';
import type { Observation } from '../../src/core/ports/observe.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { LiveRun } from '../../src/core/runs/run.ts';
import type { ScheduleSpec } from '../../src/core/schedules/schedule.ts';
import { furnish } from '../../src/program/house.ts';
import { noon } from '../cast.ts';
import { logged } from '../log-lines.ts';
import { auditStore, liveRun } from './audit.ts';
import { type Chat, chatIn } from './chat.ts';
import { type Clock, type Ground, type Grounds, grounds, type Settle } from './grounds.ts';
import { hasCards, hasDocuments, hasTexts, isGroup, phone, type Ring, type Shown } from './phone.ts';
import { jobs as everyJob, type Listed, residents } from './residents.ts';
import { type Hand, hire } from './worker.ts';

export interface TownOptions {
  readonly profile?: 'dev' | 'production';
  readonly people?: readonly Person[];
  readonly jobs?: readonly Listed[];
  /** Nobody advises, unless a story is about it. */
  readonly advisors?: () => Advisors;
  /** Where the console is; nobody knows, unless a story is about it. */
  readonly console?: string;
  /** How long an advisor may take. */
  readonly adviceMs?: number;
  /** No log is kept, unless a story reads one. */
  readonly log?: ILogReader;
  /** Ids and chance, where a story needs the same ones again. */
  readonly ambient?: Partial<Ambient>;
}

/** A whole installation on a real store: only the clock, the phones and the worker's hands are the test's. */
export interface Town {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly chat: (address: string) => Chat;
  readonly worker: (name?: string) => Hand;
  readonly now: () => number;
  readonly passes: (ms: number) => void;
  /** What the loops do by themselves: deadlines, reminders and lost leases. */
  readonly keepsHouse: () => Promise<void>;
  /** From now on the job's files have these fingerprints. */
  readonly swaps: (files: Readonly<Record<string, string>>) => void;
  /** From now on these are the schedules of the file. */
  readonly plans: (schedules: readonly ScheduleSpec[]) => Promise<void>;
  /** Somebody looks at the clock until there is nothing left to do. */
  readonly ticks: () => Promise<void>;
  readonly lists: (jobs: readonly Listed[]) => Promise<void>;
  /** From now on these are the people of the file. */
  readonly admits: (people: readonly Person[]) => Promise<void>;
  /** This happens between the judging of the next command and its commit, as if another process had done it. */
  readonly meanwhile: (act: () => Promise<unknown>) => void;
  /** The program ends and is started again on the same data. */
  readonly restarts: () => Promise<void>;
  readonly run: (runId: string) => Promise<LiveRun>;
  /** Types of the events of a run. */
  readonly events: (runId: string) => Promise<readonly string[]>;
  /** What rang anywhere since the last time somebody asked. */
  readonly rings: () => Promise<readonly Ring[]>;
  /** Every message of every chat, as it stands there now. */
  readonly shown: () => Promise<readonly Shown[]>;
  readonly seen: <K extends Observation['kind']>(kind: K) => readonly Extract<Observation, { kind: K }>[];
}

export const LEASE_MS = 30_000;

type Story = (title: string, tell: (town: Town) => Promise<void>, options?: TownOptions) => void;

/** Every story on every store; afterwards its whole history is audited. */
export const onEveryStore = (stories: (story: Story, where: Grounds) => void): void => {
  for (const where of grounds) onStore(where, stories);
};

/** Stories of a program that ends and comes back; a store in memory has nothing to come back to. */
export const onLastingStores = (stories: (story: Story, where: Grounds) => void): void => {
  for (const where of grounds.filter(({ lasting }) => lasting)) onStore(where, stories);
};

const onStore = (where: Grounds, stories: (story: Story, where: Grounds) => void): void => {
  describe(`on ${where.name}`, () => {
    const settle = where.stake();
    const story: Story = (title, tell, options = {}) => {
      // oxlint-disable-next-line vitest/valid-title -- the words of the story are the title
      test(title, () => inTown(settle, tell, options));
    };
    stories(story, where);
  });
};

/** Founds a town, lets something happen there, audits its whole history and clears the ground. */
export const inTown = async <T>(
  settle: Settle,
  happens: (town: Town) => Promise<T>,
  options: TownOptions = {},
): Promise<T> => {
  let at = noon;
  const clock: Clock = () => at;
  const ground = await settle(clock);
  try {
    const passes = (ms: number): void => {
      at += ms;
    };
    const town = await found(ground, { clock, passes }, options);
    const outcome = await happens(town);
    await auditStore(town.store);
    return outcome;
  } finally {
    await ground.clear();
  }
};

export interface Time {
  readonly clock: Clock;
  readonly passes: (ms: number) => void;
}

/** The town on an empty store, with its people and jobs. */
export const found = async (ground: Ground, { clock, passes }: Time, options: TownOptions): Promise<Town> => {
  const { profile = 'production' } = options;
  const people = options.people ?? (profile === 'dev' ? [] : residents);
  const seen: Observation[] = [];
  let files: Readonly<Record<string, string>> = { 'backup.sh': 'a'.repeat(64) };
  const furnished = (store: Store): Rooms => {
    const rooms = furnish({
      store,
      profile,
      version: '1.0.0',
      leaseMs: LEASE_MS,
      buttonToken: buttonToken('the key of the town'),
      fingerprint: () => Promise.resolve(files),
      observe: logged((observation) => void seen.push(observation)),
      cards: hasCards,
      documents: hasDocuments,
      texts: hasTexts,
      isGroup,
      channels: () => [{ channel: 'telegram', state: 'ok', lastHeardMs: clock() }],
      startedAt: noon,
      console: () => options.console,
      ...(options.log === undefined ? {} : { log: options.log }),
      ...(options.advisors === undefined ? {} : { advisors: options.advisors }),
      ...(options.adviceMs === undefined ? {} : { adviceMs: options.adviceMs }),
    });
    return { ...rooms, ambient: { ...rooms.ambient, ...options.ambient } };
  };
  let other: (() => Promise<unknown>) | undefined;
  const open = (fresh: Store): Store => ({
    ...fresh,
    runs: {
      ...fresh.runs,
      commit: async (commits) => {
        const act = other;
        other = undefined;
        await act?.();
        return fresh.runs.commit(commits);
      },
    },
  });
  let store = open(ground.store);
  let rooms = furnished(store);
  await store.people.replaceFilePeople(people, noon);
  await store.catalog.replaceFileJobs(options.jobs ?? everyJob, 'file', noon);
  const phones = phone();
  const lookAround = {
    rooms: () => rooms,
    phones,
    now: clock,
    deliver: inTurn(() => deliver(rooms, phones.senders)),
  };
  let rung = 0;
  const chats = new Map<string, Chat>();
  const chat = (address: string): Chat => {
    const known = chats.get(address) ?? chatIn(lookAround, address);
    chats.set(address, known);
    return known;
  };
  return {
    get store() {
      return store;
    },
    get rooms() {
      return rooms;
    },
    chat,
    worker: (name = 'w1') => hire({ rooms: () => rooms, leaseMs: LEASE_MS, now: clock }, name),
    now: clock,
    passes,
    keepsHouse: async () => {
      await closeOverdue(rooms)();
      await sendNotices(rooms)();
      await recoverLeases(rooms)();
    },
    swaps: (changed) => {
      files = changed;
    },
    plans: async (specs) =>
      void (await takeFileSchedules(store, rooms.ambient.calendar, { schedules: specs })),
    ticks: async () => {
      const tick = fireSchedules(rooms);
      while ((await tick()) === 'busy');
    },
    lists: async (listed) => void (await store.catalog.replaceFileJobs(listed, 'file', clock())),
    admits: async (admitted) => void (await store.people.replaceFilePeople(admitted, clock())),
    meanwhile: (act) => {
      other = act;
    },
    restarts: async () => {
      store = open(await ground.reopen());
      rooms = furnished(store);
    },
    run: (runId) => liveRun(store, runId),
    events: async (runId) => (await store.runs.history(runId)).map(({ type }) => type),
    rings: async () => {
      await lookAround.deliver();
      const rings = phones.rings().slice(rung);
      rung += rings.length;
      return rings;
    },
    shown: async () => {
      await lookAround.deliver();
      return phones.shown();
    },
    seen: (kind) =>
      seen.filter((one): one is Extract<Observation, { kind: typeof kind }> => one.kind === kind),
  };
};

/** There is one sender: whoever looks at a chat waits for what is on its way. */
const inTurn = (act: () => Promise<void>): (() => Promise<void>) => {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(act);
    return last;
  };
};

/** Sends everything that is owed, lane by lane, through the real sending. */
const deliver = async (rooms: Rooms, senders: ReturnType<typeof phone>['senders']): Promise<void> => {
  const { store, observe } = rooms;
  const now = (): Promise<number> => store.now();
  const pauseChannel = (): void => undefined;
  const { outbox, runs } = store;
  const send = sendPending({ outbox, outputs: runs, now, chance: () => 0, observe, pauseChannel });
  const channels = senders.map(({ channel }) => channel);
  const owner = 'town';
  for (;;) {
    const at = await now();
    const claimed = await store.outbox.claim({ owner, limit: 50, at, until: at + 60_000, channels });
    if (claimed.length === 0) return;
    const settled = [];
    for (const outgoing of claimed) {
      const sender = senders.find(({ channel }) => outgoing.address.startsWith(`${channel}:`));
      if (sender === undefined) throw new Error(`nobody lives at ${outgoing.address}`);
      settled.push(await send(outgoing, sender, new AbortController().signal));
    }
    await store.outbox.settle(settled, at, owner);
  }
};
