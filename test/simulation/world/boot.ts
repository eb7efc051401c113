import { MESSAGE_LEASE_MS, startInboxPump } from '../../../src/bot/inbox-pump.ts';
import { startSender } from '../../../src/bot/sender.ts';
import { handleMessage } from '../../../src/core/flows/messages/handle-message.ts';
import type { Rooms } from '../../../src/core/flows/messages/heard.ts';
import { recordInstalledGates } from '../../../src/core/flows/ops/feature-gates.ts';
import { takeFilePeople } from '../../../src/core/flows/people/file-people.ts';
import type { IMessageSender } from '../../../src/core/ports/channel.ts';
import type { OnlyOne } from '../../../src/core/ports/leases.ts';
import type { Observe } from '../../../src/core/ports/observe.ts';
import type { Running } from '../../../src/core/ports/running.ts';
import type { Store, Wake } from '../../../src/core/ports/store.ts';
import type { Engine } from '../../../src/db/engine.ts';
import { storeOn } from '../../../src/db/store.ts';
import { owes } from '../../../src/loops/loop.ts';
import { type OnlyOneTimes, onlyOneOf } from '../../../src/loops/only-one.ts';
import { startPulse } from '../../../src/loops/pulse.ts';
import { within } from '../../../src/loops/rest.ts';
import { calendar } from '../../../src/scheduler/calendar.ts';
import { startHousekeeping, startSchedules } from '../../../src/scheduler/start.ts';
import { startWorker } from '../../../src/worker/start.ts';
import type { Chats } from './chats.ts';
import { furnished } from './furnished.ts';
import type { Jobs } from './jobs.ts';
import type { Passage } from './passage.ts';
import { startPoller } from './poller.ts';
import type { Town } from './town.ts';
import type { Updates } from './updates.ts';
import type { Program, World } from './world.ts';

export interface BootParts {
  readonly world: World;
  readonly program: Program;
  readonly passage: Passage;
  readonly engine: Engine;
  readonly town: Town;
  readonly chats: Chats;
  readonly updates: Updates;
  readonly jobs: Jobs;
  readonly observe: Observe;
}

interface Opened extends BootParts {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly now: () => Promise<number>;
  readonly pulse: ReturnType<typeof startPulse>['pulse'];
  readonly onlyOne: OnlyOne;
}

/** What `textops start` and `textops worker` start, in the same order; only what lies outside of the process is the world's. */
export const boot = async (parts: BootParts): Promise<void> => {
  const { program, engine, observe, world, town } = parts;
  const { running, name: instance } = program;
  const store = storeOn(engine);
  await recordInstalledGates(store);
  const rooms = furnished(parts, store, await store.now());
  program.rooms = rooms;
  const now = (): Promise<number> => store.now();
  const pulse = startPulse({ heartbeats: store.heartbeats, now, instance, observe });
  running.push({ stop: () => store.close() }, pulse);
  await takeFile(town, store);
  const basics = { ...parts, store, rooms, now, pulse: pulse.pulse };
  const opened = { ...basics, onlyOne: onlyOneOf(turns(basics)) };
  if (program.kind === 'start') openDoors(opened);
  else running.push(ticks(opened), worker(opened));
  world.write(program, 'is up');
};

/** As the watch of the configuration file does it. */
export const takeFile = async ({ jobs, people, schedules }: Town, store: Store): Promise<void> => {
  const at = await store.now();
  await store.catalog.replaceFileJobs(jobs, 'file', at);
  await takeFilePeople(store, people);
  await store.schedules.replaceFileSchedules(schedules, calendar, at);
};

/** In the proportions of the program, and slower, because looking costs as much here as there. */
const TIMES: OnlyOneTimes = { leaseMs: 8000, renewMs: 2400, giveUpMs: 5500, lookMs: 2500 };

const turns = ({ store, now, program, rooms, observe, pulse }: Omit<Opened, 'onlyOne'>) => ({
  leases: store.leases,
  now,
  holder: program.name,
  place: program.place,
  isGone: rooms.ambient.isGone ?? (() => false),
  onGone: async (holder: string): Promise<void> => {
    const at = await store.now();
    await store.inbox.release(holder, at);
    await store.outbox.release(holder, at);
  },
  observe,
  pulse,
  times: TIMES,
});

