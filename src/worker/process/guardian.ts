import { RETRIES } from '../../core/time/retries.ts';
import { GUARDIAN_SCRIPT } from './guardian-script.ts';
import { type PipeHeld, startPipeHeld } from './pipe-held.ts';

/** Kills the watched groups and all marked processes as soon as this process is gone, however it went. */
export interface Guardian {
  /** Resolves when it stands, and says whether it does. */
  readonly ready: () => Promise<boolean>;
  readonly watch: (pid: number, as: WatchedAs) => void;
  /** Before the number may be given to somebody else. */
  readonly forget: (pid: number) => void;
}

/** The leader of a job's group, or the door through which the job went into its namespace. */
export type WatchedAs = 'group' | 'door';

/** One for the whole worker. If somebody kills it, another takes its place and learns who is watched. */
export const guardianOf = (mark: string): Guardian => {
  const watched = new Map<number, WatchedAs>();
  let standing: Promise<PipeHeld | undefined> | undefined;
  let current: PipeHeld | undefined;
  const start = async (): Promise<PipeHeld | undefined> => {
    const held = await startPipeHeld('/bin/sh', ['-c', GUARDIAN_SCRIPT, 'textops-guardian', mark]);
    current = held;
    if (held === undefined) standing = undefined;
    for (const [pid, as] of watched) held?.tell(`${as} ${pid}`);
    held?.onExit(() => {
      current = undefined;
      standing = undefined;
      // Not at once: whatever kills it again and again must not make us start it in a tight loop.
      if (watched.size > 0) setTimeout(() => void stand(), RETRIES.guardian.pauseMsMin).unref();
    });
    return held;
  };
  const stand = () => (standing ??= start());
  return {
    ready: async () => (await stand()) !== undefined,
    watch: (pid, as) => {
      watched.set(pid, as);
      current?.tell(`${as} ${pid}`);
    },
    forget: (pid) => {
      if (watched.delete(pid)) current?.tell(`forget ${pid}`);
    },
  };
};
