import { GUARDIAN_SCRIPT } from './guardian-script.ts';
import { type PipeHeld, startPipeHeld } from './pipe-held.ts';

/** Kills the watched groups and all marked processes as soon as this process is gone, however it went. */
export interface Guardian {
  /** Resolves when it stands, and says whether it does. */
  readonly ready: () => Promise<boolean>;
  readonly watch: (group: number) => void;
  /** Before the group's number may be given to somebody else. */
  readonly forget: (group: number) => void;
}

/** One for the whole worker. If somebody kills it, another takes its place and learns who is watched. */
export const guardianOf = (mark: string): Guardian => {
  const watched = new Set<number>();
  let standing: Promise<PipeHeld | undefined> | undefined;
  let current: PipeHeld | undefined;
  const start = async (): Promise<PipeHeld | undefined> => {
    const held = await startPipeHeld('/bin/sh', ['-c', GUARDIAN_SCRIPT, 'textops-guardian', mark]);
    current = held;
    if (held === undefined) standing = undefined;
    for (const group of watched) held?.tell(`+ ${group}`);
    held?.onExit(() => {
      current = undefined;
      standing = undefined;
      // Not at once: whatever kills it again and again must not make us start it in a tight loop.
      if (watched.size > 0) setTimeout(() => void stand(), RESTART_MS).unref();
    });
    return held;
  };
  const stand = () => (standing ??= start());
  return {
    ready: async () => (await stand()) !== undefined,
    watch: (group) => {
      watched.add(group);
      current?.tell(`+ ${group}`);
    },
    forget: (group) => {
      if (watched.delete(group)) current?.tell(`- ${group}`);
    },
  };
};

const RESTART_MS = 200;
