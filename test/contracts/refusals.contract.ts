import { describe, expect } from 'vitest';
import { noRight, type Refused } from '../../src/core/people/refused.ts';
import type { Commit } from '../../src/core/ports/commit.ts';
import { minutes } from '../cast.ts';
import { arrive, nothing, T0 } from './given.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const HOUR = minutes(60);
const DAY = 24 * HOUR;

const stranger = noRight('stranger');
const rejected: Refused = { kind: 'transition_rejected', reason: 'already_decided' };

const refusing = (refused: Refused, over: Partial<Commit> = {}, times = 1): Commit => ({
  ...nothing,
  upkeep: [{ kind: 'refusal_counted', refused, times }],
  at: T0,
  ...over,
});

export const refusalsContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('refusals', () => {
    law('are counted by reason, and another process sees the sum', async ({ store, other }) => {
      expect(await store.reader.refusals(T0)).toEqual([]);
      await store.runs.commit([refusing(stranger), refusing(rejected), refusing(stranger, {}, 5)]);
      await other.runs.commit([refusing(stranger)]);
      const counts = [
        { ...stranger, day: 7, week: 7 },
        { ...rejected, day: 1, week: 1 },
      ];
      expect(await store.reader.refusals(T0)).toEqual(counts);
      expect(await other.reader.refusals(T0)).toEqual(counts);
    });

    law('a message that is refused is counted once, however often it comes', async ({ store, other }) => {
      const once = { kind: 'mark', inboxId: await arrive(store, 'm1') } as const;
      const commit = refusing(stranger, { once });
      expect(await store.runs.commit([commit])).toEqual(['committed']);
      expect(await other.runs.commit([commit])).toEqual(['seen_before']);
      expect(await store.reader.refusals(T0)).toEqual([{ ...stranger, day: 1, week: 1 }]);
    });

    law('what is older than a day, and then a week, is no longer shown', async ({ store }) => {
      await store.runs.commit([refusing(stranger), refusing(stranger, { at: T0 + DAY + HOUR }, 2)]);
      expect(await store.reader.refusals(T0 + DAY + HOUR)).toEqual([{ ...stranger, day: 2, week: 3 }]);
      expect(await store.reader.refusals(T0 + 7 * DAY + HOUR)).toEqual([{ ...stranger, day: 0, week: 2 }]);
      expect(await store.reader.refusals(T0 + 9 * DAY)).toEqual([]);
    });

    law('after ninety days they are gone', async ({ store }) => {
      await store.runs.commit([refusing(stranger), refusing(rejected, { at: T0 + 2 * HOUR })]);
      await store.runs.commit([refusing(rejected, { at: T0 + 90 * DAY + HOUR })]);
      expect(await store.reader.refusals(T0)).toEqual([{ ...rejected, day: 2, week: 2 }]);
    });

    law(
      'processes that count at the same time neither lose one nor stand in each other’s way',
      async ({ store, other }) => {
        const both = [stranger, rejected, noRight('wrong_token')];
        await Promise.all(
          Array.from({ length: 60 }, (_, n) =>
            (n % 2 === 0 ? store : other).runs.commit(
              (n % 4 < 2 ? both : both.toReversed()).map((one) => refusing(one)),
            ),
          ),
        );
        const sums = (await store.reader.refusals(T0)).map(({ reason, day }) => [reason, day]);
        expect(sums).toEqual([
          ['stranger', 60],
          ['wrong_token', 60],
          ['already_decided', 60],
        ]);
      },
    );
  });
};
