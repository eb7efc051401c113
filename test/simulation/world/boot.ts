import { startInboxPump } from '../../../src/bot/inbox-pump.ts';
import { startSender } from '../../../src/bot/sender.ts';
import { buttonToken } from '../../../src/bot/telegram/button-token.ts';
import { recordInstalledGates } from '../../../src/core/flows/feature-gates.ts';
import { handleMessage } from '../../../src/core/flows/handle-message.ts';
import type { Rooms } from '../../../src/core/flows/heard.ts';
import type { IMessageSender } from '../../../src/core/ports/channel.ts';
import type { Observe } from '../../../src/core/ports/observe.ts';
import type { Running } from '../../../src/core/ports/running.ts';
import type { Store, Wake } from '../../../src/core/ports/store.ts';
import { newRunId } from '../../../src/core/runs/run-id.ts';
import type { Engine } from '../../../src/db/engine.ts';
import { storeOn } from '../../../src/db/store.ts';
import { furnish } from '../../../src/house.ts';
import { startPulse } from '../../../src/loops/pulse.ts';
import { within } from '../../../src/loops/rest.ts';
import { startHousekeeping } from '../../../src/scheduler/start.ts';
import { startWorker } from '../../../src/worker/start.ts';
import type { Dice } from '../time/dice.ts';
import type { Chats } from './chats.ts';
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

/** The secret behind the buttons: the same for every program of an installation. */
const KEY = 'the key of the town';

export const OPS_CHAT = 'telegram:-100';

/** What `textops start` and `textops worker` start, in the same order; only what lies outside of the process is the world's. */
export const boot = async (parts: BootParts): Promise<void> => {
  const { program, engine, observe, world } = parts;
  const store = storeOn(engine);
  await recordInstalledGates(store);
  const rooms = await furnished(parts, store);
  program.rooms = rooms;
  const now = (): Promise<number> => store.now();
  const pulse = startPulse({ heartbeats: store.heartbeats, now, instance: program.workerId, observe });
  const { running } = program;
  running.push({ stop: () => store.close() }, pulse);
  await takeFile(parts.town, rooms);
  const more = { ...parts, store, rooms, now, pulse: pulse.pulse };
  if (program.kind === 'start') openDoors(more);
  else {
    running.push(housekeeping(more), worker(more));
  }
  world.write(program, 'is up');
};

/** As the watch of the configuration file does it. */
export const takeFile = async (town: Town, { store }: Pick<Rooms, 'store'>): Promise<void> => {
  const { jobs, people } = town;
  const at = await store.now();
  await store.catalog.replaceFileJobs(jobs, 'file', at);
  await store.people.replaceFilePeople(people, at);
};

const furnished = async (
  { world, program, passage, town, observe }: BootParts,
  store: Store,
): Promise<Rooms> => {
  const startedAt = await store.now();
  const rooms = furnish({
    store,
    profile: world.weather.profile,
    version: '1.0.0',
    leaseMs: world.weather.leaseMs,
    buttonToken: buttonToken(KEY),
    fingerprint: async (target) => {
      await passage.hop();
      const files = town.fingerprint(target);
      for (const name of Object.keys(files)) {
        const key = `${program.workerId} ${name}`;
        town.given.set(key, [...(town.given.get(key) ?? []), { at: world.time.now(), files }]);
      }
      return files;
    },
    observe,
    cards: (address) => address.startsWith('telegram:'),
    channels: () => [{ channel: 'telegram', state: 'ok' }],
    startedAt,
    opsChat: () => OPS_CHAT,
  });
  return { ...rooms, ambient: { ...rooms.ambient, ...seeded(world.dice.ports.fork(program.name)) } };
};

/** The system's randomness cannot be repeated; this can. */
const seeded = (dice: Dice): Pick<Rooms['ambient'], 'newRunId' | 'chance'> => ({
  newRunId: () => newRunId(dice.next),
  chance: dice.next,
});

interface Opened extends BootParts {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly now: () => Promise<number>;
  readonly pulse: ReturnType<typeof startPulse>['pulse'];
}

const openDoors = (parts: Opened): void => {
  const { world, program, passage, store, rooms, observe, now, pulse } = parts;
  const { running } = program;
  const { idleMs } = world.weather;
  const senders: readonly IMessageSender[] = [
    parts.chats.senderFor(program, passage, rooms.ambient.buttonToken),
    // What the dev door said in its answer is not sent again.
    {
      channel: 'dev',
      caps: { cards: false, textMax: 4096 },
      deliver: async () => ({ k: 'sent' }),
      answerPress: async () => undefined,
    },
  ];
  const owner = program.workerId;
  const chance = rooms.ambient.chance;
  const sender = startSender({
    outbox: store.outbox,
    senders,
    observe,
    now,
    owner,
    chance,
    pulse,
    times: { idleMs },
  });
  running.push(sender, wakeOn(store, 'outbox', sender));
  running.push(worker(parts), housekeeping(parts));
  const handle = handleMessage(rooms);
  const senderOf = (channel: string) => senders.find((one) => one.channel === channel);
  const pump = startInboxPump({
    inbox: store.inbox,
    handle,
    senderOf,
    observe,
    now,
    pulse,
    times: { idleMs },
  });
  running.push({ stop: () => within(1500, pump.stop()).then(() => undefined) }, wakeOn(store, 'inbox', pump));
  const sink = async (batch: Parameters<Store['inbox']['accept']>[0]): Promise<void> =>
    void (await store.inbox.accept(batch, await store.now()));
  running.push(startPoller(world, program, { updates: parts.updates, passage, sink }));
};

const worker = ({ world, program, passage, rooms, jobs, pulse }: Opened): Running =>
  startWorker({
    rooms,
    executors: jobs.executorsFor(program, passage),
    workerId: program.workerId,
    slots: world.weather.slots,
    leaseMs: world.weather.leaseMs,
    secretOf: () => undefined,
    pollMs: world.weather.idleMs,
    pulse,
  });

/** Deadlines, lost leases, silence; whatever else time alone brings about belongs here as well. */
const housekeeping = ({ world, rooms, observe, pulse }: Opened): Running =>
  startHousekeeping({
    rooms,
    observe,
    everyMs: Math.min(world.weather.idleMs, world.weather.leaseMs / 3),
    pulse,
  });

const wakeOn = (store: Store, what: Wake, loop: { nudge(): void }): Running => {
  const forget = store.onWake((woken) => {
    if (woken === what) loop.nudge();
  });
  return { stop: () => Promise.resolve(forget()) };
};
