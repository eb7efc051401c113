import type { Heartbeat } from '../../runs/heartbeat.ts';
import { hintOf } from '../../runs/heartbeat.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Line } from '../cards/rich.ts';

const MARKS = { fresh: '🟢', late: '🟡', silent: '🔴' } as const;

/** `/ops workers`: who is there and when each was heard last. Who is missing stands first, and workers before loops. */
export const heartbeatLines = (beats: readonly Heartbeat[], at: number): readonly Line[] =>
  beats.length === 0
    ? [['Nobody has beaten yet.']]
    : beats.toSorted(byConcern(at)).map((beat): Line => {
        const hint = hintOf(beat, at);
        const slots = beat.kind === 'worker' ? ` · ${beat.slots} ${beat.slots === 1 ? 'slot' : 'slots'}` : '';
        const ago = formatDuration(Math.max(0, at - beat.beatAt));
        return [`${MARKS[hint]} ${beat.kind} ${beat.name}: ${hint}, heard ${ago} ago${slots}`];
      });

const CONCERN = { silent: 0, late: 1, fresh: 2 } as const;

const byConcern =
  (at: number) =>
  (one: Heartbeat, other: Heartbeat): number =>
    CONCERN[hintOf(one, at)] - CONCERN[hintOf(other, at)] ||
    Number(one.kind === 'loop') - Number(other.kind === 'loop');

/** For the chat of those who run the installation. */
export const silentLines = (silent: readonly Heartbeat[], at: number): readonly Line[] => [
  ...silent.map((beat): Line => {
    const ago = formatDuration(Math.max(0, at - beat.beatAt));
    return [`🔴 The ${beat.kind} ${beat.name} is silent: not heard for ${ago}.`];
  }),
  ['Look: /ops workers'],
];
