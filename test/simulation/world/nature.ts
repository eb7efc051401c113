import { type Mouth, placeOf } from '../people/mouth.ts';
import { GROUP, LARGER_GROUP } from '../people/residents.ts';
import { NOBODY } from '../time/virtual-time.ts';
import type { Chats } from './chats.ts';
import type { Programs } from './programs.ts';
import { trouble, type World } from './world.ts';

export interface NatureParts {
  readonly world: World;
  readonly programs: Programs;
  readonly chats: Chats;
  readonly mouth: Mouth;
}

const TICK_MS = 1000;

/** What nobody does and nobody can help, once a second until `end`. */
export const letNatureRun = (parts: NatureParts, end: number): void => {
  const { world } = parts;
  const tick = (): void => {
    if (world.time.now() >= end) return;
    strikeOnce(parts);
    world.time.after(TICK_MS, tick, NOBODY);
  };
  world.time.after(TICK_MS, tick, NOBODY);
};

const strikeOnce = (parts: NatureParts): void => {
  const { world, programs } = parts;
  const dice = world.dice.nature;
  const { now } = world.time;
  const victim = dice.pick(world.programs.filter(({ state, stopping }) => state === 'alive' && !stopping));
  if (victim !== undefined) {
    if (world.strikes('crash at any moment')) programs.crash(victim, 'killed');
    else if (world.strikes('frozen at any moment'))
      programs.freeze(victim, dice.between(0.3, 3) * world.weather.leaseMs);
    else if (world.strikes('stopped in order')) void programs.stop(victim, 'again');
  }
  if (world.strikes('database away'))
    hinder(world, () => (world.awayUntil = now() + dice.between(500, 9000)), 'is away');
  if (world.strikes('disk full'))
    hinder(world, () => (world.fullUntil = now() + dice.between(500, 9000)), 'is full');
  if (world.strikes('clock forward')) jump(world, dice.between(1000, 90_000));
  if (world.strikes('clock back')) jump(world, -dice.between(1000, 90_000));
  inChats(parts);
};

const hinder = (world: World, act: () => void, words: string): void => {
  act();
  trouble(world, ...world.programs);
  world.write('database', words);
};

const jump = (world: World, ms: number): void =>
  hinder(world, () => (world.clockOffsetMs += Math.round(ms)), `its clock jumps by ${Math.round(ms)} ms`);

const inChats = ({ world, chats, mouth }: NatureParts): void => {
  const { dice, strikes, time, moves } = world;
  if (strikes('bot blocked')) {
    const group = world.home(GROUP);
    chats.block(group);
    world.write('telegram', `the bot is blocked in ${group}`);
    mouth.sends(membership(group, 'unreachable'));
    time.after(dice.nature.between(3000, 20_000), () => unblock(world, chats, mouth), NOBODY);
  }
  if (!moves.has(GROUP) && strikes('chat moved')) {
    moves.set(GROUP, LARGER_GROUP);
    world.write('telegram', `${GROUP} becomes ${LARGER_GROUP}`);
    mouth.sends((eventKey) => ({ ...placeOf(GROUP, eventKey), kind: 'migration', to: LARGER_GROUP }));
  }
  if (strikes('unreadable update')) {
    const nonsense = { kind: 'unreadable', reason: 'not an update', raw: '{}' } as const;
    mouth.sends((eventKey) => ({ ...placeOf(GROUP, eventKey), ...nonsense }));
  }
};

/** Everywhere the bot was blocked it is let in again. */
export const unblock = (world: World, chats: Chats, mouth: Mouth): void => {
  for (const address of [GROUP, LARGER_GROUP].filter(chats.isBlocked)) {
    chats.unblock(address);
    mouth.sends(membership(world.home(address), 'reachable'));
  }
};

const membership = (address: string, state: 'reachable' | 'unreachable') => (eventKey: string) =>
  ({ ...placeOf(address, eventKey), kind: 'membership', state }) as const;

/** A second program with doors, which polls as if there were no other. */
export const secondPoller = (world: World, programs: Programs): void => {
  if (!world.strikes('second poller')) return;
  world.rude = true;
  programs.start('start');
};
