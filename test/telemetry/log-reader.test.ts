import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { logObservations } from '../../src/telemetry/log.ts';
import { logReader } from '../../src/telemetry/log-reader.ts';

const twoPm = Date.UTC(2026, 10, 20, 14, 2, 41, 410);

test('what was written is read back, the newest last, with what went wrong on the same line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'textops-reader-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'textops.log');
  const observe = logObservations({
    level: 'info',
    format: 'pretty',
    secrets: [],
    version: '1.2.0',
    component: 'textops',
    destination: { write: () => undefined },
    file,
    now: () => twoPm,
  });
  observe({ kind: 'lease_lost', runId: 'K7M2QX', workerId: 'w1' });
  observe({ kind: 'loop_faulted', loop: 'sender', error: new Error('broken\u0007') });
  const reader = logReader(file);
  const lost = {
    at: twoPm,
    level: 'warn',
    runId: 'K7M2QX',
    event: 'lease.lost',
    words: 'run K7M2QX: w1 lost its lease',
  };
  expect(await reader.newest({ count: 5 })).toEqual([
    lost,
    {
      at: twoPm,
      level: 'error',
      event: 'loop.faulted',
      words: 'sender met a fault and goes on (Error: broken\uFFFD)',
    },
  ]);
  expect(await reader.newest({ count: 5, runId: 'K7M2QX' })).toEqual([lost]);
});
