import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import { Stop } from '../voice/stop.ts';

const Holder = z.object({
  who: z.string(),
  host: z.string(),
  pid: z.number(),
  since: z.string(),
  message: z.string(),
});

export type Holder = z.output<typeof Holder>;

export const whoAmI = (): string => {
  try {
    return userInfo().username;
  } catch {
    // Without an entry in the list of users, as in a container.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};

/**
 * One at a time changes an installation. Whoever comes second learns who is at it and why; a lock whose process is gone from this
 * machine is taken over, and `onStale` hears of it.
 */
export const underLock = async <T>(
  file: string,
  p: { readonly message: string; readonly now: number; readonly onStale: (holder: Holder) => void },
  work: () => Promise<T>,
): Promise<T> => {
  const own: Holder = {
    who: whoAmI(),
    host: hostname(),
    pid: process.pid,
    since: new Date(p.now).toISOString(),
    message: p.message,
  };
  if (!take(file, own)) {
    const holder = read(file);
    if (holder === undefined || !isGone(holder)) throw taken(file, holder);
    p.onStale(holder);
    rmSync(file, { force: true });
    // Two that found the same lock stale still end with one of them.
    if (!take(file, own)) throw taken(file, read(file));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

const take = (file: string, holder: Holder): boolean => {
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o640 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

const read = (file: string): Holder | undefined => {
  try {
    return Holder.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
};

const isGone = ({ host, pid }: Holder): boolean => {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

const taken = (file: string, holder: Holder | undefined): Stop =>
  new Stop({
    code: 'REFUSED',
    message:
      holder === undefined
        ? `Somebody is changing this installation (${file}).`
        : `${holder.who} on ${holder.host} has been at it since ${holder.since}: ${holder.message}.`,
    hint: `If nobody is, remove ${file}.`,
  });
