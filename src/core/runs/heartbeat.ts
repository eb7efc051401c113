import type { Instant } from '../time/instant.ts';

/** Somebody who says regularly that it is alive. */
export interface Heartbeat {
  /** A worker by its id, a loop as `loop@process`. */
  readonly name: string;
  readonly kind: 'worker' | 'loop';
  readonly slots: number;
  readonly beatAt: Instant;
  /** How often it means to be heard. */
  readonly everyMs: number;
  /** After how long a silence somebody should know. */
  readonly silentMs: number;
  readonly registeredAt: Instant;
  /** Where it lives, for whoever can tell from there that it is gone; empty when nobody can. */
  readonly place: string;
  /** When its silence was put on record. */
  readonly silentAt?: Instant;
}

export type Hint = 'fresh' | 'late' | 'silent';

/** The same words as the view `v_queue_health`. */
export const hintOf = ({ beatAt, everyMs, silentMs }: Heartbeat, at: Instant): Hint => {
  const ms = at - beatAt;
  if (ms > silentMs) return 'silent';
  return ms > 3 * everyMs ? 'late' : 'fresh';
};

/** What a loop does, whichever process it belongs to. */
const workOf = ({ name }: Heartbeat): string => name.split('@', 1)[0] ?? name;

const FORGET_MS = 24 * 60 * 60_000;

/**
 * Whose silence has to be told, and whom nobody has to miss any more: a loop whose work another process does, and whoever
 * has been silent for a day.
 */
export const sortSilence = (
  beats: readonly Heartbeat[],
  at: Instant,
): { readonly tell: readonly Heartbeat[]; readonly forget: readonly Heartbeat[] } => {
  const silent = beats.filter((beat) => hintOf(beat, at) === 'silent');
  const alive = new Set(beats.filter((beat) => !silent.includes(beat)).map(workOf));
  const isForgotten = (beat: Heartbeat): boolean =>
    (beat.kind === 'loop' && alive.has(workOf(beat))) ||
    (beat.silentAt !== undefined && at - beat.beatAt > FORGET_MS);
  return {
    tell: silent.filter((beat) => beat.silentAt === undefined && !isForgotten(beat)),
    forget: silent.filter(isForgotten),
  };
};

/** Told and still missing: a worker counts until a new one has come in its place. */
export const missing = (beats: readonly Heartbeat[]): readonly Heartbeat[] =>
  beats.filter(
    (beat) =>
      beat.silentAt !== undefined &&
      !beats.some(
        (other) =>
          beat.kind === 'worker' &&
          other.kind === 'worker' &&
          other.silentAt === undefined &&
          other.registeredAt > beat.beatAt,
      ),
  );
