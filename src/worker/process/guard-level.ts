import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Guardian, guardianOf } from './guardian.ts';
import { type NamespaceTools, openPidNamespace, type PidNamespace } from './pid-namespace.ts';
import { hasCode } from './process-table.ts';

/**
 * What holds a job's processes. `group`: we do, while we live. `guardian`: a process that outlives us also ends groups and
 * marked processes after we were killed. `namespace`: the kernel does, whatever they do to hide.
 */
export type GuardLevel = 'namespace' | 'guardian' | 'group';

export interface Guards {
  readonly level: GuardLevel;
  /** Why it is not the highest. */
  readonly lacks?: string;
}

/** What jobs get unless they are started with less. */
export const guardLevel = async (): Promise<Guards> => {
  const { level, lacks } = await means();
  if (lowerOf(level, GUARD_MOST) !== level)
    return { level: GUARD_MOST, lacks: 'this program asks for no more' };
  return { level, ...(lacks === undefined ? {} : { lacks }) };
};

/**
 * What jobs get at most. A namespace would hold even more firmly, but inside one a job cannot signal what it did not start,
 * and restarting something by its pid file is just what jobs are for.
 */
export const GUARD_MOST: GuardLevel = 'guardian';

export const lowerOf = (a: GuardLevel, b: GuardLevel): GuardLevel =>
  LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b;

/** The highest first. */
const LEVELS: readonly GuardLevel[] = ['namespace', 'guardian', 'group'];

export interface Means extends Guards {
  readonly tools?: NamespaceTools;
}

/** In the environment of every process of a job: whose it is. */
export const MARK_NAME = 'TEXTOPS_PROCESS';
/** The same for all jobs of this process, and for nobody else's. */
export const WORKER_MARK = randomUUID();

export const guardian: Guardian = guardianOf(`${MARK_NAME}=${WORKER_MARK}`);

let found: Promise<Means> | undefined;
/** What this machine gives, tried out once per process. */
export const means = (): Promise<Means> => (found ??= find());

const find = async (): Promise<Means> => {
  if (process.platform === 'win32' || !(await guardian.ready())) return { level: 'group', lacks: NO_SHELL };
  if (process.platform !== 'linux') return { level: 'guardian', lacks: 'PID namespaces are a part of Linux' };
  const programs = programsOf(['unshare', 'nsenter', 'setsid']);
  if (programs === undefined) return { level: 'guardian', lacks: 'install util-linux for PID namespaces' };
  for (const user of process.getuid?.() === 0 ? [false] : [false, true]) {
    const tools = { ...programs, user };
    if (await works(tools)) return { level: 'namespace', tools };
  }
  return { level: 'guardian', lacks: NO_NAMESPACE };
};

const NO_SHELL = 'no guardian can be started here: it needs /bin/sh';
const NO_NAMESPACE = 'PID namespaces are refused here: they need CAP_SYS_ADMIN, or user namespaces for all';

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/run/current-system/sw/bin'];

const programsOf = <N extends string>(names: readonly N[]): Readonly<Record<N, string>> | undefined => {
  const paths = names.map((name) => [name, FOLDERS.map((f) => join(f, name)).find(executable)] as const);
  if (paths.some(([, path]) => path === undefined)) return undefined;
  // Every name has a path now; fromEntries cannot tell.
  return Object.fromEntries(paths) as Record<N, string>;
};

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return false;
    throw error;
  }
};

/** Tools of the same name differ: only what is seen to keep codes, signals and nobody alive is used. */
const works = async (tools: NamespaceTools): Promise<boolean> => {
  const room = await openPidNamespace(tools, WORKER_MARK);
  if (room === undefined) return false;
  const [code] = await endOf(room, 'exit 7');
  const [, signal] = await endOf(room, 'kill -KILL $$');
  const [left] = await endOf(room, 'sleep 60 & exit 0');
  const cleared = await room.clear();
  await room.close();
  return code === 7 && signal === 'SIGKILL' && left === 0 && cleared && !room.isOpen();
};

type End = readonly [code: number | null, signal: NodeJS.Signals | null];

const endOf = async ({ prefix }: PidNamespace, script: string): Promise<End> => {
  const [file, ...args] = [...prefix, '/bin/sh', '-c', script] as const;
  const child = spawn(file, args, { detached: true, stdio: 'ignore', timeout: 3000, killSignal: 'SIGKILL' });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return [code, signal];
  } catch (error) {
    // It cannot be started at all.
    if (error instanceof Error) return [null, null];
    throw error;
  }
};
