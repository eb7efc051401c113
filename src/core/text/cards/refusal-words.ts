import type { Refused } from '../../people/refused.ts';
import type { Line } from './rich.ts';

/** How often something was refused for the same reason. */
export interface RefusalCount {
  readonly kind: Refused['kind'];
  readonly reason: string;
  /** In the last 24 hours and in the last seven days, to the hour. */
  readonly day: number;
  readonly week: number;
}

const HEADS: Readonly<Record<Refused['kind'], string>> = {
  auth_refused: 'Not allowed (auth.refused)',
  transition_rejected: 'Allowed, but not now (transition_rejected)',
  message_ignored: 'Not certainly written by anybody (message.ignored)',
};

/** `/ops refusals`: reasons as the log spells them, the most frequent first, otherwise as they come. */
export const refusalLines = (counts: readonly RefusalCount[]): readonly Line[] => {
  if (counts.length === 0) return [['Nothing was refused in the last 7 days.']];
  return Object.entries(HEADS).flatMap(([kind, head]): readonly Line[] => {
    const rows = counts.filter((count) => count.kind === kind);
    if (rows.length === 0) return [];
    const sorted = rows.toSorted((a, b) => b.day - a.day || b.week - a.week);
    return [
      [head],
      ...sorted.map(({ reason, day, week }): Line => [`${reason}  ${day} in 24h, ${week} in 7d`]),
    ];
  });
};
