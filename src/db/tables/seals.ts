import type { Kit } from '../pg/kit.ts';

/** What makes the history provable to others. */
export const defineSealTables = (kit: Kit) => {
  const { table, str, int, instant, index, primaryKey } = kit;
  const seals = table('seals', {
    /** Gapless from 1. Of several processes that seal at once, one gets the number. */
    number: int('number').primaryKey(),
    at: instant('at').notNull(),
    /** The hash of the seal before. */
    previous: str('previous').notNull(),
    /** How many events it covers that no seal before it did. */
    events: int('events').notNull(),
    /** A hash over its rows of seal_heads. */
    heads: str('heads').notNull(),
    /** The public key (Ed25519), hex. */
    key: str('key').notNull(),
    hash: str('hash').notNull(),
    signature: str('signature').notNull(),
  });
  const sealHeads = table(
    'seal_heads',
    {
      chain: str('chain').notNull(),
      seq: int('seq').notNull(),
      hash: str('hash').notNull(),
      /** The seal that names it. */
      seal: int('seal').notNull(),
    },
    (t) => [primaryKey({ columns: [t.chain, t.seq] }), index('seal_heads_by_seal').on(t.seal)],
  );
  return { seals, sealHeads };
};
