import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { everything } from '../telemetry/metrics/everything.ts';
import { consoleWorld, seated } from '../web/console/browser.ts';
import { namesOf } from './exposed-names.ts';
import { metricsIn } from './promql.ts';
import { NO_PROMTOOL, promtool } from './promtool.ts';

const file = resolve(import.meta.dirname, '../../deploy/grafana/dashboards/textops.json');

const Target = z.object({ expr: z.string() });
const Link = z.object({ title: z.string(), url: z.string() });
const Panel = z.object({
  id: z.number(),
  title: z.string(),
  type: z.string(),
  description: z.string().optional(),
  links: z.array(Link).optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }).optional(),
  targets: z.array(Target).optional(),
});
const Dashboard = z.object({
  uid: z.literal('textops'),
  title: z.string(),
  links: z.array(Link),
  panels: z.array(Panel.extend({ collapsed: z.boolean().optional(), panels: z.array(Panel).optional() })),
  templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string().optional() })) }),
  annotations: z.object({ list: z.array(Target) }),
});

const dashboard = Dashboard.parse(JSON.parse(await readFile(file, 'utf8')));
const shown = dashboard.panels.filter(({ type }) => type !== 'row');
const panels = [...shown, ...dashboard.panels.flatMap(({ panels: inner = [] }) => inner)];

/** As Grafana would send them. */
const expressions = [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }) => expr),
].map((expr) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*'));

test('there are twelve panels in three rows, and the process itself in a fourth that is closed', () => {
  const rows = dashboard.panels.filter(({ type }) => type === 'row');
  expect(shown.length).toBe(12);
  expect(rows.map(({ title, collapsed }) => [title, collapsed])).toEqual([
    ['Verdict', false],
    ['Flow', false],
    ['Machinery', false],
    ['Process', true],
  ]);
  const ids = dashboard.panels.flatMap(({ id, panels: inner = [] }) => [id, ...inner.map((each) => each.id)]);
  expect(new Set(ids).size).toBe(ids.length);
});

/** Written down by hand: which page of the console one opens to do something about it. */
const PAGES: Readonly<Record<string, string>> = {
  'Firing alerts': '/',
  'Runs that wait for people': '/approvals',
  'Oldest due entry': '/queue',
  'Success in 24 hours': '/runs?status=Failed',
  'Runs finished': '/runs',
  'From the question to the decision': '/approvals',
  'From the decision to the start': '/queue',
  'Duration of attempts': '/runs?status=Running',
  Queues: '/queue',
  Workers: '/queue',
  Timetable: '/schedules',
  Channels: '/',
  'HTTP requests': '/logs?level=warn',
  Database: '/logs?level=warn',
  'Event loop': '/queue',
  Memory: '/queue',
  'Messages that came again': '/logs?level=warn',
  Breakers: '/queue',
  'Attempts per run': '/runs?status=Failed',
  'Duration by worker process': '/runs?status=Running',
  'Handling of messages': '/logs?level=warn',
};

test.each(panels.map((panel) => [panel.title, panel] as const))(
  '"%s" has a unit, a description, and a link to the page of the console that is about it',
  async (title, { fieldConfig, description, links = [] }) => {
    expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(description).toMatch(/\.$/);
    expect(links.map(({ url }) => url)).toEqual([`\${textops}${PAGES[title]}`]);
    const ana = await seated(await consoleWorld(), 'ana');
    const { status, text } = await ana.get(PAGES[title] ?? '');
    expect([status, /<a href="([^"]*)" aria-current="page">/.exec(text)?.[1]]).toEqual([
      200,
      PAGES[title]?.split('?')[0],
    ]);
  },
);

test('the dashboard itself leads to the console', () => {
  expect(dashboard.links.map(({ url }) => url)).toEqual(['${textops}/']);
});

/** Prometheus' own; it says which alerts fire. */
const OF_PROMETHEUS = 'ALERTS';

test('every metric that it asks for is one that /metrics has', async () => {
  const exposed = namesOf(await everything());
  const asked = expressions.flatMap(metricsIn);
  expect(asked.length).toBeGreaterThan(25);
  expect(asked.filter((name) => name !== OF_PROMETHEUS && !exposed.has(name))).toEqual([]);
});

test('what is no expression, or no metric, would be noticed', async () => {
  expect(() => metricsIn('sum by (le (rate(x[5m]))')).toThrow(/no PromQL/);
  expect(metricsIn('histogram_quantile(0.9, sum by (le) (rate(a_bucket{x=~".*"}[1h]))) > b')).toEqual([
    'a_bucket',
    'b',
  ]);
  expect(namesOf(await everything()).has('textops_runs_finished')).toBe(false);
});

test('every variable that it uses is one that it has', async () => {
  const text = await readFile(file, 'utf8');
  const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
  const own = dashboard.templating.list.map(({ name }) => name);
  expect([...new Set(used)].filter((name) => !own.includes(name))).toEqual([]);
  expect(own.filter((name) => !used.includes(name))).toEqual([]);
});

test('promtool takes every expression, where there is one', async ({ skip }) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-dashboard-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const rules = expressions.map((expr, index) => ({ record: `textops:panel:${index}`, expr }));
  await writeFile(join(folder, 'panels.yml'), stringify({ groups: [{ name: 'dashboard', rules }] }));
  const said = promtool(['check', 'rules', 'panels.yml'], { cwd: folder });
  skip(said === undefined, NO_PROMTOOL);
  expect(said?.text).toContain(`SUCCESS: ${rules.length} rules found`);
  expect(said?.code).toBe(0);
});
