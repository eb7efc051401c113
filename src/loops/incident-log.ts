import { incidentChanges } from '../core/flows/ops/keep-incidents.ts';
import type { Observation, Observe } from '../core/ports/observe.ts';
import type { Running } from '../core/ports/running.ts';
import type { IIncidents } from '../core/ports/scores.ts';
import { type Pulse, pulseOf, startLoop } from './loop.ts';

export interface IncidentLogOptions {
  readonly incidents: IIncidents;
  readonly now: () => Promise<number>;
  /** Names of what is wrong now. */
  readonly problems: () => Promise<readonly string[]>;
  readonly observe: Observe;
  readonly everyMs?: number;
  readonly pulse?: Pulse;
}

export interface IncidentLog extends Running {
  readonly sees: Observe;
}

const EVERY_MS = 15_000;
/** A channel that goes and comes all the time must not keep anybody busy. */
const GAP_MS = 500;
/** Of what could not be written yet. */
const TURNS_MAX = 1000;

interface Turn {
  readonly name: string;
  readonly to: 'raised' | 'cleared';
  /** Monotonic milliseconds. */
  readonly seenAt: number;
}

/**
 * Writes down that the program is there, and when something begins and ceases to be wrong. What is wrong with the work lies in
 * the database and is looked for; what is wrong with a channel only its process knows, and tells.
 */
export const startIncidentLog = (options: IncidentLogOptions): IncidentLog => {
  const { incidents, now, problems, observe, everyMs = EVERY_MS } = options;
  const turns: Turn[] = [];
  const ours = new Set<string>();
  const writeTurns = async (): Promise<void> => {
    for (let turn = turns[0]; turn !== undefined; turn = turns[0]) {
      const at = (await now()) - Math.round(performance.now() - turn.seenAt);
      const named = [{ kind: 'channel', name: turn.name } as const];
      const change = turn.to === 'raised' ? { raised: named, cleared: [] } : { raised: [], cleared: named };
      await incidents.note({ at, ...change });
      turns.shift();
    }
  };
  const loop = startLoop({
    name: 'incidents',
    idleMs: everyMs,
    gapMs: GAP_MS,
    observe,
    ...pulseOf(options),
    tick: async () => {
      await writeTurns();
      const changes = incidentChanges(await incidents.open(), await problems());
      await incidents.note({ at: await now(), ...changes });
      return 'idle';
    },
  });
  return {
    sees: (observation) => {
      const turn = turnOf(observation, ours);
      if (turn === undefined || turns.length >= TURNS_MAX) return;
      turns.push(turn);
      loop.nudge();
    },
    stop: () => loop.stop(),
  };
};

/** Who stands by has handed its channel on, and with it what was wrong there. */
const turnOf = (observation: Observation, ours: Set<string>): Turn | undefined => {
  if (observation.kind !== 'channel_state') return undefined;
  const { channel: name, state, reason } = observation;
  const seenAt = performance.now();
  if (state === 'ok') {
    ours.delete(name);
    return { name, to: 'cleared', seenAt };
  }
  if (state === 'standby') return ours.delete(name) ? { name, to: 'cleared', seenAt } : undefined;
  if (reason === 'starting' || ours.has(name)) return undefined;
  ours.add(name);
  return { name, to: 'raised', seenAt };
};
