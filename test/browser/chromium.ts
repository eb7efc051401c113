import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: inject('chromiumPath'), args: ['--no-sandbox'] });

export interface Desk {
  readonly page: Page;
  /** Whatever the browser complained about: a script that failed, a policy that was broken. */
  readonly complaints: readonly string[];
}

/** Somebody with a window of their own, in their seat. */
export const sitDown = async (
  browser: Browser,
  { url }: { readonly url: string },
  seat: string,
  options: BrowserContextOptions = {},
): Promise<Desk> => {
  const context = await browser.newContext({ baseURL: url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A server that goes away on purpose is in the log as well.
    const isGone = /net::ERR_|htmx:sse:error/.test(message.text());
    if (message.type() === 'error' && !isGone) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto('/login');
  await page.click(`button[value=${seat}]`);
  return { page, complaints };
};

/** No violation of WCAG 2.2 AA that a machine can find. */
export const expectAccessible = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly string[]>(FIND);
  expect([name, violations]).toEqual([name, []]);
};

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** For the page, where there is a document. */
const FIND = `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`;
