import fc from 'fast-check';
import { expect, test } from 'vitest';
import { houseScorer } from '../../src/ai/scorer.ts';
import type { RequestHistory } from '../../src/core/ports/advisor.ts';
import { noon } from '../cast.ts';

const riskOf = (history: RequestHistory) =>
  houseScorer.score(
    {
      job: { key: 'backup', version: 1, title: '', kind: 'command', heavy: false },
      params: {},
      requesterId: 'ana',
      at: noon,
      history,
    },
    new AbortController().signal,
  );

const count = fc.nat(40);
const history: fc.Arbitrary<RequestHistory> = fc.record({
  today: count,
  before: fc.record({ requests: count, days: count }),
  failedInRow: count,
  nearThisHour: count,
});

test('a score is a share, and there are words exactly if there is any of it', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (past) => {
      const { score, words } = await riskOf(past);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThan(1);
      expect(words !== '').toBe(score > 0);
    }),
  );
});

test('one more request today, and one more failure, never make it look more usual', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (past) => {
      const { score } = await riskOf(past);
      expect((await riskOf({ ...past, today: past.today + 1 })).score).toBeGreaterThanOrEqual(score);
      expect((await riskOf({ ...past, failedInRow: past.failedInRow + 1 })).score).toBeGreaterThanOrEqual(
        score,
      );
    }),
  );
});

test('who has asked at this hour before, or a success, never makes it look less usual', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (past) => {
      const { score } = await riskOf(past);
      const near = { ...past, nearThisHour: past.nearThisHour + 1 };
      expect((await riskOf(near)).score).toBeLessThanOrEqual(score);
      expect((await riskOf({ ...past, failedInRow: 0 })).score).toBeLessThanOrEqual(score);
    }),
  );
});

test('every count of a day has the ending that people say', async () => {
  const usual = { before: { requests: 1, days: 30 }, failedInRow: 0, nearThisHour: 1 };
  const words = await Promise.all(
    [11, 12, 13, 21, 22, 23, 24, 101, 111, 112, 113, 121, 1003].map(async (nth) =>
      (await riskOf({ ...usual, today: nth - 1 })).words.replace(' run today', ''),
    ),
  );
  expect(words.join(' ')).toBe('11th 12th 13th 21st 22nd 23rd 24th 101st 111th 112th 113th 121st 1003rd');
});
