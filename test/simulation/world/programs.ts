import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Wake } from '../../../src/core/ports/store.ts';
import { stopAll } from '../../../src/program/stop-all.ts';
import { logged, takeBadLines } from '../../log-lines.ts';
import { NOBODY } from '../time/virtual-time.ts';
import { type BootParts, boot, takeFile } from './boot.ts';
import { engineOf } from './engine.ts';
import { passageOf } from './passage.ts';
import { isUp, type Program, trouble, type World } from './world.ts';

/** Whoever looks after the processes: starts them, and starts them again when they are gone. */
export interface Programs {
  readonly start: (kind: Program['kind']) => Program;
  readonly crash: (program: Program, why: string) => void;
  readonly freeze: (program: Program, ms: number) => void;
  readonly thaw: (program: Program) => void;
  /** Stops in order, as after SIGTERM; resolves with the time that it took. */
  readonly stop: (program: Program, then: 'again' | 'for good') => Promise<number>;
  /** Everybody reads the configuration file again, each in its own time. */
  readonly reload: () => void;
}

export interface ProgramsParts extends Pick<BootParts, 'world' | 'town' | 'chats' | 'updates' | 'jobs'> {
  readonly onTransaction: () => void;
  readonly observe: (program: Program, observation: Observation) => void;
}

export const newPrograms = (parts: ProgramsParts): Programs => {
  const { world } = parts;
  const { time, dice } = world;
  let born = 0;
  const startLater = (kind: Program['kind'], msMax: number): void => {
    time.after(dice.nature.between(200, msMax), () => void programs.start(kind), NOBODY);
  };
  const programs: Programs = {
    start: (kind) => {
      born += 1;
      const program = newProgram(kind, born);
      world.programs.push(program);
      world.write(program, 'starts');
      begin(parts, programs, program);
      return program;
    },
    crash: (program, why) => {
      if (!isUp(program)) return;
      world.write(program, `dies: ${why}`);
      end(parts, program);
      startLater(program.kind, 8000);
    },
    freeze: (program, ms) => freeze(world, program, ms),
    thaw: (program) => thaw(world, program),
    stop: async (program, then) => {
      const ms = await stop(parts, program);
      if (then === 'again') startLater(program.kind, 4000);
      return ms;
    },
    reload: () => {
      for (const program of world.programs) reload(parts, program);
    },
  };
  return programs;
};

const newProgram = (kind: Program['kind'], number: number): Program => {
  const name = `${kind === 'start' ? 'main' : 'work'}-${number}`;
  return {
    name,
    kind,
    place: `here ${number}`,
    state: 'alive',
    listeners: new Set(),
    reloading: Promise.resolve(),
    running: [],
    troubledAt: -Infinity,
    stopping: false,
  };
};

const begin = (parts: ProgramsParts, { crash }: Programs, program: Program): void => {
  const { world } = parts;
  const passage = passageOf(world, program, crash);
  const engine = engineOf({
    world,
    program,
    passage,
    wake: wakeAll(world),
    onTransaction: parts.onTransaction,
    freeze: () => freeze(world, program, world.dice.nature.between(0.5, 3) * world.weather.leaseMs),
  });
  const observe = logged((observation: Observation): void => {
    if (isUp(program)) parts.observe(program, observation);
    // A thread has no afterEach that would look.
    for (const fault of takeBadLines()) world.breaks('LOG', fault);
  });
  const run = async (): Promise<void> => {
    try {
      await boot({ ...parts, program, passage, engine, observe });
    } catch (error) {
      crash(program, `could not start: ${String(error)}`);
    }
  };
  world.time.after(1, () => void run(), program);
};

const end = ({ world, jobs }: ProgramsParts, program: Program): void => {
  program.state = 'dead';
  program.listeners.clear();
  trouble(world, program);
  world.graveyard.set(program.name, program.troubledAt);
  jobs.endOf(program);
  world.programs.splice(world.programs.indexOf(program), 1);
};

const freeze = (world: World, program: Program, ms: number): void => {
  if (program.state !== 'alive') return;
  program.state = 'frozen';
  trouble(world, program);
  world.write(program, `is frozen for ${Math.round(ms)} ms`);
  world.time.after(ms, () => thaw(world, program), NOBODY);
};

const thaw = (world: World, program: Program): void => {
  if (program.state !== 'frozen') return;
  world.write(program, 'is thawed');
  trouble(world, program);
  world.time.thaw(program);
};

/** A supervisor kills what does not end by itself. */
const STOP_MS_MAX = 25_000;

const stop = (parts: ProgramsParts, program: Program): Promise<number> =>
  new Promise((resolve) => {
    const { world } = parts;
    const { time } = world;
    const began = time.now();
    program.stopping = true;
    trouble(world, program);
    world.write(program, 'is asked to stop');
    const ended = (how: string): void => {
      if (!isUp(program)) return;
      late.cancelled = true;
      world.write(program, how);
      end(parts, program);
      resolve(time.now() - began);
    };
    const late = time.after(STOP_MS_MAX, () => ended('is killed, because it did not stop'), NOBODY);
    const inOrder = async (): Promise<void> => {
      await stopAll(program.running, () => undefined);
      ended('has stopped');
    };
    time.after(0, () => void inOrder(), program);
  });

/** The watch of the file finds an edit after a while, and comes back to one that could not be taken. */
/** One after the other, as the watch of the file does it: or the older of two texts could be the last one taken. */
const reload = ({ world, town }: ProgramsParts, program: Program): void => {
  const take = async (): Promise<void> => {
    const { rooms } = program;
    try {
      if (rooms !== undefined) await takeFile(town, rooms.store);
    } catch {
      world.time.after(2000, () => void take(), program);
    }
  };
  const inTurn = (): void => {
    program.reloading = program.reloading.then(take);
  };
  world.time.after(world.dice.nature.between(10, 1500), inTurn, program);
};

/** A nudge is latency only: some are lost, and those of other processes come late. */
const wakeAll =
  (world: World) =>
  (from: Program, what: readonly Wake[]): void => {
    for (const program of world.programs) {
      for (const one of what) {
        if (world.strikes('wake lost')) continue;
        const ms = program === from ? 0 : world.dice.ports.between(0.1, 15);
        world.time.after(ms, () => program.listeners.forEach((listener) => listener(one)), program);
      }
    }
  };
