import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as readYaml } from 'yaml';
import { z } from 'zod';
import { parse } from '../../src/core/text/grammar/parse.ts';
import { OPS_LIMITS } from '../../src/core/text/ops/ops-limits.ts';
import { problemsOf } from '../../src/core/text/ops/ops-problems.ts';
import { FIXTURES } from '../core/text/ops-fixtures.ts';
import { everything } from '../telemetry/metrics/everything.ts';
import { namesOf } from './exposed-names.ts';
import { metricsIn } from './promql.ts';
import { NO_PROMTOOL, promtool } from './promtool.ts';

const root = resolve(import.meta.dirname, '../..');
const prometheus = join(root, 'deploy/prometheus');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string(),
      rules: z.array(
        z.strictObject({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }).optional(),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
const Tests = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      alert_rule_test: z.array(
        z.object({ eval_time: z.string(), alertname: z.string(), exp_alerts: z.array(z.unknown()) }),
      ),
    }),
  ),
});

const rules = Rules.parse(readYaml(await read('deploy/prometheus/textops-alerts.yml'))).groups.flatMap(
  (group) => group.rules,
);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const page = await read('docs/operations.md');

/** What stands under a heading of the third level, up to the next heading. */
const sectionOf = (alert: string): string | undefined =>
  new RegExp(`^### ${alert}\\n([\\s\\S]*?)(?=^#)`, 'm').exec(page)?.[1];

test('there are thirteen rules, of which twelve are alerts', () => {
  expect(rules.length).toBe(13);
  expect(alerts.length).toBe(12);
});

test('every metric that a rule asks for is one that /metrics has', async () => {
  const exposed = namesOf(await everything());
  const recorded = rules.flatMap(({ record }) => record ?? []);
  const asked = rules.flatMap(({ expr }) => metricsIn(expr));
  expect(asked.length).toBeGreaterThan(12);
  expect(asked.filter((name) => name !== 'up' && !recorded.includes(name) && !exposed.has(name))).toEqual([]);
});

describe.each(alerts.map(({ alert = '', ...rule }) => ({ ...rule, alert })))(
  '$alert',
  ({ alert, ...rule }) => {
    test('says how urgent it is, and where to read on', () => {
      expect(rule.labels?.severity).toMatch(/^(?:page|ticket)$/);
      expect(rule.annotations?.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    });

    test('has a section that names something to do, in words that the program knows', () => {
      const section = sectionOf(alert) ?? '';
      const spans = [...section.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
      const said = spans.filter((span) => span.startsWith('/') && span !== '/health');
      expect(spans.length).toBeGreaterThan(0);
      // The commands of the shell are compared with the command line by the test of the documentation.
      expect(said.map((words) => [words, parse(words.replaceAll('ID', 'K7M2QX')).type])).toEqual(
        said.map((words) => [words, expect.not.stringMatching(/^(?:Unknown|Unreadable|Chatter)$/)]),
      );
    });

    test('has a test in which it fires and one in which it does not', async () => {
      const { tests } = Tests.parse(readYaml(await read('deploy/prometheus/textops-alerts.test.yml')));
      const cases = tests.flatMap((each) => each.alert_rule_test).filter((each) => each.alertname === alert);
      expect(cases.some(({ exp_alerts: expected }) => expected.length > 0)).toBe(true);
      expect(cases.some(({ exp_alerts: expected }) => expected.length === 0)).toBe(true);
    });
  },
);

/** Which problem of the board an alert is about; the others are none of what the board can see. */
const ON_THE_BOARD: Readonly<Record<string, string>> = {
  TextOpsHighFailureRate: 'failures',
  TextOpsQueueBackup: 'slow queue',
  TextOpsNoLiveWorker: 'no worker',
  TextOpsStaleRunning: 'lost attempts',
  TextOpsSchedulerLag: 'late schedules',
  TextOpsChannelDown: 'channel telegram',
  TextOpsOutboxStuck: 'unsent messages',
  TextOpsDeadLetters: 'dead letters',
};

describe('an alert and the board', () => {
  const problems = problemsOf(FIXTURES['everything at once']);
  const exprOf = (alert: string): string => alerts.find((rule) => rule.alert === alert)?.expr ?? '';

  test.each(Object.entries(ON_THE_BOARD))('%s begins with the command that treats "%s"', (alert, name) => {
    const cure = problems.find((problem) => problem.name === name)?.cure.replace(/\b[0-9A-Z]{6}\b/, 'ID');
    const [, first] = /`((?:\/|textops )[^`\n]+)`/.exec(sectionOf(alert) ?? '') ?? [];
    expect(cure).toBeDefined();
    expect(first).toBe(cure);
  });

  test('know the same problems, but for what people do on purpose, and what the bot itself tells', () => {
    const rung = new Set(Object.values(ON_THE_BOARD));
    const names = problems.map(({ name }) => name.replace(/^channel \w+$/, 'channel telegram'));
    const others = names.filter((name) => !rung.has(name));
    expect([...new Set(others)]).toEqual(['frozen', 'switched off', 'paused', 'silence']);
  });

  test.each([
    ['TextOpsQueueBackup', OPS_LIMITS.oldestReadyMs],
    ['TextOpsSchedulerLag', OPS_LIMITS.scheduleLateMs],
    ['TextOpsOutboxStuck', OPS_LIMITS.outboxAgeMs],
    ['TextOpsBackupStale', OPS_LIMITS.backupAgeMs],
  ])('%s rings from when on the board shows it', (alert, limitMs) => {
    const [, limit] = / > (\d+)\s/.exec(`${exprOf(alert)}\n`) ?? [];
    expect(Number(limit) * 1000).toBe(limitMs);
  });

  test('mind the same share of failures, and a silent worker not before the board does', () => {
    const failures = exprOf('TextOpsHighFailureRate');
    expect(failures).toContain(`> ${OPS_LIMITS.failedShare}\n`);
    expect(failures).toContain(`>= ${OPS_LIMITS.endedMin}`);
    const [, silent] = / > (\d+)\)/.exec(exprOf('TextOpsNoLiveWorker')) ?? [];
    expect(Number(silent) * 1000).toBeGreaterThan(OPS_LIMITS.workerBeatMs);
  });
});

test('a page without an anchor, or a command that nobody knows, would be noticed', () => {
  expect(sectionOf('TextOpsNothing')).toBeUndefined();
  expect(parse('/rollbakc K7M2QX').type).toBe('Unknown');
});

test.for([
  ['check rules', ['check', 'rules', 'textops-alerts.yml'], 'SUCCESS: 13 rules found'],
  ['test rules', ['test', 'rules', 'textops-alerts.test.yml'], 'SUCCESS'],
  ['check config', ['check', 'config', 'prometheus.yml'], 'SUCCESS'],
] as const)('promtool %s passes, where there is one', { timeout: 60_000 }, ([, args, says], { skip }) => {
  const said = promtool(args, { cwd: prometheus });
  skip(said === undefined, NO_PROMTOOL);
  expect(said?.text).toContain(says);
  expect(said?.code).toBe(0);
});
