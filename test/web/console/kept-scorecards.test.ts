import { fail } from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../src/core/ports/observe.ts';
import { type Scorecard, scorecard } from '../../../src/core/scorecard/card.ts';
import type { ScoreWindow } from '../../../src/core/scorecard/readings.ts';
import { KEPT_MS, keptScorecards } from '../../../src/web/console/kept-scorecards.ts';
import { minutes, noon } from '../../cast.ts';
import { flawless } from '../../core/scorecard/readings.ts';

type Work = PromiseWithResolvers<Scorecard>;

/** Cards whose making takes as long as a test wants. */
const shelf = (waitMs = 0) => {
  const begun: { window: ScoreWindow; work: Work; rest: () => Promise<void> }[] = [];
  const observed: Observation[] = [];
  const clock = { at: noon };
  const kept = keptScorecards({
    make: (window, rest) => {
      const work = Promise.withResolvers<Scorecard>();
      begun.push({ window, work, rest });
      return work.promise;
    },
    now: () => Promise.resolve(clock.at),
    observe: (one) => void observed.push(one),
    waitMs,
  });
  const made = async (index: number): Promise<void> => {
    const { window, work } = begun[index] ?? fail(`nothing was begun as number ${index}`);
    work.resolve({ ...scorecard(flawless), ...window });
    await work.promise;
  };
  const failed = async (index: number): Promise<void> => {
    const { work } = begun[index] ?? fail(`nothing was begun as number ${index}`);
    work.reject(new Error('no disk'));
    await work.promise.catch(() => undefined);
  };
  return { kept, begun, observed, clock, made, failed };
};

const DAY = minutes(1440);

describe('a scorecard in the background', () => {
  test('is asked for once, however many look, over the days up to now', async () => {
    const { kept, begun, made } = shelf();
    expect(await kept.over(7)).toEqual({ next: 'being made' });
    expect(await kept.over(7)).toEqual({ next: 'being made' });
    expect(begun.map(({ window }) => window)).toEqual([{ since: noon - 7 * DAY, until: noon }]);
    await made(0);
    expect(await kept.over(7)).toMatchObject({ next: 'none', card: { since: noon - 7 * DAY, until: noon } });
    expect(begun).toHaveLength(1);
  });

  test('is there at once where it is made quickly', async () => {
    const { kept, begun, made } = shelf(60_000);
    const asked = kept.over(1);
    await expect.poll(() => begun.length).toBe(1);
    await made(0);
    expect(await asked).toMatchObject({ next: 'none', card: { verdict: 'PASS' } });
  });

  test('stays while the next one is made, and only an old one is made again', async () => {
    const { kept, begun, made, clock } = shelf(60_000);
    const asked = kept.over(7);
    await expect.poll(() => begun.length).toBe(1);
    await made(0);
    await asked;
    clock.at = noon + KEPT_MS - 1;
    expect(await kept.over(7)).toMatchObject({ next: 'none', card: { until: noon } });
    clock.at = noon + KEPT_MS;
    expect(await kept.over(7)).toMatchObject({ next: 'being made', card: { until: noon } });
    await made(1);
    expect(await kept.over(7)).toMatchObject({ next: 'none', card: { until: noon + KEPT_MS } });
  });

  test('waits for the one over other days: one is made at a time', async () => {
    const { kept, begun, made } = shelf();
    await kept.over(7);
    expect(await kept.over(30)).toEqual({ next: 'later' });
    expect(begun).toHaveLength(1);
    await made(0);
    expect(await kept.over(30)).toEqual({ next: 'being made' });
    expect(await kept.over(7)).toMatchObject({ next: 'none', card: { since: noon - 7 * DAY } });
  });

  test('that could not be made is told once, and tried again after a minute', async () => {
    const { kept, begun, failed, observed, clock, made } = shelf();
    await kept.over(7);
    await failed(0);
    expect(await kept.over(7)).toEqual({ next: 'failed' });
    expect(observed).toEqual([{ kind: 'loop_faulted', loop: 'scorecard', error: new Error('no disk') }]);
    clock.at = noon + minutes(1) - 1;
    expect(await kept.over(7)).toEqual({ next: 'failed' });
    expect(begun).toHaveLength(1);
    clock.at = noon + minutes(1);
    expect(await kept.over(7)).toEqual({ next: 'being made' });
    await made(1);
    expect(await kept.over(7)).toMatchObject({ next: 'none', card: { verdict: 'PASS' } });
  });

  test('ends with the program, which nobody calls a fault', async () => {
    const { kept, begun, observed } = shelf();
    await kept.over(7);
    const { rest, work } = begun[0] ?? fail('nothing was begun');
    void rest().then(
      () => work.reject(new Error('it went on')),
      (ended: unknown) => work.reject(ended),
    );
    await kept.stop();
    await expect(work.promise).rejects.toMatchObject({ name: 'AbortError' });
    expect(observed).toEqual([]);
    await expect(rest()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
