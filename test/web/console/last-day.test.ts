import { describe, expect, test } from 'vitest';
import type { DayFigures, HourFigures } from '../../../src/core/ports/store.ts';
import { lastDay } from '../../../src/web/console/last-day.ts';
import { minutes } from '../../cast.ts';
import { noon } from '../world.ts';
import { consoleWorld, seated, signedInAs } from './browser.ts';

const quiet: HourFigures = { ok: 0, failed: 0, other: 0 };

const day = (ends: Readonly<Record<number, Partial<HourFigures>>>, more: Partial<DayFigures> = {}) => ({
  hours: Array.from({ length: 24 }, (_, hour) => ({ ...quiet, ...ends[hour] })),
  waits: [],
  cut: false,
  ...more,
});

const shown = async (figures: DayFigures): Promise<string> =>
  String(await lastDay(figures, { now: noon, timezone: 'UTC' }));

/** What stands where, from the ground up: [kind, x, top, height]. */
const barsOf = (page: string) =>
  [...page.matchAll(/<rect class="(\w+)" x="(\d+)" y="([\d.]+)" width="20" height="([\d.]+)"/g)].map(
    ([, kind, x, top, height]) => [kind, Number(x), Number(top), Number(height)],
  );

describe('the last 24 hours', () => {
  test('are one bar an hour to scale, from what was well up to what failed', async () => {
    const page = await shown(day({ 0: { ok: 3 }, 5: { ok: 2, failed: 3, other: 1 }, 23: { failed: 1 } }));
    expect(barsOf(page)).toEqual([
      ['ok', 0, 30, 30],
      ['ok', 120, 40, 20],
      ['other', 120, 30, 10],
      ['failed', 120, 0, 30],
      ['failed', 552, 50, 10],
    ]);
    expect(page).toContain('viewBox="0 0 576 60"');
  });

  test('hatch what failed, and nothing else', async () => {
    const page = await shown(day({ 3: { ok: 2, failed: 1, other: 1 } }));
    const hatched = [...page.matchAll(/class="(\w+)"[^>]*fill="url\(#hatched\)"/g)].map(([, kind]) => kind);
    expect(hatched).toEqual(['failed']);
    expect(page).toContain('<pattern id="hatched"');
  });

  test('show one failure among thousands, and none above the top', async () => {
    const page = await shown(day({ 7: { ok: 5000, failed: 1 } }));
    expect(barsOf(page)).toEqual([
      ['ok', 168, 0, 60],
      ['failed', 168, 0, 2],
    ]);
  });

  test('say their numbers in words and in a table, hour by hour on the clock of the reader', async () => {
    const waits = [...Array.from({ length: 19 }, () => 48_000), 600_000];
    const page = await shown(day({ 0: { ok: 51 }, 23: { ok: 1, failed: 8, other: 2 } }, { waits }));
    const words = '62 ended, 52 ok, 8 failed';
    expect(page).toContain(`<p>${words}, p95 of a decision 48s</p>`);
    expect(page).toContain(`role="img" aria-label="${words}, by the hour"`);
    const rows = [...page.matchAll(/<tr><td><time[^>]*>([^<]*)<\/time><\/td>(.*?)<\/tr>/g)].map(
      ([, from, numbers = '']) => [from, ...[...numbers.matchAll(/<td>(\d+)/g)].map(([, n]) => Number(n))],
    );
    expect(rows).toHaveLength(24);
    expect(rows[0]).toEqual(['Fri 20 Nov 12:00', 51, 0, 0]);
    expect(rows[1]).toEqual(['13:00', 0, 0, 0]);
    expect(rows[23]).toEqual(['11:00', 1, 8, 2]);
    expect(page.indexOf('<summary>Show data</summary>')).toBeLessThan(page.indexOf('<table>'));
  });

  test('say so when there was more than was read, and when there was nothing', async () => {
    expect(await shown(day({ 4: { ok: 1 } }, { cut: true }))).toContain('0 failed (of the newest)');
    expect(await shown(day({ 4: { ok: 1 } }))).not.toContain('newest');
    expect(await shown(day({}))).toContain('Nothing has ended');
    expect(await shown(day({}, { waits: [1000] }))).toContain(
      '0 ended, 0 ok, 0 failed, p95 of a decision 1s',
    );
  });

  test('stand on the overview, from what really happened', async () => {
    const there = await consoleWorld();
    await there.say('run backup');
    there.clock.at += minutes(2);
    await there.say('yes', { from: 'bob' });
    await there.work();
    await there.say('run db-migrate');
    await there.say('no', { from: 'bob' });
    const bob = await seated(there, 'bob');
    expect((await bob.get('/')).text).toContain('2 ended, 1 ok, 0 failed, p95 of a decision 2m');
    there.clock.at += minutes(1440);
    expect((await (await seated(there, 'bob')).get('/')).text).toContain('Nothing has ended');
  });

  test('are for those who may see the figures', async () => {
    const there = await consoleWorld({ profile: 'production' });
    await there.store.people.replaceFilePeople(
      ['viewer', 'requester'].map((role) => ({
        id: role,
        name: role,
        roles: [role],
        identities: [`web:${role}`],
      })),
      noon,
    );
    const page = async (role: string) => (await (await signedInAs(there, `web:${role}`)).get('/')).text;
    expect(await page('viewer')).toContain('Last 24 h');
    expect(await page('requester')).not.toContain('Last 24 h');
  });
});
