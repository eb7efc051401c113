import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type ProcessEntry, readEntry, readProcessTable, startedWith } from './process-table.ts';

export interface ProcessTree {
  /** TERM to everybody, time to tidy up, then KILL. Resolves when nobody is left or nobody can be killed. */
  stop(graceMs: number): Promise<void>;
  /** The root has ended by itself: KILL to whoever it left behind. */
  end(): Promise<void>;
}

export interface TreeOptions {
  /** The root only stands for the job, its one child, and ends the way that does: it gets no signal itself. */
  readonly spareRoot?: boolean;
}

/**
 * The processes that a detached child started. Found by the group, by parents, and by a mark in the environment, which
 * also finds a daemon that gave itself a new session and whose parent is gone. A process that leaves the group, loses
 * its parent and cleans its environment escapes; only a PID namespace or a cgroup would hold it.
 */
export const processTree = (
  pid: number,
  mark: string,
  { spareRoot = false }: TreeOptions = {},
): ProcessTree => {
  const began = performance.now();
  const seen = new Map<number, string>();
  const rootStart = readEntryHere(pid)?.start;
  if (rootStart !== undefined) seen.set(pid, rootStart);
  /** Whom to signal: the group first and at once, so no member sees another one die and starts it again. */
  const look = (above = 0): readonly number[] => {
    const table = readProcessTable(above);
    if (table === undefined) return groupAlive(pid) ? [-pid] : [];
    const members = membersOf(table, seen, mark).filter((member) => !spareRoot || member.pid !== pid);
    for (const member of members) seen.set(member.pid, member.start);
    const pids = members.map((member) => member.pid);
    const leader = spareRoot ? members.find((member) => member.parent === pid)?.pid : pid;
    return members.some((member) => member.group === leader) ? [-Number(leader), ...pids] : pids;
  };
  const signalAll = (signal: NodeJS.Signals): 'gone' | 'signalled' => {
    const targets = look();
    for (const target of targets) send(target, signal);
    return targets.length === 0 ? 'gone' : 'signalled';
  };
  const killAll = async () => {
    for (let round = 0; round < KILL_ROUNDS_MAX; round += 1) {
      if (signalAll('SIGKILL') === 'gone') return;
      await sleep(KILL_PAUSE_MS);
    }
  };
  return {
    stop: async (graceMs) => {
      if (signalAll('SIGTERM') === 'gone') return;
      if (!(await emptyWithin(look, graceMs))) await killAll();
      // A stopped root has not noticed that its child is dead.
      if (spareRoot) send(pid, 'SIGCONT');
    },
    end: async () => {
      // Numbers grow: whoever a short job started has a higher one, and few processes are that young.
      const above = performance.now() - began < YOUNG_MS ? pid : 0;
      if (groupAlive(pid) || look(above).length > 0) await killAll();
    },
  };
};

/** A tree that forks while we kill it needs several looks; 50 × 20 ms bound it. */
const KILL_ROUNDS_MAX = 50;
const KILL_PAUSE_MS = 20;
const LOOK_PAUSE_MS_MAX = 200;
/** Too short for the system to give out all its numbers and begin again. */
const YOUNG_MS = 2000;

const readEntryHere = (pid: number): ProcessEntry | undefined =>
  process.platform === 'linux' ? readEntry(pid) : undefined;

/** Grows until nobody new is found: the seen, their children, groups and sessions, and the marked. */
const membersOf = (
  table: readonly ProcessEntry[],
  seen: ReadonlyMap<number, string>,
  mark: string,
): readonly ProcessEntry[] => {
  const reused = new Set(
    table.filter((e) => seen.has(e.pid) && seen.get(e.pid) !== e.start).map((e) => e.pid),
  );
  const known = new Set([...seen.keys()].filter((pid) => !reused.has(pid)));
  const marked = table.filter((e) => !known.has(e.pid) && startedWith(e.pid, mark));
  for (const entry of marked) known.add(entry.pid);
  for (let size = 0; size !== known.size; ) {
    size = known.size;
    for (const entry of table)
      if (known.has(entry.parent) || known.has(entry.group) || known.has(entry.session)) known.add(entry.pid);
  }
  return table.filter((e) => known.has(e.pid) && !reused.has(e.pid) && e.pid !== process.pid && e.pid > 1);
};

const emptyWithin = async (look: () => readonly number[], graceMs: number): Promise<boolean> => {
  const deadline = performance.now() + graceMs;
  for (let pause = 10; performance.now() < deadline; pause = Math.min(pause * 2, LOOK_PAUSE_MS_MAX)) {
    await sleep(Math.max(0, Math.min(pause, deadline - performance.now())));
    if (look().length === 0) return true;
  }
  return false;
};

export const groupAlive = (pid: number): boolean => send(-pid, 0);

/** False when nobody is there, or when it runs as another user and is not ours to stop. */
const send = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
};
