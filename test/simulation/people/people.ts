import { NOBODY } from '../time/virtual-time.ts';
import type { Programs } from '../world/programs.ts';
import type { Town } from '../world/town.ts';
import { asks, decides, looks, procrastinates, type Scene, steers, taps } from './acts.ts';
import { edits, holdsUp, switches, tidies } from './upkeep.ts';

export interface Company extends Scene {
  readonly town: Town;
  readonly programs: Programs;
  /** Uses the doors that answer at once. */
  readonly knocks: () => void;
  /** Code of ours that gives orders which no door would give. */
  readonly meddles: () => void;
}

/** People are at it until `end`: each does something, and after a while the next one does. */
export const busyUntil = (company: Company, end: number): void => {
  const { world } = company;
  const { restMs } = world.weather;
  const dice = world.dice.people;
  const next = (): void => {
    if (world.time.now() >= end) return;
    actOf(company)();
    // Sometimes several at the same moment.
    const ms = dice.chance(0.25) ? dice.between(0, 60) : dice.between(0.2, 1.8) * restMs;
    world.time.after(ms, next, NOBODY);
  };
  world.time.after(500, next, NOBODY);
};

const actOf = (company: Company): (() => void) =>
  company.world.dice.people.weighted([
    [4, () => asks(company)],
    [9, () => decides(company)],
    [2.5, () => steers(company, 'resume')],
    [1.5, () => steers(company, 'cancel')],
    [1.2, () => steers(company, 'recover')],
    [3, () => procrastinates(company)],
    [2, () => looks(company)],
    [1, () => taps(company)],
    [0.6, () => holdsUp(company)],
    [0.8, () => switches(company)],
    [0.6, () => tidies(company)],
    [1.4, () => edits(company)],
    [company.world.weather.profile === 'dev' ? 2 : 0, company.knocks],
    [0.6, company.meddles],
  ]);
