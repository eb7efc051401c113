import type { Fault } from './weather.ts';
import { isUp, type Program, trouble, type World } from './world.ts';

/** The way between a program and everything outside of it. Every call takes its time here, and may be the last one. */
export interface Passage {
  /** Resolves after a while, or never when the program does not live to see it. */
  readonly hop: () => Promise<void>;
  /** Whether the program dies at this very moment. */
  readonly dies: (fault: Fault) => boolean;
}

export const passageOf = (
  world: World,
  program: Program,
  crash: (program: Program, why: Fault) => void,
): Passage => {
  const { time } = world;
  const dice = world.dice.ports;
  return {
    hop: () => {
      let ms = dice.chance(0.1) ? dice.between(5, 80) : dice.between(0.05, 5);
      if (world.strikes('call slow')) {
        ms += dice.between(300, 3000);
        trouble(world, program);
      }
      return new Promise((resolve) => void time.after(ms, resolve, program));
    },
    dies: (fault) => {
      if (!isUp(program)) return true;
      if (!world.strikes(fault)) return false;
      crash(program, fault);
      return true;
    },
  };
};

/** What a dead process gets back from a call. */
export const gone = (): Promise<never> => new Promise(() => undefined);
