import { fail } from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { scorecard } from '../../../src/core/scorecard/card.ts';
import type { ScoreReadings, ScoreWindow } from '../../../src/core/scorecard/readings.ts';
import { keptScorecards } from '../../../src/web/console/kept-scorecards.ts';
import { minutes } from '../../cast.ts';
import { cardOn } from '../../contracts/score-town.ts';
import { flawless, run } from '../../core/scorecard/readings.ts';
import { noon, type World } from '../world.ts';
import { type Browser, consoleWorld, seated, signedInAs } from './browser.ts';

/** A console in which the days came to that. */
const judged = (
  readings: (window: ScoreWindow) => ScoreReadings = () => flawless,
  profile: 'dev' | 'production' = 'dev',
) => {
  const clock = { at: noon };
  const scorecards = keptScorecards({
    make: (window) => Promise.resolve({ ...scorecard(readings(window)), ...window }),
    now: () => Promise.resolve(clock.at),
    observe: () => undefined,
  });
  return consoleWorld({ scorecards, profile }).then((there) => ({ there, clock }));
};

const broken = (): ScoreReadings => ({
  ...flawless,
  runs: [...flawless.runs, { ...run, runId: 'Q2D6VM', broken: 'event 3 was <b>changed</b>' }],
});

/** A page as somebody reads it, with one line for each row. */
const read = async (browser: Browser, path: string): Promise<readonly string[]> =>
  (await browser.get(path)).text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<\/(?:tr|p|li|h\d|form)>/g, '\n')
    .replaceAll(/<[^>]+>/g, ' ')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim());

describe('/scorecard', () => {
  test('shows every line with value, threshold, samples and outcome, how it is computed, and the verdict', async () => {
    const { there } = await judged();
    const bob = await seated(there, 'bob');
    const lines = await read(bob, '/scorecard');
    expect(lines).toContain('PASS');
    expect(lines.filter((line) => line.startsWith('Commands handled'))).toEqual([
      expect.stringMatching(/^Commands handled How accepted messages that were answered/),
    ]);
    expect(lines).toContain('PASS 100 % ≥ 99 % 100 messages (≥ 100)');
    expect(lines.filter((line) => /^PASS ./.test(line))).toHaveLength(13);
    expect(lines.join('\n')).not.toContain('Reasons');
    expect(lines.join('\n')).toMatch(/^From Sat 14 Nov \d\d:00 to \d\d:00 , made 0s ago\.$/m);
  });

  test('is about seven days, or as many as are asked for', async () => {
    const asked: number[] = [];
    const { there } = await judged((window) => {
      asked.push((window.until - window.since) / minutes(1440));
      return flawless;
    });
    const bob = await seated(there, 'bob');
    for (const query of ['', '?days=', '?days=1', '?days=90']) await bob.get(`/scorecard${query}`);
    expect(asked).toEqual([7, 1, 90]);
    for (const days of ['0', '91', '-1', '1.5', '1e1', 'week', '0x7', '%207']) {
      const { status, text } = await bob.get(`/scorecard?days=${days}`);
      expect([days, status]).toEqual([days, 400]);
      expect(text).toContain('Days are a whole number from 1 to 90.');
    }
    expect(asked).toHaveLength(3);
  });

  test('says how old it is, and that a newer one is being made', async () => {
    let made = 0;
    const { there, clock } = await judged(() => {
      made += 1;
      return flawless;
    });
    const bob = await seated(there, 'bob');
    await bob.get('/scorecard');
    there.clock.at = noon + minutes(9);
    clock.at = there.clock.at;
    expect((await read(bob, '/scorecard')).join('\n')).toContain('made 9m ago.');
    expect(made).toBe(1);
    there.clock.at = noon + minutes(11);
    clock.at = there.clock.at;
    expect((await read(bob, '/scorecard')).join('\n')).toContain('made 11m ago; a newer one is being made.');
    expect((await read(bob, '/scorecard')).join('\n')).toContain('made 0s ago.');
    expect(made).toBe(2);
  });

  test('names runs and accounts to whoever reads the history, and to others only the lines', async () => {
    const { there } = await judged(broken, 'production');
    await there.store.people.replaceFilePeople(
      ['viewer', 'operator'].map((role) => ({
        id: role,
        name: role,
        roles: [role],
        identities: [`web:${role}`],
      })),
      noon,
    );
    const told = await read(await signedInAs(there, 'web:viewer'), '/scorecard');
    expect(told).toContain('traceability: FAIL: run Q2D6VM: event 3 was &lt;b&gt;changed&lt;/b&gt;');
    const operator = await read(await signedInAs(there, 'web:operator'), '/scorecard');
    expect(operator).toContain('traceability: FAIL');
    expect(operator.join('\n')).not.toContain('Q2D6VM');
  });

  test('says so while there is none, and where nobody makes one', async () => {
    const never = Promise.withResolvers<never>();
    const scorecards = keptScorecards({
      make: () => never.promise,
      now: () => Promise.resolve(noon),
      observe: () => undefined,
      waitMs: 1,
    });
    const bob = await seated(await consoleWorld({ scorecards }), 'bob');
    expect((await bob.get('/scorecard')).text).toContain('It is being made');
    expect((await bob.get('/scorecard?days=2')).text).toContain('Another window is being looked at');
    const alone = await seated(await consoleWorld(), 'bob');
    expect((await alone.get('/scorecard')).text).toContain('Nobody makes a scorecard here.');
  });

  test('that cannot be made says so, and shows the one before as long as there is one', async () => {
    const clock = { at: noon };
    const disk = { isFull: true };
    const scorecards = keptScorecards({
      make: (window) =>
        disk.isFull
          ? Promise.reject(new Error('no disk'))
          : Promise.resolve({ ...scorecard(flawless), ...window }),
      now: () => Promise.resolve(clock.at),
      observe: () => undefined,
    });
    const there = await consoleWorld({ scorecards });
    const bob = await seated(there, 'bob');
    const page = async (minute: number): Promise<string> => {
      clock.at = noon + minutes(minute);
      there.clock.at = clock.at;
      return (await read(bob, '/scorecard')).join('\n');
    };
    expect(await page(0)).toContain('It could not be made just now; the log says why.');
    disk.isFull = false;
    expect(await page(2)).toContain('made 0s ago.');
    disk.isFull = true;
    await page(13);
    expect(await page(13)).toContain('made 11m ago; a newer one could not be made, and the log says why.');
  });

  test('judges what people did here', async () => {
    const open: { there?: World } = {};
    const scorecards = keptScorecards({
      make: (window) => cardOn(open.there?.store ?? fail('no world yet'), window),
      now: () => Promise.resolve(noon + 1),
      observe: () => undefined,
      waitMs: 10_000,
    });
    const there = await consoleWorld({ scorecards });
    open.there = there;
    const bob = await seated(there, 'bob');
    await there.say('run backup');
    await there.say('yes', { from: 'bob' });
    await there.work();
    const lines = await read(bob, '/scorecard?days=1');
    expect(lines).toContain('NOT ENOUGH DATA 100 % ≥ 100 % 1 ended runs (≥ 20)');
    expect(lines).toContain('traceability: NOT ENOUGH DATA: 1 of at least 20 ended runs');
  });
});
