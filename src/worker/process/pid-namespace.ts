import { setTimeout as sleep } from 'node:timers/promises';
import { NAMESPACE_SCRIPT } from './guardian-script.ts';
import { startPipeHeld } from './pipe-held.ts';

/** Programs of util-linux, by their full paths: a job's own PATH has no say in them. */
export interface NamespaceTools {
  readonly unshare: string;
  readonly nsenter: string;
  readonly setsid: string;
  /** Without root, a user namespace of our own gives the right to make a PID namespace. */
  readonly user: boolean;
}

/** A room that nobody leaves: whoever is started inside, and all that it starts, ends with it. */
export interface PidNamespace {
  /** Goes before a program and its arguments, which are passed on as they are. */
  readonly prefix: readonly string[];
  readonly isOpen: () => boolean;
  /** Kills everybody inside; true when nobody is left, so that the next job may come in. */
  readonly clear: () => Promise<boolean>;
  /** Ends the room and everybody in it. The kernel lets its first process go only after all the others. */
  readonly close: () => Promise<void>;
}

/** Undefined when this machine does not let us. `owner` is shown in the list of processes. */
export const openPidNamespace = async (
  tools: NamespaceTools,
  owner: string,
): Promise<PidNamespace | undefined> => {
  const { unshare, nsenter, setsid, user } = tools;
  const rights = user ? ['--user', '--map-current-user'] : [];
  const init = ['/bin/sh', '-c', NAMESPACE_SCRIPT, 'textops-namespace', owner];
  const room = await startPipeHeld(unshare, [...rights, '--pid', '--fork', '--kill-child', '--', ...init]);
  if (room === undefined) return undefined;
  const namespaces = `/proc/${room.pid}/ns`;
  const enter = user ? ['--preserve-credentials', `--user=${namespaces}/user`] : [];
  return {
    // As the first process the job would be deaf to signals. So it comes in beside the first, leads a session of its
    // own as ever, and nsenter, which stays outside, ends the way the job does: same code, same signal.
    prefix: [nsenter, ...enter, `--pid=${namespaces}/pid_for_children`, '--', setsid],
    isOpen: room.isOpen,
    clear: async () => {
      for (let round = 0; round < CLEAR_ROUNDS_MAX; round += 1) {
        const others = await room.ask('clear', ANSWER_MS);
        if (others !== 'some') return others === 'none';
        await sleep(CLEAR_PAUSE_MS);
      }
      return false;
    },
    close: room.close,
  };
};

const ANSWER_MS = 2000;
const CLEAR_ROUNDS_MAX = 20;
const CLEAR_PAUSE_MS = 5;
