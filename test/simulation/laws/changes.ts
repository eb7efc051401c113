import type { Connection } from '../world/database.ts';

/** What transactions have touched since somebody asked; one that was rolled back may have left its traces as well. */
export interface Changes {
  /** Whether anything in these tables may have changed; asking settles it. */
  readonly in: (...tables: readonly Watched[]) => boolean;
  /** Rows of the inbox that may have changed; asking settles it. */
  readonly messages: () => readonly number[];
}

const WATCHED = [
  'events',
  'inbox',
  'people',
  'identities',
  'job_queue',
  'job_later',
  'job_leases',
  'freezes',
] as const;

type Watched = (typeof WATCHED)[number];

/** Temporary triggers of this connection only: the program's own schema is left as it is. */
export const watchChanges = (db: Connection): Changes => {
  const touched = new Set<string>(WATCHED);
  let rows = new Set<number>();
  db.function('noticed', { directOnly: false }, (table: unknown, row: unknown) => {
    touched.add(String(table));
    if (table === 'inbox') rows.add(Number(row));
    return 0;
  });
  for (const table of WATCHED) {
    for (const [verb, which] of [
      ['insert', 'new'],
      ['update', 'new'],
      ['delete', 'old'],
    ] as const) {
      db.exec(
        `create temp trigger watch_${table}_${verb} after ${verb} on ${table} ` +
          `begin select noticed('${table}', ${which}.rowid); end`,
      );
    }
  }
  return {
    in: (...tables) => tables.map((table) => touched.delete(table)).includes(true),
    messages: () => {
      const found = [...rows];
      rows = new Set();
      return found;
    },
  };
};
