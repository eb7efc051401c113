import type { Place } from './address.ts';

/** Conversations that Slack has closed for a while. Nothing goes there meanwhile, into no thread and from no lane. */
export interface Windows {
  readonly leftMs: (place: Place) => number;
  readonly close: (place: Place, ms: number) => void;
}

/** So many are remembered. Slack says it again to whoever forgets. */
const REMEMBERED_MAX = 1000;

const nameOf = ({ team, channel }: Place): string => `${team}:${channel}`;

export const createWindows = (clock: () => number): Windows => {
  const until = new Map<string, number>();
  return {
    leftMs: (place) => Math.max(0, Math.ceil((until.get(nameOf(place)) ?? 0) - clock())),
    close: (place, ms) => {
      until.delete(nameOf(place));
      until.set(nameOf(place), clock() + ms);
      const oldest = until.keys().next().value;
      if (until.size > REMEMBERED_MAX && oldest !== undefined) until.delete(oldest);
    },
  };
};
