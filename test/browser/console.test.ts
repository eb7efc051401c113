import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { letterName } from '../../src/core/text/ops/letter-words.ts';
import { STREAMS_MAX } from '../../src/web/console/live.ts';
import { stampOf } from '../../src/web/console/marks.ts';
import { expectAccessible, openChromium, sitDown } from './chromium.ts';
import { furnish, openScene, type Scene } from './scene.ts';

let browser: Browser;
let scene: Scene;

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await scene.stop();
});

const statusOf = async (runId: string): Promise<string | undefined> =>
  (await scene.there.store.runs.find([runId])).get(runId)?.state.status;

const waitingRun = async (): Promise<string> => {
  await scene.there.addJob('backup', { target: { kind: 'command', command: ['pg-backup'], env: [] } });
  return scene.says('ana', 'run backup');
};

describe('deciding', () => {
  test('with the keyboard alone: Tab to the card, a', async () => {
    const runId = await waitingRun();
    const { page, complaints } = await sitDown(browser, scene, 'bob');
    await page.goto('/approvals');
    for (let tabs = 0; tabs < 30; tabs += 1) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate<string>('document.activeElement.id')) === `card-${runId}`) break;
    }
    await page.keyboard.press('a');
    await page
      .getByRole('status')
      .filter({ hasText: `Approved ${runId}` })
      .waitFor();
    expect(await statusOf(runId)).toBe('Dispatching');
    expect(complaints).toEqual([]);
  });

  test('a key that is typed elsewhere decides nothing', async () => {
    const runId = await waitingRun();
    const { page } = await sitDown(browser, scene, 'bob');
    await page.goto('/approvals');
    await page.keyboard.press('a');
    await page.goto('/runs');
    await page.fill('input[name=job]', 'ad');
    expect(await statusOf(runId)).toBe('AwaitingApproval');
  });

  test('without a script: a form, and a page that says what came of it', async () => {
    const runId = await waitingRun();
    const { page } = await sitDown(browser, scene, 'bob', { javaScriptEnabled: false });
    await page.goto('/approvals');
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await page.getByRole('status').textContent()).toContain(`Approved ${runId}`);
    expect(await statusOf(runId)).toBe('Dispatching');
  });

  test('two who approve at once: one does, and the other is told who it was', async () => {
    const runId = await waitingRun();
    const desks = await Promise.all(['bob', 'cho'].map((seat) => sitDown(browser, scene, seat)));
    await Promise.all(desks.map(({ page }) => page.goto('/approvals')));
    const told = await Promise.all(
      desks.map(async ({ page }) => {
        await page.getByRole('button', { name: 'Approve' }).click();
        return page.getByRole('status').textContent();
      }),
    );
    expect(told.filter((words) => words?.includes(`Approved ${runId}`))).toHaveLength(1);
    expect(told.filter((words) => /already approved by (?:Bob|Cho)/.test(words ?? ''))).toHaveLength(1);
    const events = await scene.there.store.runs.history(runId);
    expect(events.filter(({ type }) => type === 'RunApproved')).toHaveLength(1);
  });

  test('on something heavy takes its name, typed', async () => {
    await scene.there.addJob('db-migrate', { heavy: true });
    const runId = await scene.says('ana', 'run db-migrate');
    const { page } = await sitDown(browser, scene, 'bob');
    await page.goto('/approvals');
    await page.getByRole('link', { name: 'Approve…' }).click();
    await page.getByLabel(/Type db-migrate/).fill('db-migrate');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').waitFor();
    expect(await statusOf(runId)).toBe('Approved');
  });
});

describe('watching', () => {
  test('a run moves on the page by itself, also over a restart of the server, and no event is missing', async () => {
    const runId = await waitingRun();
    const { page, complaints } = await sitDown(browser, scene, 'bob');
    await page.goto(`/runs/${runId}`);
    await page.locator('.live.on').waitFor();
    await scene.restart(() => scene.says('bob', `yes ${runId}`));
    await page.locator('#event-4').waitFor();
    await scene.works('succeeds');
    await page.locator('main .state', { hasText: 'succeeded' }).waitFor();
    const shown = await page.locator('.events tbody tr td:first-child').allTextContents();
    expect(shown).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await page.locator('.output').textContent()).toContain('4.1 GB written');
    expect(complaints).toEqual([]);
  });

  test('a new run appears among the approvals, and goes when somebody else has decided', async () => {
    const { page } = await sitDown(browser, scene, 'bob');
    await page.goto('/approvals');
    await page.locator('.live.on').waitFor();
    const runId = await waitingRun();
    await page.locator(`#card-${runId}`).waitFor();
    await scene.says('cho', `yes ${runId}`);
    await page.locator(`#card-${runId}`).waitFor({ state: 'detached' });
  });
});

