import { type Dice, diceOf } from '../time/dice.ts';

/** Everything that can go wrong; each is off in some worlds, rare in others, frequent in a few. */
export const FAULTS = [
  'update dropped',
  'update delayed',
  'update duplicated',
  'updates reordered',
  'update numbers jumped',
  'poll failed',
  'poll answer lost',
  'second poller',
  'send throttled',
  'send refused',
  'send lost before',
  'send lost after',
  'send hung',
  'edit target gone',
  'bot blocked',
  'chat moved',
  'database busy',
  'database away',
  'disk full',
  'commit unknown, done',
  'commit unknown, undone',
  'crash before begin',
  'crash before commit',
  'crash after commit',
  'crash before call',
  'crash after call',
  'crash between intent and start',
  'crash at any moment',
  'stopped in order',
  'frozen at any moment',
  'frozen after commit',
  'call slow',
  'clock forward',
  'clock back',
  'wake lost',
  'job deaf',
  'unreadable update',
] as const;

export type Fault = (typeof FAULTS)[number];

/** What kind of world a seed makes. */
export interface Weather {
  readonly seed: number;
  readonly dice: Dice;
  readonly profile: 'dev' | 'production';
  /** Programs with doors, and workers alone. */
  readonly programs: readonly ('start' | 'worker')[];
  /** On one machine a program can see that another one is gone. */
  readonly machines: 'one' | 'several';
  /** The windows of jobs close at noon, which is soon or very soon. */
  readonly untilNoonMs: number;
  /** The schedules of this town. */
  readonly timetable: readonly string[];
  readonly slots: number;
  readonly leaseMs: number;
  /** How often the loops look without being woken. */
  readonly idleMs: number;
  /** How long people are at it, and how long one of them waits before the next does something. */
  readonly busyMs: number;
  readonly restMs: number;
  readonly rates: Readonly<Record<Fault, number>>;
}

export const weatherOf = (seed: number): Weather => {
  const dice = diceOf(seed).fork('weather');
  const calm = dice.chance(0.1);
  return {
    seed,
    dice: diceOf(seed),
    profile: dice.chance(0.3) ? 'dev' : 'production',
    programs: dice.weighted([
      [2, ['start'] as const],
      [4, ['start', 'worker'] as const],
      [2, ['start', 'start'] as const],
      [2, ['start', 'worker', 'worker'] as const],
    ]),
    machines: dice.chance(0.5) ? 'one' : 'several',
    untilNoonMs: dice.pick([20_000, 12_000, 5000]) ?? 20_000,
    timetable: dice.pick([[], ['often'], ['in-turn'], ['always'], ['often', 'in-turn']]) ?? [],
    slots: 1 + dice.below(3),
    leaseMs: dice.pick([4000, 6000, 12_000]) ?? 6000,
    idleMs: dice.pick([1000, 4000, 8000]) ?? 1000,
    busyMs: dice.between(8_000, 30_000),
    restMs: dice.between(300, 1600),
    rates: ratesOf(dice, calm ? 0 : 0.4),
  };
};

/** How likely each fault is at one occasion; there are hundreds of port calls and dozens of messages in a world. */
const OFTEN: Readonly<Record<Fault, number>> = {
  'update dropped': 0.1,
  'update delayed': 0.2,
  'update duplicated': 0.3,
  'updates reordered': 0.3,
  'update numbers jumped': 0.15,
  'poll failed': 0.2,
  'poll answer lost': 0.2,
  'second poller': 1,
  'send throttled': 0.15,
  'send refused': 0.2,
  'send lost before': 0.15,
  'send lost after': 0.15,
  'send hung': 0.04,
  'edit target gone': 0.1,
  'bot blocked': 0.03,
  'chat moved': 0.02,
  'database busy': 0.03,
  'database away': 0.06,
  'disk full': 0.05,
  'commit unknown, done': 0.06,
  'commit unknown, undone': 0.04,
  'crash before begin': 0.01,
  'crash before commit': 0.012,
  'crash after commit': 0.03,
  'crash before call': 0.03,
  'crash after call': 0.03,
  'crash between intent and start': 0.2,
  'crash at any moment': 0.02,
  'stopped in order': 0.02,
  'frozen at any moment': 0.04,
  'frozen after commit': 0.08,
  'call slow': 0.01,
  'clock forward': 0.02,
  'clock back': 0.02,
  'wake lost': 0.3,
  'job deaf': 0.8,
  'unreadable update': 0.05,
};

/** A fault is on in `share` of all worlds, and then anything between rare and frequent. */
const ratesOf = (dice: Dice, share: number): Weather['rates'] => {
  const rate = (fault: Fault): number => (dice.chance(share) ? OFTEN[fault] * dice.between(0.1, 1) : 0);
  const entries = FAULTS.map((fault) => [fault, rate(fault)] as const);
  // fromEntries forgets that every fault is a key.
  return Object.fromEntries(entries) as Weather['rates'];
};
