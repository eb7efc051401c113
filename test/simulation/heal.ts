import {
  checkAlarms,
  checkImmortals,
  checkOutbox,
  nextDeadline,
  silentWorkers,
  unsettledOf,
} from './laws/liveness.ts';
import { type Mouth, NOTHING } from './people/mouth.ts';
import { privateChat } from './people/residents.ts';
import { reopening } from './people/upkeep.ts';
import { NOBODY } from './time/virtual-time.ts';
import type { Chats } from './world/chats.ts';
import { unblock } from './world/nature.ts';
import type { Programs } from './world/programs.ts';
import type { Town } from './world/town.ts';
import type { Updates } from './world/updates.ts';
import type { Program, World } from './world/world.ts';

export interface Healing {
  readonly world: World;
  readonly programs: Programs;
  readonly chats: Chats;
  readonly mouth: Mouth;
  readonly updates: Updates;
  readonly town: Town;
  readonly wasTaken: (key: string, address: string) => boolean;
}

const TWO_DAYS_MS = 48 * 60 * 60_000;
/** Jobs with a limit run one after the other, each of them with all its tries. */
const SETTLED_MS = 30 * 60_000;

/** No more faults, and two days of patience: whatever was promised to happen has to happen. */
export const heal = async (healing: Healing): Promise<void> => {
  const { world } = healing;
  const until = world.time.now() + TWO_DAYS_MS;
  world.write('world', 'is healed');
  calm(healing);
  const silent = silentWorkers(world);
  await settled(healing);
  // Otherwise two days would be full of its questions.
  healing.town.schedules = [];
  healing.programs.reload();
  await settled(healing);
  while (world.violation === undefined && world.time.now() < until) {
    const deadline = (nextDeadline(world) ?? Infinity) - world.clock();
    world.time.leap(Math.min(Math.max(0, deadline) + 5000, until - world.time.now()));
    await settled(healing);
  }
  // Somebody has to look twice before silence is told.
  if (silent.length > 0)
    await world.time.pass(world.time.now() + 15_000, () => world.violation !== undefined);
  if (world.violation !== undefined) return;
  checkImmortals(world);
  checkAlarms(world, silent);
  checkOutbox(world, healing.wasTaken);
  await stopAll(healing);
};

const calm = ({ world, programs, chats, mouth }: Healing): void => {
  world.healed = true;
  world.awayUntil = 0;
  world.fullUntil = 0;
  for (const program of world.programs) if (program.state === 'frozen') programs.thaw(program);
  const [, ...others] = world.programs.filter(({ kind, stopping }) => kind === 'start' && !stopping);
  for (const program of others) void programs.stop(program, 'for good');
  unblock(world, chats, mouth);
  reopens({ world, mouth });
};

const reopens = ({ world, mouth }: Pick<Healing, 'world' | 'mouth'>): void => {
  for (const text of reopening(world)) mouth.says('olga', privateChat('olga'), text, NOTHING);
};

const LOOK_MS = 1000;
/** What somebody closed just before the heal may be on its way for a while. */
const REOPENS_EVERY_MS = 60_000;

/** Waits until everything has been dealt with, and says what was not. */
const settled = async ({ world, updates, mouth }: Healing): Promise<void> => {
  const end = world.time.now() + SETTLED_MS;
  let over = false;
  let waitedMs = 0;
  const look = (): void => {
    waitedMs += LOOK_MS;
    if (waitedMs % REOPENS_EVERY_MS === 0) reopens({ world, mouth });
    over =
      world.violation !== undefined ||
      (updates.pending() === 0 &&
        world.programs.some(({ rooms }) => rooms !== undefined) &&
        unsettledOf(world).length === 0);
    if (!over) world.time.after(LOOK_MS, look, NOBODY);
  };
  world.time.after(2000, look, NOBODY);
  await world.time.pass(end, () => over);
  if (over) return;
  const [first] = unsettledOf(world);
  if (first !== undefined) world.breaks(first.law, first.words);
  else if (updates.pending() > 0) world.breaks('L1', 'nobody fetches the updates');
};

/** L10: everybody stops in time when nothing stands in the way. */
const stopAll = async ({ world, programs }: Healing): Promise<void> => {
  let left = world.programs.length;
  const stop = async (program: Program): Promise<void> => {
    const ms = await programs.stop(program, 'for good');
    left -= 1;
    if (ms >= 25_000) world.breaks('L10', `${program.name} did not stop within ${ms} ms`);
  };
  for (const program of world.programs) void stop(program);
  await world.time.pass(world.time.now() + 30_000, () => left === 0);
};