const openDoors = (parts: Opened): void => {
  const { program, store, rooms, onlyOne, observe, pulse } = parts;
  const { running } = program;
  const poller = intake(parts);
  const telegram = parts.chats.senderFor(program, parts.passage, rooms.ambient.buttonToken);
  const senders = [telegram, DEV];
  const sender = outgoing(parts, senders, (channel) => channel !== telegram.channel || poller.isOurs());
  running.push(sender, wakeOn(store, 'outbox', sender), worker(parts), ticks(parts));
  running.push(onlyOne({ name: 'schedules', start: () => startSchedules({ rooms, observe, pulse }) }));
  const pump = incoming(parts, senders);
  running.push({ stop: () => within(1500, pump.stop()).then(() => undefined) }, wakeOn(store, 'inbox', pump));
  running.push(poller.start());
};

/** What the dev door said in its answer is not sent again. */
const DEV: IMessageSender = {
  channel: 'dev',
  caps: { cards: false, textMax: 4096 },
  deliver: () => Promise.resolve({ k: 'sent' }),
  answerPress: () => Promise.resolve(),
};

const outgoing = (
  parts: Opened,
  senders: readonly IMessageSender[],
  speaksOn: (channel: string) => boolean,
) => {
  const { world, program, store, rooms, observe, now, pulse } = parts;
  const { chance } = rooms.ambient;
  const times = { idleMs: world.weather.idleMs };
  return startSender({
    outbox: store.outbox,
    senders,
    speaksOn,
    observe,
    now,
    owner: program.name,
    chance,
    times,
    pulse,
    owed: owes(store, 'outbox'),
  });
};

const incoming = (parts: Opened, senders: readonly IMessageSender[]) => {
  const { world, program, store, rooms, observe, now, pulse } = parts;
  return startInboxPump({
    inbox: store.inbox,
    owner: program.name,
    handle: handleMessage(rooms),
    senderOf: (channel) => senders.find((one) => one.channel === channel),
    observe,
    now,
    times: { idleMs: world.weather.idleMs },
    pulse,
    owed: owes(store, 'inbox'),
  });
};

/** Telegram suffers one poller per bot; a program of another installation may not know that. */
const intake = ({ world, program, passage, updates, store, onlyOne }: Opened) => {
  let ours = world.rude;
  const sink = async (batch: Parameters<Store['inbox']['accept']>[0]): Promise<void> => {
    const at = await store.now();
    await store.inbox.accept(batch, at, { owner: program.name, until: at + MESSAGE_LEASE_MS });
  };
  const poll = (): Running => {
    ours = true;
    return startPoller(world, program, { updates, passage, sink });
  };
  const onWait = (): void => {
    ours = false;
  };
  return {
    isOurs: () => ours,
    start: () => (world.rude ? poll() : onlyOne({ name: 'poller:telegram', start: poll, onWait })),
  };
};

const worker = ({ world, program, passage, rooms, jobs, pulse }: Opened): Running =>
  startWorker({
    rooms,
    executors: jobs.executorsFor(program, passage),
    workerId: program.name,
    place: program.place,
    slots: world.weather.slots,
    leaseMs: world.weather.leaseMs,
    secretOf: () => undefined,
    pollMs: world.weather.idleMs,
    pulse,
  });

const ticks = ({ world, rooms, observe, pulse, onlyOne }: Opened): Running => {
  const { idleMs, leaseMs } = world.weather;
  const everyMs = Math.min(idleMs, leaseMs / 3);
  return onlyOne({ name: 'ticks', start: () => startHousekeeping({ rooms, observe, everyMs, pulse }) });
};

const wakeOn = (store: Store, what: Wake, loop: { nudge(): void }): Running => {
  const forget = store.onWake((woken) => {
    if (woken === what) loop.nudge();
  });
  return { stop: () => Promise.resolve(forget()) };
};
