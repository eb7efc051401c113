import { existsSync, rmSync } from 'node:fs';
import { setTimeout as timer } from 'node:timers/promises';
import type { Target } from '../../src/core/jobs/job.ts';
import { executors } from '../../src/worker/executors/executors.ts';
import { loopback } from '../worker/loopback.ts';
import { requestOf, until, workbench } from '../worker/workbench.ts';
import { executorContract } from './executor.contract.ts';

const bench = await workbench();
const minute = 60_000;
const options = { baseDir: bench.folder, environment: {}, graceMs: 1000 };

executorContract('command', async () => {
  const begun = bench.path('begun');
  rmSync(begun, { force: true });
  const job = async (source: string, timeoutMs = minute) => {
    const script = await bench.script(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(begun)}, ''); ${source}`,
    );
    return requestOf({
      target: { kind: 'command', command: [process.execPath, script], env: [] },
      timeoutMs,
    });
  };
  return {
    executor: executors(options).command,
    succeeding: await job(`console.log('done')`),
    failing: await job(`console.log('disk full'); process.exit(1)`),
    endless: await job('setInterval(() => {}, 1000)'),
    late: await job('setInterval(() => {}, 1000)', 200),
    talkative: await job(`console.log('a line of many\\n'.repeat(100_000))`),
    underWay: () => until('the job has begun', () => existsSync(begun)),
    hasBegun: () => existsSync(begun),
  };
});

let requests = 0;
const server = await loopback((request, response) => {
  requests += 1;
  if (request.url === '/fail') response.writeHead(500).end('broken');
  else if (request.url === '/large') response.end('a line of many\n'.repeat(100_000));
  else if (request.url === '/endless') response.write('begun');
  else response.end('done');
});

const httpJob = (path: string, timeoutMs = minute) =>
  requestOf({ target: { kind: 'http', method: 'POST', url: `${server}${path}`, headers: {} }, timeoutMs });

executorContract('http', async () => {
  requests = 0;
  return {
    executor: executors(options).http,
    succeeding: httpJob('/done'),
    failing: httpJob('/fail'),
    endless: httpJob('/endless'),
    late: httpJob('/endless', 200),
    talkative: httpJob('/large'),
    underWay: () => until('the request has arrived', () => requests > 0),
    hasBegun: () => requests > 0,
  };
});

const demoJob = (
  behaviour: NonNullable<Extract<Target, { kind: 'demo' }>['behaviour']>,
  timeoutMs = minute,
) => requestOf({ target: { kind: 'demo', behaviour }, timeoutMs });

executorContract('demo', async () => {
  let waits = 0;
  const sleep = async (ms: number, signal: AbortSignal) => {
    waits += 1;
    // A step of the endless demo lasts as long as the test; what is shorter than a second is over at once.
    await (ms < 1000 ? Promise.resolve() : timer(minute, undefined, { signal }));
  };
  return {
    executor: executors({ ...options, sleep }).demo,
    succeeding: demoJob('succeed'),
    failing: demoJob('flaky'),
    endless: demoJob('slow'),
    late: demoJob('slow', 200),
    underWay: () => until('the demo waits', () => waits > 0),
    hasBegun: () => waits > 0,
  };
});