describe('a page', () => {
  test('that was in a tab nobody saw catches up as soon as somebody does: no event is missing', async () => {
    const runId = await waitingRun();
    const { page, complaints } = await sitDown(browser, scene, 'bob');
    await page.goto(`/runs/${runId}`);
    await page.locator('.live.on').waitFor();
    await turnAway(page, true);
    await scene.says('bob', `yes ${runId}`);
    await scene.works('succeeds');
    const numbers = page.locator('.events tbody tr td:first-child');
    expect(await numbers.allTextContents()).toEqual(['1', '2']);
    await turnAway(page, false);
    await page.locator('#event-6').waitFor();
    expect(await numbers.allTextContents()).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(complaints).toEqual([]);
  });

  test('of many things catches up as well, although nothing more happens', async () => {
    const { page } = await sitDown(browser, scene, 'bob');
    await page.goto('/approvals');
    await page.locator('.live.on').waitFor();
    await turnAway(page, true);
    const runId = await waitingRun();
    await turnAway(page, false);
    await page.locator(`#card-${runId}`).waitFor({ timeout: 8000 });
  });

  test('gives its place to the fifth one, says so, and asks by itself from then on', async () => {
    const { page } = await sitDown(browser, scene, 'bob');
    await page.clock.install();
    await page.goto('/approvals');
    await page.locator('.live.on').waitFor();
    for (let opened = 0; opened < STREAMS_MAX; opened += 1) {
      const other = await page.context().newPage();
      await other.goto('/approvals');
      await other.locator('.live.on').waitFor();
    }
    await page.getByText('not live, asks every 15 s').waitFor();
    const runId = await waitingRun();
    await page.clock.fastForward(15_000);
    await page.locator(`#card-${runId}`).waitFor();
    expect(await page.locator('.live.on').count()).toBe(0);
  });

  test('keeps open what somebody opened when it is shown anew', async () => {
    await furnish(scene);
    const { page } = await sitDown(browser, scene, 'bob');
    await page.locator('.live.on').waitFor();
    await page.getByText('Show data').click();
    const runId = await waitingRun();
    await page.locator(`#card-${runId}`).waitFor();
    expect(await page.locator('details[open] table').isVisible()).toBe(true);
  });

  test('does not say that it is live where nothing keeps it so', async () => {
    const { page } = await sitDown(browser, scene, 'bob', { javaScriptEnabled: false });
    expect(await page.locator('#live-state').textContent()).toBe('not live');
  });

  test('that breaks its policy is noticed by these tests', async () => {
    const { page, complaints } = await sitDown(browser, scene, 'bob');
    expect(complaints).toEqual([]);
    await page.evaluate("document.body.setAttribute('style', 'color: red')");
    await expect.poll(() => complaints.join()).toContain('Content Security Policy');
  });
});

