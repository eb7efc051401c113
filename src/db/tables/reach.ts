import type { Kit } from '../pg/kit.ts';

/** Who may be written to, and how far what was written has come. */
export const defineReachTables = (kit: Kit) => {
  const { table, str, int, instant, primaryKey } = kit;
  const consents = table('consents', {
    /** One row for each account that ever said yes or no to messages: the newest word. */
    identity: str('identity').primaryKey(),
    /** in or out. */
    state: str('state').notNull(),
    /** As they were written, or what the provider said in their place. */
    words: str('words').notNull(),
    at: instant('at').notNull(),
  });
  const mutes = table(
    'mutes',
    {
      person_id: str('person_id').notNull(),
      /** asks, reminders or results. */
      notice: str('notice').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.person_id, t.notice] })],
  );
  const receipts = table(
    'receipts',
    {
      channel: str('channel').notNull(),
      /** The provider's. */
      message_id: str('message_id').notNull(),
      address: str('address').notNull(),
      /** queued, sent, delivered, undelivered or failed. */
      state: str('state').notNull(),
      /** Grows with the state: what came late never takes a message back. */
      rank: int('rank').notNull(),
      /** The provider's code. */
      error: str('error'),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.channel, t.message_id] })],
  );
  return { consents, mutes, receipts };
};
