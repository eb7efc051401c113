import { describe, expect, test } from 'vitest';
import { houseScorer } from '../../src/ai/scorer.ts';
import { RISK_FLAGGED_ABOVE } from '../../src/core/flows/runs/advice.ts';
import type { RequestFacts, RequestHistory } from '../../src/core/ports/advisor.ts';
import { noon } from '../cast.ts';

const scoreOf = (history: Partial<RequestHistory>, kind: RequestFacts['job']['kind'] = 'command') =>
  houseScorer.score(
    {
      job: { key: 'backup', version: 1, title: '', kind, heavy: false },
      params: {},
      requesterId: 'ana',
      at: noon,
      history: { today: 0, before: { requests: 0, days: 30 }, failedInRow: 0, nearThisHour: 0, ...history },
    },
    new AbortController().signal,
  );

const often = { requests: 30, days: 10 };

describe('the house finds unusual', () => {
  test.each<[string, Partial<RequestHistory>]>([
    ['third run today', { today: 2 }],
    ['fourth run today', { today: 3 }],
    ['tenth run today', { today: 9 }],
    ['11th run today', { today: 10 }],
    ['13th run today', { today: 12 }],
    ['21st run today', { today: 20 }],
    ['22nd run today', { today: 21 }],
    ['23rd run today', { today: 22 }],
    ['28th run today', { today: 27 }],
    ['seventh run today', { today: 6, before: often, nearThisHour: 1 }],
    ['the last 3 runs failed', { failedInRow: 3 }],
    ['third run today; the last 2 runs failed', { today: 2, failedInRow: 2 }],
    ['the last 2 runs failed; never asked for around this hour', { failedInRow: 2, before: often }],
  ])('%s', async (words, history) => {
    const risk = await scoreOf(history);
    expect(risk.words).toBe(words);
    expect(risk.score * 100).toBeGreaterThan(RISK_FLAGGED_ABOVE);
  });
});

describe('the house finds nothing unusual in', () => {
  test.each<[string, Partial<RequestHistory>, RequestFacts['job']['kind']?]>([
    ['a first request', {}],
    ['a second one on the same day', { today: 1 }],
    ['as many as there usually are', { today: 5, before: often, nearThisHour: 1 }],
    ['many of which nobody knows what is usual', { today: 30, before: { requests: 0, days: 0 } }],
    ['one failure', { failedInRow: 1 }],
    ['two failures alone', { failedInRow: 2 }],
    ['a strange hour alone', { before: often }],
    ['a strange hour of a job that was seldom asked for', { before: { requests: 9, days: 30 } }],
    ['the built-in demonstration', { today: 50, failedInRow: 50 }, 'demo'],
  ])('%s', async (_, history, kind) => {
    const { score } = await scoreOf(history, kind);
    expect(score * 100).toBeLessThanOrEqual(RISK_FLAGGED_ABOVE);
  });
});
