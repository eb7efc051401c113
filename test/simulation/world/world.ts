import type { Rooms } from '../../../src/core/flows/messages/heard.ts';
import type { Running } from '../../../src/core/ports/running.ts';
import type { Wake } from '../../../src/core/ports/store.ts';
import type { Dice } from '../time/dice.ts';
import type { Owner, VirtualTime } from '../time/virtual-time.ts';
import type { Connection } from './database.ts';
import { type Counters, count, type Log, newLog } from './log.ts';
import { type Fault, type Weather } from './weather.ts';

/** A process of the operating system that runs the program. */
export interface Program extends Owner {
  readonly kind: 'start' | 'worker';
  /** Where it lives, as it tells others. */
  readonly place: string;
  /** Who wants to be woken inside of it. */
  readonly listeners: Set<(what: Wake) => void>;
  /** The takes of the file, one after the other. */
  reloading: Promise<void>;
  /** What was started, in order. */
  readonly running: Running[];
  rooms?: Rooms;
  /** The newest moment at which something beyond its own power held it up. */
  troubledAt: number;
  stopping: boolean;
}

export interface Violation {
  readonly law: string;
  readonly words: string;
}

/** What all parts of a world share. */
export interface World {
  readonly weather: Weather;
  readonly time: VirtualTime;
  readonly db: Connection;
  /** How many rows were ever changed. */
  readonly changes: () => number;
  readonly log: Log;
  readonly counters: Counters;
  readonly programs: Program[];
  readonly livesAt: (place: string) => boolean;
  /** Its programs do not know that Telegram suffers one poller only. */
  rude: boolean;
  /** Of those that are gone: the newest moment at which something had held them up. */
  readonly graveyard: Map<string, number>;
  /** Dice of their own for the answers of ports, for nature, for people and for jobs. */
  readonly dice: { readonly ports: Dice; readonly nature: Dice; readonly people: Dice; readonly jobs: Dice };
  /** What the database says when it is asked for the time. */
  readonly clock: () => number;
  /** The true time, which Telegram knows. */
  readonly wall: () => number;
  readonly write: (who: Owner | string, what: string) => void;
  readonly counts: (what: string) => void;
  /** Whether this fault happens now; never once the world is healed. */
  readonly strikes: (fault: Fault) => boolean;
  /** The first broken law ends the world. */
  readonly breaks: (law: string, words: string) => void;
  violation?: Violation;
  healed: boolean;
  clockOffsetMs: number;
  /** Chats that go on under another address. */
  readonly moves: Map<string, string>;
  /** Where a chat is now. */
  readonly home: (address: string) => string;
  /** Nobody gets through to the database before. */
  awayUntil: number;
  /** Nothing can be written before. */
  fullUntil: number;
}

/** On an ordinary day. */
const NOON = Date.UTC(2026, 10, 21, 12);

export const newWorld = (weather: Weather, time: VirtualTime, db: Connection): World => {
  const log = newLog();
  const counters: Counters = new Map();
  const changes = db.prepare<[], number>('select total_changes()').pluck();
  const { dice } = weather;
  const faults = dice.fork('faults');
  const [ports, nature, people, jobs] = ['ports', 'nature', 'people', 'jobs'].map(dice.fork);
  const beginning = NOON - weather.untilNoonMs;
  if (!ports || !nature || !people || !jobs) throw new Error('a concern has no dice');
  const world: World = {
    ...still(),
    weather,
    time,
    db,
    changes: () => changes.get() ?? 0,
    log,
    counters,
    dice: { ports, nature, people, jobs },
    livesAt: (place) => world.programs.some((program) => program.place === place),
    clock: () => beginning + Math.floor(time.now() + world.clockOffsetMs),
    wall: () => beginning + Math.floor(time.now()),
    home: (address) => world.moves.get(address) ?? address,
    write: (who, what) => log.write(time.now(), typeof who === 'string' ? who : who.name, what),
    counts: (what) => count(counters, what),
    strikes: (fault) => {
      const rate = weather.rates[fault];
      if (world.healed || rate === 0 || !faults.chance(rate)) return false;
      count(counters, `fault: ${fault}`);
      return true;
    },
    breaks: (law, words) => {
      world.violation ??= { law, words };
      world.write('LAW', `${law} is broken: ${words}`);
    },
  };
  return world;
};

/** Nothing has happened yet. */
const still = () => ({
  programs: [],
  graveyard: new Map<string, number>(),
  moves: new Map<string, string>(),
  rude: false,
  healed: false,
  clockOffsetMs: 0,
  awayUntil: 0,
  fullUntil: 0,
});

/** Something held the program up that no program can help; what it loses because of it is no fault of its own. */
export const trouble = (world: World, ...programs: readonly Program[]): void => {
  for (const program of programs) program.troubledAt = world.time.now();
};

export const isUp = (program: Program): boolean => program.state !== 'dead';
