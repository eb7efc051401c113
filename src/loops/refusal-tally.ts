import { type AuthReason, isAuthReason, noRight } from '../core/people/refused.ts';
import type { Observation, Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { IRunRepository } from '../core/ports/store.ts';
import { startLoop } from './loop.ts';

export interface TallyOptions {
  readonly runs: Pick<IRunRepository, 'commit'>;
  readonly now: () => Promise<number>;
  readonly observe: Observe;
  readonly everyMs?: number;
}

export interface RefusalTally extends Running {
  readonly sees: Observe;
  readonly stop: () => Promise<void>;
}

/** The door where somebody is refused before there is any message; messages count in the commit that answers. */
const CHANNEL = 'http';
/** A call in a provider's name that is not from it never becomes a message, on whatever channel. */
const FORGED = 'bad_signature';
const EVERY_MS = 1000;

/**
 * Counts who was refused over HTTP before there was a message, all of a second in one write: whoever knocks a thousand times costs one row and
 * nobody's time.
 */
export const startRefusalTally = (options: TallyOptions): RefusalTally => {
  const { runs, now, observe, everyMs = EVERY_MS } = options;
  const seen = new Map<AuthReason, number>();
  const write = async (): Promise<void> => {
    const taken = [...seen];
    if (taken.length === 0) return;
    const upkeep = taken.map(([reason, times]) => ({
      kind: 'refusal_counted' as const,
      refused: noRight(reason),
      times,
    }));
    await runs.commit([{ queue: [], outbox: [], upkeep, at: await now() }]);
    // What came meanwhile is for the next time; after a fault everything is.
    for (const [reason, times] of taken) forget(seen, reason, times);
  };
  const loop = startLoop({
    name: 'tally of refusals',
    idleMs: everyMs,
    observe,
    tick: async () => {
      await write();
      return 'idle';
    },
  });
  return {
    sees: (observation: Observation) => {
      if (observation.kind !== 'auth_refused') return;
      if (observation.channel !== CHANNEL && observation.reason !== FORGED) return;
      const reason = countedAs(observation.reason);
      seen.set(reason, (seen.get(reason) ?? 0) + 1);
    },
    stop: async () => {
      await loop.stop();
      await write();
    },
  };
};

/** The log says which permission and which fault of a token; what is counted are kinds of it. */
const countedAs = (reason: string): AuthReason => {
  if (isAuthReason(reason)) return reason;
  if (reason.startsWith('lacks ')) return 'permission_needed';
  if (reason.startsWith('jwt_')) return 'bad_jwt';
  return reason.startsWith('token_') ? 'bad_token' : 'other';
};

const forget = (seen: Map<AuthReason, number>, reason: AuthReason, times: number): void => {
  const left = (seen.get(reason) ?? 0) - times;
  if (left > 0) seen.set(reason, left);
  else seen.delete(reason);
};
