import { readFileSync, readlinkSync } from 'node:fs';
import { readEntry } from '../worker/process/process-table.ts';

/**
 * Where this process lives, so that another one on the same machine can tell when it is gone: the start of the machine,
 * the space in which process numbers count, the number, and the moment of its start, because numbers are used again.
 * Empty where there is no /proc.
 */
export const ownPlace = (): string => {
  const home = ownHome();
  const entry = home === undefined ? undefined : readEntry(process.pid);
  return entry === undefined ? '' : [home, entry.pid, entry.start].join(' ');
};

/**
 * Whether nobody lives there any more. Who lives on another machine, or in another container, may always be alive: then
 * only time tells.
 */
export const isGone = (place: string): boolean => {
  const [boot, space, pid, start] = place.split(' ');
  if (start === undefined || `${boot} ${space}` !== ownHome()) return false;
  if (!exists(Number(pid))) return true;
  // Of a process of somebody else's we may not even see the entry.
  const entry = readEntry(Number(pid));
  return entry !== undefined && (entry.start !== start || entry.state === 'Z' || entry.state === 'X');
};

const ownHome = (): string | undefined => {
  if (process.platform !== 'linux') return undefined;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // A sandbox that hides these files.
    return undefined;
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};
