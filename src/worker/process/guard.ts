import {
  GUARD_MOST,
  type GuardLevel,
  guardian,
  lowerOf,
  MARK_NAME,
  type Means,
  means,
  WORKER_MARK,
} from './guard-level.ts';
import { groupAlive, type ProcessTree, processTree } from './kill-tree.ts';
import { openPidNamespace, type PidNamespace } from './pid-namespace.ts';

/** What one start of a job is held by. */
export interface Guard {
  /** Goes before the program; empty when nothing stands between us and the job. */
  readonly prefix: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly follow: (pid: number) => Guarded;
  /** Instead of `follow`, when nothing was started. */
  readonly release: () => void;
}

export interface Guarded {
  /** The first process has ended. */
  readonly exited: () => void;
  /** TERM, time to tidy up, KILL. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** The job ended by itself: what it left behind ends with it. */
  readonly end: () => Promise<void>;
}

/** At most the level that is wished, at most what the machine gives. */
export const takeGuard = async (mark: string, most: GuardLevel = GUARD_MOST): Promise<Guard> => {
  const given = await means();
  const level = lowerOf(most, given.level);
  const room = level === 'namespace' ? await takeRoom(given) : undefined;
  const value = `${WORKER_MARK}/${mark}`;
  const common = { environment: { [MARK_NAME]: value }, release: () => void keepRoom(room) };
  const treeOf = (pid: number) =>
    processTree(pid, `${MARK_NAME}=${value}`, { spareRoot: room !== undefined });
  if (level === 'group') return { ...common, prefix: [], follow: (pid) => unwatched(treeOf(pid)) };
  await guardian.ready();
  return { ...common, prefix: room?.prefix ?? [], follow: (pid) => watched(pid, treeOf(pid), room) };
};

const unwatched = (tree: ProcessTree): Guarded => ({
  exited: () => undefined,
  stop: (graceMs) => tree.stop(graceMs),
  end: () => tree.end(),
});

const watched = (pid: number, tree: ProcessTree, room: PidNamespace | undefined): Guarded => {
  guardian.watch(pid, room === undefined ? 'group' : 'door');
  return {
    exited: () => {
      // While the group has members nobody else can get its number.
      if (!groupAlive(pid)) guardian.forget(pid);
    },
    stop: async (graceMs) => {
      await tree.stop(graceMs);
      await room?.close();
      guardian.forget(pid);
    },
    end: async () => {
      await (room === undefined ? tree.end() : keepRoom(room));
      guardian.forget(pid);
    },
  };
};

/** Empty rooms wait for the next job: to come into one takes a third of the time that opening one takes. */
const empty: PidNamespace[] = [];
const EMPTY_MAX = 16;

const takeRoom = async ({ tools }: Means): Promise<PidNamespace | undefined> => {
  for (let room = empty.pop(); room !== undefined; room = empty.pop()) if (room.isOpen()) return room;
  return tools === undefined ? undefined : openPidNamespace(tools, WORKER_MARK);
};

const keepRoom = async (room: PidNamespace | undefined): Promise<void> => {
  if (room === undefined) return;
  if (empty.length < EMPTY_MAX && (await room.clear())) empty.push(room);
  else await room.close();
};
