import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { furnish, openScene } from '../test/browser/scene.ts';
import { unpackChromium } from '../test/setup/chromium.ts';

/** Takes the pictures of docs/console: every page as Bob sees it, in both colours and on a telephone. */
const FOLDER = new URL('../docs/console/', import.meta.url);

const scene = await openScene();
await furnish(scene);
const { runs } = scene.there.store;
const failed = (await runs.list({ status: ['Failed'], limit: 1 })).runs[0]?.state.runId ?? '';
const heavy = (await runs.list({ jobKey: 'db-migrate', limit: 1 })).runs[0]?.state.runId ?? '';

const PAGES: Readonly<Record<string, string>> = {
  overview: '/',
  approvals: '/approvals',
  runs: '/runs',
  run: `/runs/${failed}`,
  jobs: '/jobs',
  job: '/jobs/restart-web',
  schedules: '/schedules',
  queue: '/queue',
  audit: '/audit',
  logs: '/logs',
  people: '/people',
  approve: `/runs/${heavy}/approve`,
};

const only = process.argv.slice(2);
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
  if (only.length === 0 || only.includes('login')) await page.screenshot({ path: place('login', look) });
  await page.click('button[value=bob]');
  for (const [name, path] of Object.entries(PAGES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const answer = await page.goto(scene.url + path);
    if (answer?.status() !== 200) continue;
    await page.waitForSelector('h1', { timeout: 3000 }).catch(async (e) => {
      console.log(name, path, page.url(), await page.content());
      throw e;
    });
    await page.screenshot({ path: place(name, look), fullPage: true });
  }
  await context.close();
}
await browser.close();
await scene.stop();

function place(name: string, look: string): string {
  return new URL(`${name}-${look}.png`, FOLDER).pathname;
}
