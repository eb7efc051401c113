import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../src/core/ports/observe.ts';
import { startPing } from '../../src/scheduler/ping.ts';
import { until } from '../worker/workbench.ts';

/** A program that counts who calls, and rings when nobody does. */
const startWatchman = async () => {
  const calls: string[] = [];
  let mood: 'well' | 'ill' | 'rude' = 'well';
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (mood === 'rude') request.socket.destroy();
    else response.writeHead(mood === 'well' ? 200 : 503).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    calls,
    is: (next: typeof mood) => {
      mood = next;
    },
    /** It is called once more. */
    hears: async () => {
      const before = calls.length;
      await until('a ping', () => Promise.resolve(calls.length > before + 1));
    },
  };
};

const pinging = (url: () => string | undefined, now: () => Promise<number> = () => Promise.resolve(0)) => {
  const faults: unknown[] = [];
  const observe = (one: Observation): void => {
    if (one.kind === 'loop_faulted') faults.push(one.error);
  };
  const running = startPing({ url, now, observe, everyMs: 1 });
  onTestFinished(() => running.stop());
  return { running, faults: () => faults.map((fault) => (fault instanceof Error ? fault.message : fault)) };
};

test('whoever watches is called for as long as somebody looks at the timetable, and not afterwards', async () => {
  const watchman = await startWatchman();
  const { running, faults } = pinging(() => `http://${watchman.host}/4711-secret`);
  await watchman.hears();
  await watchman.hears();
  expect(new Set(watchman.calls)).toEqual(new Set(['GET /4711-secret']));
  await running.stop();
  const { length } = watchman.calls;
  await new Promise((resolve) => setImmediate(resolve));
  expect(watchman.calls).toHaveLength(length);
  expect(faults()).toEqual([]);
});

test('nobody is called where nobody is named, and a name that comes later counts', async () => {
  const watchman = await startWatchman();
  let url: string | undefined;
  let asked = 0;
  pinging(() => {
    asked += 1;
    return url;
  });
  await until('it was looked', () => Promise.resolve(asked > 2));
  expect(watchman.calls).toEqual([]);
  url = `http://${watchman.host}/late`;
  await watchman.hears();
});

test('who is alive but has no database is as good as dead', async () => {
  const watchman = await startWatchman();
  let tried = 0;
  const { faults } = pinging(
    () => `http://${watchman.host}/x`,
    () => {
      tried += 1;
      return Promise.reject(new Error('no database'));
    },
  );
  await until('it was tried', () => Promise.resolve(tried > 0 && faults().length > 0));
  expect(watchman.calls).toEqual([]);
  expect(faults()[0]).toBe('no database');
});

test.each([
  ['ill', 'answered the ping with 503'],
  ['rude', 'did not answer the ping'],
] as const)(
  'a watchman that is %s is told of once, without what is secret of its address',
  async (mood, words) => {
    const watchman = await startWatchman();
    watchman.is(mood);
    const { faults } = pinging(() => `http://${watchman.host}/4711-secret`);
    await until('it was told', () => Promise.resolve(faults().length > 0));
    await watchman.hears();
    await watchman.hears();
    expect(faults()).toEqual([`${watchman.host} ${words}`]);
    watchman.is('well');
    await watchman.hears();
    watchman.is(mood);
    await until('it was told again', () => Promise.resolve(faults().length === 2));
  },
);
