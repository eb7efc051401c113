import { sql } from 'drizzle-orm';
import type { Kit } from '../pg/kit.ts';

/** What somebody needs who judges afterwards whether the program was there and what was wrong with it. */
export const defineWatchTables = (kit: Kit) => {
  const { table, id, str, instant, index, uniqueIndex } = kit;
  const upMinutes = table('up_minutes', {
    /** When the minute began. */
    minute_at: instant('minute_at').primaryKey(),
  });
  const incidents = table(
    'incidents',
    {
      id: id('id'),
      /** problem or channel. */
      kind: str('kind').notNull(),
      name: str('name').notNull(),
      raised_at: instant('raised_at').notNull(),
      /** Null while it lasts. */
      cleared_at: instant('cleared_at'),
    },
    (t) => [
      uniqueIndex('incidents_open').on(t.kind, t.name).where(sql`cleared_at is null`),
      index('incidents_by_time').on(t.raised_at),
    ],
  );
  return { upMinutes, incidents };
};
