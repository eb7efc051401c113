import { mkdir } from 'node:fs/promises';
import { chromium, type Page } from 'playwright-core';
import { furnish, openScene } from '../test/browser/scene.ts';
import { unpackChromium } from '../test/setup/chromium.ts';

/** Takes the pictures of docs/console: every page in both colours and on a telephone; `node tools/screenshots.ts run job` some. */
const FOLDER = new URL('../docs/console/', import.meta.url);

const scene = await openScene();
await furnish(scene);
const { runs } = scene.there.store;
const failed = (await runs.list({ status: ['Failed'], limit: 1 })).runs[0]?.state.runId ?? '';
const heavy = (await runs.list({ jobKey: 'db-migrate', limit: 1 })).runs[0]?.state.runId ?? '';

/** What the documentation shows; any other page is taken when it is asked for by name. */
const SHOWN = ['overview-light', 'overview-dark', 'run-dark', 'approvals-phone'];

const PAGES: Readonly<Record<string, string>> = {
  overview: '/',
  approvals: '/approvals',
  runs: '/runs',
  run: `/runs/${failed}`,
  jobs: '/jobs',
  job: '/jobs/backup',
  schedules: '/schedules',
  schedule: '/schedules/nightly',
  queue: '/queue',
  audit: '/audit',
  logs: '/logs',
  scorecard: '/scorecard',
  people: '/people',
  chat: '/chat',
  approve: `/runs/${heavy}/approve`,
};

const asked = process.argv.slice(2);
const isWanted = (name: string, look: string): boolean =>
  asked.length === 0 ? SHOWN.includes(`${name}-${look}`) : asked.includes(name);
await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: await unpackChromium(), args: ['--no-sandbox'] });
for (const [look, options] of Object.entries({
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
} as const)) {
  const context = await browser.newContext({ ...options, deviceScaleFactor: 1 });
  const page = await context.newPage();
  await page.goto(`${scene.url}/login`);
  if (isWanted('login', look)) await page.screenshot({ path: place('login', look) });
  await page.click('button[value=bob]');
  for (const [name, path] of Object.entries(PAGES)) {
    if (!isWanted(name, look)) continue;
    if (name === 'job') await sitDown(page, 'ana');
    const answer = await page.goto(scene.url + path);
    if (answer?.status() !== 200) throw new Error(`${path} answers ${answer?.status()}`);
    if ((await page.locator('#live-state').count()) > 0) await page.locator('.live.on').waitFor();
    await page.screenshot({ path: place(name, look), fullPage: true });
    if (name === 'job') await sitDown(page, 'bob');
  }
  await context.close();
}
await browser.close();
await scene.stop();

async function sitDown(page: Page, seat: string): Promise<void> {
  await page.goto(`${scene.url}/login`);
  await page.click(`button[value=${seat}]`);
}

function place(name: string, look: string): string {
  return new URL(`${name}-${look}.png`, FOLDER).pathname;
}
