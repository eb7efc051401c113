import type { Kit } from '../pg/kit.ts';

/** What the console keeps of people who use it with a browser. */
export const defineWebTables = ({ table, str, instant, index }: Kit) => {
  const webSessions = table(
    'web_sessions',
    {
      /** SHA-256, hex; the secret itself is in a browser only. */
      id_hash: str('id_hash').primaryKey(),
      identity: str('identity').notNull(),
      signed_in_at: instant('signed_in_at').notNull(),
      until: instant('until').notNull(),
    },
    (t) => [index('web_sessions_by_end').on(t.until)],
  );
  return { webSessions };
};
