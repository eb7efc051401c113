import { NOBODY } from '../time/virtual-time.ts';
import type { Programs } from '../world/programs.ts';
import type { Town } from '../world/town.ts';
import { asks, buries, decides, looks, procrastinates, quarrels, type Scene, steers, taps } from './acts.ts';
import { comesAndGoes } from './comings.ts';
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

/** Mostly what brings something on from where it is; everybody may still try anything at any time. */
const actOf = (company: Company): (() => void) => {
  const { world, runs } = company;
  const all = runs();
  const some = (...statuses: readonly string[]): boolean =>
    all.some(({ status }) => statuses.includes(status));
  return world.dice.people.weighted([
    [some('AwaitingApproval') ? 1.5 : 6, () => asks(company)],
    [some('AwaitingApproval') ? 10 : 1, () => decides(company)],
    [some('Approved') ? 5 : 0.6, () => steers(company, 'resume')],
    [all.some(({ isLost }) => isLost) ? 3 : 0, () => buries(company)],
    [1.5, () => steers(company, 'cancel')],
    [some('Failed', 'Canceled', 'Expired') ? 2 : 0.2, () => steers(company, 'recover')],
    [2.5, () => procrastinates(company)],
    [3, () => quarrels(company)],
    [1.2, () => looks(company)],
    [0.7, () => taps(company)],
    [1.3, () => holdsUp(company)],
    [0.7, () => switches(company)],
    [0.6, () => tidies(company)],
    [0.8, () => comesAndGoes(company)],
    [1.4, () => edits(company)],
    [world.weather.profile === 'dev' ? 2 : 0, company.knocks],
    [1.3, company.meddles],
  ]);
};
