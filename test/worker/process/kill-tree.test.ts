import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runProcess } from '../../../src/worker/process/run-process.ts';
import { isAlive, listening, OWN_PID, pidIn, until, workbench } from '../workbench.ts';
import { processRuns } from './process-runs.ts';

const bench = await workbench();
const { specOf, run } = processRuns(bench);

/** Starts a grandchild that outlives everything it can; `detached` gives it a session of its own. */
const parentOf = (
  pidFile: string,
  how: { readonly detached: boolean; readonly stdio: string },
  then: string,
) => `
  import { spawn } from 'node:child_process';
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(GRANDCHILD)}, ${JSON.stringify(pidFile)}],
    { detached: ${how.detached}, stdio: ['ignore', '${how.stdio}', '${how.stdio}'] });
  child.unref();
  ${then}`;

const GRANDCHILD = `process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {});
  require('node:fs').writeFileSync(process.argv[1], ${OWN_PID}); setTimeout(() => {}, 60_000);`;

const STAY = 'setInterval(() => {}, 1000);';
const WHEN_WRITTEN = (pidFile: string, then: string) => `
  import { existsSync } from 'node:fs';
  const look = setInterval(() => { if (existsSync(${JSON.stringify(pidFile)})) { clearInterval(look); ${then} } }, 10);`;

describe('the whole tree', () => {
  test('a grandchild that keeps the pipe does not keep the run, and ends with it', async () => {
    const pidFile = bench.path('keeper.pid');
    const then = WHEN_WRITTEN(pidFile, `console.log('done'); process.exit(0);`);
    const began = performance.now();
    const { outcome } = await run(parentOf(pidFile, { detached: false, stdio: 'inherit' }, then), {
      drainMs: 200,
    });
    expect(outcome).toMatchObject({ kind: 'succeeded', summary: 'done' });
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(isAlive(await pidIn(pidFile))).toBe(false);
  });

  test('cancel kills the child and a grandchild that ignores TERM', async () => {
    const pidFile = bench.path('stubborn.pid');
    const { abort, hooks } = listening();
    const source = parentOf(pidFile, { detached: false, stdio: 'inherit' }, STAY);
    const running = runProcess(specOf([await bench.script(source)], { graceMs: 300 }), hooks);
    const grandchild = await pidIn(pidFile);
    abort.abort('canceled');
    expect(await running).toMatchObject({ reason: 'canceled', summary: 'canceled', signal: 'SIGTERM' });
    expect(isAlive(grandchild)).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'a grandchild in a session of its own dies with the timeout',
    async () => {
      const pidFile = bench.path('session.pid');
      const { outcome } = await run(parentOf(pidFile, { detached: true, stdio: 'ignore' }, STAY), {
        timeoutMs: 3000,
        graceMs: 300,
      });
      expect(outcome).toMatchObject({ reason: 'timeout' });
      expect(isAlive(await pidIn(pidFile))).toBe(false);
    },
  );

  test.runIf(process.platform === 'linux')('a daemon whose parent is gone is found by its mark', async () => {
    const pidFile = bench.path('daemon.pid');
    // The middle process starts the daemon in a session of its own and ends: nothing but the mark leads to it.
    const middle = await bench.script(
      parentOf(pidFile, { detached: true, stdio: 'ignore' }, WHEN_WRITTEN(pidFile, 'process.exit(0);')),
    );
    const gone = bench.path('middle.gone');
    const source = `import { spawnSync } from 'node:child_process'; import { writeFileSync } from 'node:fs';
      spawnSync(process.execPath, [${JSON.stringify(middle)}]);
      writeFileSync(${JSON.stringify(gone)}, ''); ${STAY}`;
    const { abort, hooks } = listening();
    const running = runProcess(specOf([await bench.script(source)], { graceMs: 300 }), hooks);
    const daemon = await pidIn(pidFile);
    await until('the middle process is gone', () => existsSync(gone));
    expect(isAlive(daemon)).toBe(true);
    abort.abort('lease_lost');
    expect(await running).toMatchObject({ reason: 'lease_lost' });
    expect(isAlive(daemon)).toBe(false);
  });

  test('a run leaves alone what it did not start', async () => {
    const bystanderFile = bench.path('bystander.pid');
    const other = listening();
    const source = `require('node:fs').writeFileSync(${JSON.stringify(bystanderFile)}, ${OWN_PID}); ${STAY}`;
    const beside = runProcess(specOf(['-e', source]), other.hooks);
    const bystander = await pidIn(bystanderFile);
    await run(STAY, { timeoutMs: 300, graceMs: 300 });
    expect(isAlive(bystander)).toBe(true);
    other.abort.abort('interrupted');
    expect(await beside).toMatchObject({ reason: 'interrupted' });
  });
});
