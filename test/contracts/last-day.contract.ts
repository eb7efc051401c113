import { describe, expect } from 'vitest';
import type { HourFigures } from '../../src/core/ports/store.ts';
import { fails } from '../cast.ts';
import { act, approve, byAna, cancel, request, T0 } from './given.ts';
import { lightRun, scoreTown } from './score-town.ts';
import { lawsOf, type OpenBackend } from './with-backend.ts';

const HOUR = 3_600_000;
const ample = { ended: 100, asked: 100 };
const quiet: HourFigures = { ok: 0, failed: 0, other: 0 };
const quietDay = { hours: Array.from({ length: 24 }, () => quiet), waits: [], cut: false };

export const lastDayContract = (open: OpenBackend): void => {
  const law = lawsOf(open);
  describe('the last 24 hours', () => {
    law('are quiet in an empty house', async ({ store }) => {
      expect(await store.reader.lastDay(T0, ample)).toEqual(quietDay);
    });

    law('have a bar for each hour up to now, and nothing of the moment before them', async ({ store }) => {
      const endings = [-24 * HOUR, -24 * HOUR + 1, -23 * HOUR, -23 * HOUR + 1, -HOUR, 0, 1];
      for (const [index, after] of endings.entries()) {
        await act(store, `R${index}`, request(`R${index}`, { at: T0 - 30 * HOUR }));
        await act(store, `R${index}`, cancel(T0 + after));
      }
      const { hours } = await store.reader.lastDay(T0, ample);
      expect(hours).toHaveLength(24);
      const bars = hours.flatMap(({ other }, hour) => (other === 0 ? [] : [[hour, other]]));
      expect(bars).toEqual([
        [0, 2],
        [1, 1],
        [22, 1],
        [23, 1],
      ]);
    });

    law('tell what succeeded, what failed, and what never came to run', async ({ store }) => {
      const town = await scoreTown(store);
      const [good, [asked, ...bad]] = [lightRun('good', T0 - 9_000), lightRun('bad', T0 - 8_000)];
      await town.runs(good, [asked, ...bad.slice(0, -1), fails(1, T0 - 4_000)]);
      await act(store, 'denied', request('denied', { at: T0 - 900 }));
      await act(store, 'denied', { type: 'deny', by: byAna, at: T0 - 500 });
      await act(store, 'open', request('open', { at: T0 - 400 }));
      const day = await store.reader.lastDay(T0, ample);
      expect(day.hours.at(-1)).toEqual({ ok: 1, failed: 1, other: 1 });
      expect(day.hours.slice(0, -1)).toEqual(quietDay.hours.slice(0, -1));
    });

    law('measure each decision from its question, and nothing that was not decided', async ({ store }) => {
      await act(store, 'A', request('A', { at: T0 - 10_000 }));
      await act(store, 'A', approve(T0 - 7_000));
      await act(store, 'B', request('B', { at: T0 - 9_000 }));
      await act(store, 'B', { type: 'deny', by: byAna, at: T0 - 8_500 });
      await act(store, 'C', request('C', { at: T0 - 9_000 }));
      await act(store, 'D', request('D', { at: T0 - 8_000 }));
      await act(store, 'D', cancel(T0 - 1_000));
      await act(store, 'old', request('old', { at: T0 - 24 * HOUR }));
      await act(store, 'old', approve(T0 - 5_000));
      const { waits } = await store.reader.lastDay(T0, ample);
      expect(waits.toSorted((a, b) => a - b)).toEqual([500, 3_000]);
    });

    law('are made from the newest where there was too much, and say so', async ({ store }) => {
      const town = await scoreTown(store);
      await town.runs(...[9, 6, 3].map((hours) => lightRun(`R${hours}`, T0 - hours * HOUR)));
      const limited = (ended: number, asked: number) => store.reader.lastDay(T0, { ended, asked });
      const shown = async (ended: number, asked: number) => {
        const { hours, waits, cut } = await limited(ended, asked);
        return { ok: hours.flatMap(({ ok }, hour) => (ok === 0 ? [] : [hour])), waits: waits.length, cut };
      };
      expect(await shown(4, 4)).toEqual({ ok: [15, 18, 21], waits: 3, cut: false });
      expect(await shown(2, 4)).toEqual({ ok: [18, 21], waits: 3, cut: true });
      expect(await shown(4, 1)).toEqual({ ok: [15, 18, 21], waits: 1, cut: true });
    });
  });
};