/** As if somebody looked at another tab; a browser without a window has none that could be hidden. */
const turnAway = (page: Page, isAway: boolean): Promise<void> =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${isAway} });
    document.dispatchEvent(new Event('visibilitychange'));`);

describe('the scorecard', () => {
  test('is asked for other days, and says how a line is computed, without a script', async () => {
    await furnish(scene);
    const { page } = await sitDown(browser, scene, 'bob', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Scorecard' }).click();
    expect(await page.getByRole('row', { name: /^Runs that can be followed/ }).textContent()).toMatch(
      /100 %.*≥ 100 %.*\d+ ended runs/s,
    );
    await page.getByLabel('Days up to now').fill('1');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(new URL(page.url()).search).toBe('?days=1');
    const line = page.getByRole('row', { name: /^Uptime/ });
    expect(await line.locator('.hint').isVisible()).toBe(false);
    await line.getByText('How').click();
    expect(await line.locator('.hint').textContent()).toContain(
      'minutes in which a program with doors was there',
    );
    expect(await line.locator('.hint').isVisible()).toBe(true);
  });
});

describe('dead letters', () => {
  test('are marked all at once, stay as they were seen meanwhile, and are dropped together', async () => {
    await furnish(scene);
    const { page, complaints } = await sitDown(browser, scene, 'ana');
    await page.goto('/queue');
    await page.locator('.live.on').waitFor();
    await page.getByRole('button', { name: 'Mark all shown' }).click();
    const before = await page.locator('.letter').count();
    const runId = await scene.says('ana', 'run backup');
    await scene.says('bob', `yes ${runId}`);
    await scene.works('fails');
    await page.getByText('paused: something is marked').waitFor();
    expect(await page.locator('.letter').count()).toBe(before);
    await page.getByRole('button', { name: 'Drop those marked…' }).click();
    await page.getByRole('heading', { name: `Drop ${before} dead letters?` }).waitFor();
    await page.getByLabel('Why drop them?').fill('the disk was full');
    await page.getByRole('button', { name: `Drop ${before}` }).click();
    await page.getByRole('heading', { name: `Dropped ${before} of ${before}` }).waitFor();
    expect(await scene.there.store.deadLetters.list(10)).toMatchObject([{ runId }]);
    expect(complaints).toEqual([]);
  });

  test('that nobody marks any more are shown anew', async () => {
    await furnish(scene);
    const { page } = await sitDown(browser, scene, 'ana');
    await page.goto('/queue');
    await page.locator('.live.on').waitFor();
    const first = page.getByRole('checkbox').first();
    await first.check();
    await scene.says('ana', 'deadletters drop j1 known');
    await scene.says('ana', 'run backup');
    await page.getByText('paused: something is marked').waitFor();
    await page.locator('#letter-j1').waitFor();
    await first.uncheck();
    await page.locator('.live.on').waitFor();
    await page.locator('#letter-j1').waitFor({ state: 'detached' });
  });

  test('are marked, and replayed together, without a script', async () => {
    await furnish(scene);
    const { page } = await sitDown(browser, scene, 'ana', { javaScriptEnabled: false });
    await page.goto('/queue');
    expect(await page.getByRole('button', { name: 'Mark all shown' }).count()).toBe(0);
    for (const name of ['j1', 'j3']) await page.getByLabel(`Mark ${name}`).check();
    await page.getByRole('button', { name: 'Replay those marked…' }).click();
    await page.getByRole('button', { name: 'Replay 2' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Replayed 2 of 2');
    const left = await scene.there.store.deadLetters.list(10);
    expect(left.map(({ id }) => id)).toEqual([5, 4, 2]);
  });
});

const PAGES = [
  '/',
  '/approvals',
  '/runs',
  '/jobs',
  '/jobs/restart-web',
  '/schedules',
  '/schedules/nightly',
  '/queue',
  '/audit',
  '/logs',
  '/scorecard',
  '/people',
  '/chat',
] as const;

const pagesOfDay = async (): Promise<readonly string[]> => {
  const { runs } = await scene.there.store.runs.list({ limit: 20 });
  const failed = runs.find(({ state }) => state.status === 'Failed')?.state.runId ?? '';
  const heavy = runs.find(({ state }) => state.heavy)?.state.runId ?? '';
  const running = runs.find(({ state }) => state.status === 'Running')?.state.runId ?? '';
  const ofRuns = [`/runs/${failed}`, `/runs/${running}`, `/runs/${heavy}/approve`, `/runs/${heavy}/deny`];
  const letters = await scene.there.store.deadLetters.list(2);
  const marks = letters.map((letter) => `letter-${letterName(letter)}=${stampOf(letter)}`).join('&');
  return [...PAGES, ...ofRuns, `/queue/letters?do=drop&${marks}&letter-j99=x`, '/nothing-here', '/login'];
};

describe('every page', () => {
  test.each(['light', 'dark'] as const)(
    'is accessible, and breaks no policy, in %s colours',
    async (colorScheme) => {
      await furnish(scene);
      const { page, complaints } = await sitDown(browser, scene, 'bob', { colorScheme });
      for (const path of await pagesOfDay()) {
        await page.goto(path);
        await expectAccessible(page, path);
      }
      expect(complaints.filter((words) => !words.includes('404'))).toEqual([]);
    },
  );

  test('fits a telephone of 360 pixels', async () => {
    await furnish(scene);
    const { page } = await sitDown(browser, scene, 'bob', { viewport: { width: 360, height: 740 } });
    for (const path of await pagesOfDay()) {
      await page.goto(path);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([path, width]).toEqual([path, 360]);
    }
  });

  test('shows what somebody wrote, and does not obey it', async () => {
    const evil = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>{{7*7}}`;
    await scene.there.addJob('evil', {
      title: evil,
      target: { kind: 'command', command: ['say', '{word}', evil], env: [] },
      params: { word: { type: 'string', required: true } },
      acts: evil,
    });
    const runId = await scene.says('ana', `run evil word='<script>alert(3)</script>'`);
    const other = await scene.says('ana', `run evil word='</pre><svg/onload=alert(4)>'`);
    await scene.says('bob', `no ${runId} ${evil}`);
    const { page, complaints } = await sitDown(browser, scene, 'bob');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const paths = ['/', '/approvals', '/runs', `/runs/${runId}`, `/runs/${other}`, `/runs/${other}/deny`];
    for (const path of [...paths, '/jobs', '/jobs/evil', '/chat']) {
      await page.goto(path);
      expect([path, await page.locator('main img, main script, main svg[onload]').count()]).toEqual([
        path,
        0,
      ]);
    }
    await page.goto(`/runs?job=${encodeURIComponent('"><script>alert(5)</script>')}`);
    expect(await page.locator('main script').count()).toBe(0);
    expect(dialogs).toEqual([]);
    expect(complaints.filter((words) => !words.includes('400'))).toEqual([]);
  });

  test('has no button for whoever may only look', async () => {
    await furnish(scene);
    await scene.there.store.people.replaceFilePeople(
      [{ id: 'eve', name: 'Eve', roles: ['viewer'], identities: ['dev:eve'] }],
      scene.there.clock.at,
    );
    const { page } = await sitDown(browser, scene, 'eve');
    const pages = (await pagesOfDay()).filter((path) => !/login|approve|deny|chat|letters/.test(path));
    for (const path of pages) {
      await page.goto(path);
      const forms = await page.locator('main form:not([role=search])').count();
      const acts = await page
        .locator('main :is(button, input, select, .primary, .danger, [data-key])')
        .count();
      const searches = await page.locator('main form[role=search] :is(button, input, select)').count();
      expect([path, forms, acts - searches]).toEqual([path, 0, 0]);
    }
  });
});
