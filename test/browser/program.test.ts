import { expect, onTestFinished, test } from 'vitest';
import { freshFolder, startProgram } from '../e2e/program.ts';
import { freePort } from '../free-port.ts';
import { openChromium, sitDown } from './chromium.ts';

test('a page outlives the program: it says that it waits, and then misses nothing', async () => {
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const folder = await freshFolder();
  const env = { HTTP_PORT: String(await freePort()) };
  const program = await startProgram(folder, env);
  interface Answered {
    readonly runId: string;
    readonly events: readonly unknown[];
  }
  const call = async (path: string, json?: object): Promise<Answered> => {
    const sent = json && { method: 'POST', body: JSON.stringify(json) };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(program.url + path, { ...sent, headers });
    return (await answer.json()) as Answered;
  };
  const say = (from: string, body: string) => call('/dev/inbound', { from, conversation: 'ops', body });
  const { runId } = await say('ana', 'run hello name=again');
  const { page, complaints } = await sitDown(browser, program, 'bob');
  await page.goto(`/runs/${runId}`);
  await page.locator('.live.on').waitFor();
  await program.kill();
  await page.getByText('reconnecting').waitFor();
  await startProgram(folder, env);
  await say('bob', `yes ${runId}`);
  await page.locator('main .state', { hasText: 'succeeded' }).waitFor();
  await page.locator('.live.on').waitFor();
  const { events } = await call(`/runs/${runId}`);
  const numbers = await page.locator('.events tbody tr td:first-child').allTextContents();
  expect(numbers).toEqual(events.map((_, index) => String(index + 1)));
  expect(numbers.length).toBeGreaterThanOrEqual(6);
  expect(complaints).toEqual([]);
});
