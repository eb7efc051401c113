import type { LiveRun } from '../../../src/core/runs/run.ts';
import { cardOf, type Surroundings } from '../../../src/core/text/cards/card.ts';
import { plainLines } from '../../../src/core/text/cards/plain.ts';
import type { Action } from '../../../src/core/text/cards/rich.ts';

/** A card as a screen without any markup shows it. */
export const shown = (run: LiveRun, around: Partial<Surroundings> = {}): readonly string[] => {
  const card = cardOf(run, { deciders: [], gates: [], ...around });
  return [
    [`${card.mark} ${card.title}`, card.runId, ...card.badges].join(' · '),
    ...plainLines(card.lines),
    buttons(card.actions),
  ];
};

/** What a button says, and what it does. */
export const buttons = (actions: readonly Action[]): string =>
  actions.map(({ label, verb }) => `[ ${label} ] ${verb}`).join('  ');

/** "14:02" of the day on which the transcripts play. */
export const clock = (time: string): number => Date.parse(`2026-11-21T${time.padEnd(8, ':00')}Z`);
