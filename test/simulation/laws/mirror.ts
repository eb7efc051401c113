import type { JobSpec } from '../../../src/core/jobs/job.ts';
import type { Payloads, RunEvent } from '../../../src/core/runs/event.ts';
import type { LiveRun, RunState } from '../../../src/core/runs/run.ts';
import type { Said } from '../people/mouth.ts';
import type { Jobs, Start } from '../world/jobs.ts';
import type { Town } from '../world/town.ts';
import type { World } from '../world/world.ts';
import type { Comers } from './people-laws.ts';
import type { MessageRow, PersonRow, Place, Reading } from './reading.ts';

/** A run as its own events tell it, kept beside the database. */
export interface Known {
  readonly runId: string;
  readonly events: RunEvent[];
  state: RunState;
  seq: number;
  hash: string;
  readonly spec: JobSpec;
}

/** A message that was handled in this transaction, with what somebody meant by it. */
export interface Closed {
  readonly row: MessageRow;
  readonly said: Said;
}

/** One event of a run, in its transaction. */
export interface Happening<E extends RunEvent = RunEvent> {
  readonly event: E;
  readonly run: Known;
  readonly before: RunState;
  readonly after: LiveRun;
  /** The lease of the run as it was before the transaction. */
  readonly lease: Place | undefined;
  readonly closed: readonly Closed[];
  /** The message that stands behind it, when a person signed. */
  readonly behind: Closed | undefined;
  /** The event before it, of the same run. */
  readonly previous: RunEvent | undefined;
}

export type Typed<T extends keyof Payloads> = Extract<RunEvent, { type: T }>;

/** What the laws remember of the world so far. */
export interface Mirror {
  readonly world: World;
  readonly reading: Reading;
  readonly town: Town;
  readonly jobs: Jobs;
  readonly runs: Map<string, Known>;
  /** What a version of a job says, as it was first seen. */
  readonly specOf: (key: string, version: number) => JobSpec | undefined;
  /** Everybody with rights, each time that anything about it changed. */
  readonly registers: { readonly at: number; readonly rows: readonly PersonRow[] }[];
  /** When a lease was first seen. */
  readonly leasedAt: Map<string, number>;
  /** When a message was first seen in the inbox. */
  readonly storedAt: Map<number, number>;
  /** Processes of runs that are over, or somebody else's, and since when. */
  readonly orphans: Map<Start, number>;
  /** Which run came of an occurrence of a schedule. */
  readonly occurrences: Map<string, string>;
  /** When a run asked last, by the world's own time. */
  readonly askedAt: Map<string, number>;
  readonly comers: Comers;
  /** What was done because of a message; a message does one thing, for ever. */
  readonly done: Map<Said, string>;
}

export const personBehind = (mirror: Mirror, identity: string, rows: readonly PersonRow[]) => {
  const known = rows.find((row) => row.identity === identity);
  if (known !== undefined) return known;
  const guest = mirror.world.weather.profile === 'dev' && identity.startsWith('dev:');
  return guest ? { identity, id: identity, roles: ['operator', 'approver'] } : undefined;
};

/** Who stood behind an identity at any moment since then, in every version. */
export const personsSince = (mirror: Mirror, identity: string, since: number): readonly PersonRow[] =>
  behindSince(mirror, identity, since).filter((person) => person !== undefined);

/** The same, with the moments at which nobody did. */
export const behindSince = (mirror: Mirror, identity: string, since: number) => {
  const { registers } = mirror;
  const from = registers.findLastIndex(({ at }) => at <= since);
  return registers.slice(Math.max(0, from)).map(({ rows }) => personBehind(mirror, identity, rows));
};

export const holdsRole = (roles: readonly string[], role: string): boolean =>
  roles.includes(role) || (roles.includes('owner') && (role === 'operator' || role === 'approver'));

export const mayDecide = ({ id, roles }: PersonRow, { approval }: JobSpec): boolean =>
  approval.approvers.some((entry) =>
    entry.startsWith('role:') ? holdsRole(roles, entry.slice('role:'.length)) : entry === id,
  ) || approval.needs.some(({ role }) => holdsRole(roles, role));

/** The identity that signed, when a person did. */
export const signer = (actor: string): string | undefined =>
  actor.startsWith('user:') ? actor.slice('user:'.length) : undefined;

export const eventsOf = <T extends keyof Payloads>(run: Known, type: T): readonly Typed<T>[] =>
  run.events.filter((event): event is Typed<T> => event.type === type);
