import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isPage, judge, PROBATION_MS } from '../../../src/core/flows/ops/standing.ts';
import type { Incident } from '../../../src/core/scorecard/readings.ts';
import { minutes, noon } from '../../cast.ts';

const problem = (name: string, from: number, to?: number): Incident => ({
  kind: 'problem',
  name,
  raisedAt: noon + minutes(from),
  ...(to === undefined ? {} : { clearedAt: noon + minutes(to) }),
});

describe('a release that was started at noon', () => {
  test('is known to be good after ten minutes, and not before', () => {
    expect(PROBATION_MS).toBe(minutes(10));
    expect(judge(noon, noon + minutes(10) - 1, [])).toBe('too_short');
    expect(judge(noon, noon + minutes(10), [])).toBe('known_good');
  });

  test.each([
    ['began with it', problem('failures', 0, 1)],
    ['began just before it was good', problem('failures', 9.9, 10)],
    ['lasts', problem('failures', 3)],
    ['was there before and outlived its probation', problem('failures', -60)],
    ['was there before and ended after it', problem('failures', -60, 30)],
  ])('is in trouble when something %s', (_when, incident) =>
    expect(judge(noon, noon + minutes(60), [incident])).toBe('in_trouble'),
  );

  test.each([
    ['it cured', problem('failures', -60, 2)],
    ['was over before', problem('failures', -60, -50)],
    ['came when it was good already', problem('failures', 10)],
    ['can wait for the morning', problem('dead letters', 3)],
  ])('is known to be good when something %s', (_what, incident) =>
    expect(judge(noon, noon + minutes(60), [incident])).toBe('known_good'),
  );

  test('is in trouble before its time is over, as soon as something pages', () => {
    expect(judge(noon, noon + minutes(2), [problem('no worker', 1)])).toBe('in_trouble');
    expect(judge(noon, noon + minutes(2), [problem('no worker', -5)])).toBe('in_trouble');
    expect(judge(noon, noon + minutes(2), [problem('no worker', -5, 1)])).toBe('too_short');
  });

  test('is in trouble with any channel that is down', () => {
    const down: Incident = { kind: 'channel', name: 'telegram', raisedAt: noon + minutes(1) };
    expect(judge(noon, noon + minutes(60), [down])).toBe('in_trouble');
  });
});

describe('what pages', () => {
  test.each([
    ['failures', 'TextOpsHighFailureRate'],
    ['slow queue', 'TextOpsQueueBackup'],
    ['no worker', 'TextOpsNoLiveWorker'],
    ['late schedules', 'TextOpsSchedulerLag'],
    ['unsent messages', 'TextOpsOutboxStuck'],
    ['lost attempts', 'TextOpsStaleRunning'],
    ['dead letters', 'TextOpsDeadLetters'],
  ])('%s is as urgent as the alert %s', async (name, alert) => {
    const file = new URL('../../../deploy/prometheus/textops-alerts.yml', import.meta.url);
    // The file has a test of its own for its shape.
    const { groups } = parse(await readFile(file, 'utf8')) as {
      groups: { rules: { alert?: string; labels?: { severity: string } }[] }[];
    };
    const rule = groups.flatMap(({ rules }) => rules).find((one) => one.alert === alert);
    expect(rule?.labels?.severity).toBe(isPage({ kind: 'problem', name }) ? 'page' : 'ticket');
  });
});
