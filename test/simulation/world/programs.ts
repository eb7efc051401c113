import type { Observation } from '../../../src/core/ports/observe.ts';
import type { Wake } from '../../../src/core/ports/store.ts';
import { stopAll } from '../../../src/stop-all.ts';
import { NOBODY } from '../time/virtual-time.ts';
import { boot, takeFile } from './boot.ts';
import type { Chats } from './chats.ts';
import { engineOf } from './engine.ts';
import type { Jobs } from './jobs.ts';
import { passageOf } from './passage.ts';
import type { Town } from './town.ts';
import type { Updates } from './updates.ts';
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

export interface ProgramsParts {
  readonly world: World;
  readonly town: Town;
  readonly chats: Chats;
  readonly updates: Updates;
  readonly jobs: Jobs;
  readonly onTransaction: () => void;
  readonly observe: (program: Program, observation: Observation) => void;
}

/** A supervisor kills what does not end by itself. */
const STOP_MS_MAX = 25_000;

export const newPrograms = (parts: ProgramsParts): Programs => {
  const { world, town } = parts;
  const { time } = world;
  const dice = world.dice.nature;
  let born = 0;
  const end = (program: Program): void => {
    program.state = 'dead';
    program.listeners.clear();
    trouble(world, program);
    world.graveyard.set(program.workerId, program.troubledAt);
    parts.jobs.endOf(program);
    world.programs.splice(world.programs.indexOf(program), 1);
  };
  const crash: Programs['crash'] = (program, why) => {
    if (!isUp(program)) return;
    world.write(program, `dies: ${why}`);
    end(program);
    time.after(dice.between(200, 8000), () => void start(program.kind), NOBODY);
  };
  const freeze: Programs['freeze'] = (program, ms) => {
    if (program.state !== 'alive') return;
    program.state = 'frozen';
    trouble(world, program);
    world.write(program, `is frozen for ${Math.round(ms)} ms`);
    time.after(ms, () => thaw(world, program), NOBODY);
  };
  const start: Programs['start'] = (kind) => {
    born += 1;
    const name = `${kind === 'start' ? 'main' : 'work'}-${born}`;
    const program: Program = {
      name,
      kind,
      workerId: name,
      state: 'alive',
      listeners: new Set(),
      running: [],
      troubledAt: -Infinity,
      stopping: false,
    };
    world.programs.push(program);
    world.write(program, 'starts');
    const passage = passageOf(world, program, crash);
    const engine = engineOf({
      world,
      program,
      passage,
      wake: wakeAll(world),
      onTransaction: parts.onTransaction,
      freeze: () => freeze(program, dice.between(0.5, 3) * world.weather.leaseMs),
    });
    const observe = (observation: Observation): void => {
      if (isUp(program)) parts.observe(program, observation);
    };
    time.after(
      1,
      () =>
        void boot({ ...parts, program, passage, engine, observe }).catch((error: unknown) => {
          crash(program, `could not start: ${String(error)}`);
        }),
      program,
    );
    return program;
  };
  return {
    start,
    crash,
    freeze,
    thaw: (program) => thaw(world, program),
    stop: (program, then) =>
      new Promise((resolve) => {
        const began = time.now();
        program.stopping = true;
        trouble(world, program);
        world.write(program, 'is asked to stop');
        const ended = (how: string): void => {
          if (!isUp(program)) return;
          late.cancelled = true;
          world.write(program, how);
          end(program);
          if (then === 'again') time.after(dice.between(200, 4000), () => void start(program.kind), NOBODY);
          resolve(time.now() - began);
        };
        const late = time.after(STOP_MS_MAX, () => ended('is killed, because it did not stop'), NOBODY);
        time.after(
          0,
          () => void stopAll(program.running, () => undefined).then(() => ended('has stopped')),
          program,
        );
      }),
    reload: () => {
      town.edition += 1;
      for (const program of world.programs) {
        const { rooms } = program;
        if (rooms === undefined) continue;
        time.after(
          dice.between(10, 1500),
          () =>
            void takeFile(town, rooms).catch(() => {
              // The watch of the file would come back to it.
              time.after(2000, () => void takeFile(town, rooms).catch(() => undefined), program);
            }),
          program,
        );
      }
    },
  };
};

const thaw = (world: World, program: Program): void => {
  if (program.state !== 'frozen') return;
  world.write(program, 'is thawed');
  trouble(world, program);
  world.time.thaw(program);
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
