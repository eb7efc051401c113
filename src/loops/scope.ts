import { AsyncLocalStorage } from 'node:async_hooks';

/** What a piece of work is about, for whatever it has to tell on its way: no line about a run depends on somebody's discipline. */
export interface Scope {
  readonly runId?: string;
  /** As the history names whoever acts: `user:telegram:123`, `worker:w1`, `system:sender`. */
  readonly actor: string;
  /** When the message behind it was stored, by the clock of the database. */
  readonly receivedAt?: number;
  /** Monotonic milliseconds at which the work began. */
  readonly beganMs: number;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Does the work with the scope around it, and around everything that it awaits. */
export const workingOn = <T>(about: Omit<Scope, 'beganMs'>, work: () => T): T =>
  scopes.run({ ...about, beganMs: performance.now() }, work);

/** Of whoever asks; undefined outside of all work that is about something. */
export const currentScope = (): Scope | undefined => scopes.getStore();
