import type { Wake } from '../../core/ports/store.ts';
import type { Connection } from './connect.ts';

const everyMs = 10;

/**
 * Notices what other processes put in. SQLite counts the commits of other connections, and asking for that number reads no
 * page. Only new rows are told, or two workers that keep their leases would wake each other for ever. Latency only.
 */
export const watchOthers = (db: Connection, tell: (what: Wake) => void): { stop(): void } => {
  const commits = db.prepare('pragma data_version').pluck();
  const newest = db.prepare(NEWEST).raw();
  let seen: unknown;
  let rows: readonly number[] | undefined;
  const look = (): void => {
    const now = commits.get();
    if (now === seen) return;
    // The columns of the statement, in its order.
    const found = newest.get() as readonly number[];
    const before = rows;
    seen = now;
    rows = found;
    if (before === undefined) return;
    WAKES.forEach((what, index) => {
      if ((found[index] ?? 0) > (before[index] ?? 0)) tell(what);
    });
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // Locked for a moment: the next look comes soon, and the loops find everything by themselves.
    }
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};

const WAKES: readonly Wake[] = ['queue', 'outbox', 'inbox'];
// Numbers of arrival are never used twice, so a larger one is something new.
const NEWEST = `select ${['job_queue', 'outbox', 'inbox']
  .map((table) => `(select seq from sqlite_sequence where name = '${table}')`)
  .join(', ')}`;
