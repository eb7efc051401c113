import { describe, expect, onTestFinished, test } from 'vitest';
import { STREAMS_MAX } from '../../../src/web/console/live.ts';
import { startWeb } from '../../../src/web/server.ts';
import type { World } from '../world.ts';
import { type Browser, consoleWorld, seated } from './browser.ts';

interface Watching {
  /** What has been said so far. */
  readonly heard: () => string;
  /** Ends with the stream. */
  readonly ended: Promise<void>;
  readonly hangUp: () => void;
}

const served = async (there: World): Promise<string> => {
  const server = await startWeb({ app: there.app, host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.stop();
    await there.store.close();
  });
  return server.url;
};

const watch = async (url: string, { cookies }: Browser, path = '/live'): Promise<Watching> => {
  const hanging = new AbortController();
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url + path, {
    headers: { accept: 'text/event-stream', cookie },
    signal: hanging.signal,
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  let heard = '';
  const listen = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) heard += decoder.decode(chunk, { stream: true });
  };
  return {
    heard: () => heard,
    ended: listen().catch((error: unknown) => {
      if (!hanging.signal.aborted) throw error;
    }),
    hangUp: () => hanging.abort(),
  };
};

describe('pages that are kept live', () => {
  test('are four for each person: one more ends the oldest, and tells it not to come back', async () => {
    const there = await consoleWorld();
    const url = await served(there);
    const [bob, cho] = [await seated(there, 'bob'), await seated(there, 'cho')];
    const other = await watch(url, cho);
    const pages: Watching[] = [];
    for (let count = 0; count < STREAMS_MAX; count += 1) pages.push(await watch(url, bob));
    expect(pages.map(({ heard }) => heard())).toEqual(['', '', '', '']);
    pages.push(await watch(url, bob));
    await pages[0]?.ended;
    expect(pages[0]?.heard()).toBe('event: full\ndata: more than 4 pages are open\n\n');
    await there.say('run backup');
    for (const page of [...pages.slice(1), other]) await expect.poll(page.heard).toContain('event: moved');
    expect(pages.slice(1).map(({ heard }) => heard().includes('full'))).toEqual([false, false, false, false]);
    for (const page of [...pages, other]) page.hangUp();
  });

  test('count those of a run as well, and none that was closed', async () => {
    const there = await consoleWorld();
    const url = await served(there);
    const runId = String((await there.say('run backup')).json.runId);
    const bob = await seated(there, 'bob');
    const kept = await watch(url, bob, `/runs/${runId}/live?after=2`);
    for (let count = 0; count < 3 * STREAMS_MAX; count += 1) {
      const page = await watch(url, bob);
      page.hangUp();
      await page.ended;
    }
    await there.say(`yes ${runId}`, { from: 'bob' });
    await expect.poll(kept.heard).toContain('id: 3\n');
    expect(kept.heard()).not.toContain('full');
    kept.hangUp();
  });

  test('end with the session', async () => {
    const there = await consoleWorld();
    const url = await served(there);
    const bob = await seated(there, 'bob');
    const page = await watch(url, bob);
    await bob.send('/', '/logout');
    await there.say('run backup');
    await page.ended;
    expect(page.heard()).toBe('');
  });
});
