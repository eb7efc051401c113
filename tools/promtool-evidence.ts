import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { everything } from '../test/telemetry/metrics/everything.ts';

// Runs promtool over everything that is for Prometheus, and keeps what it says in deploy/prometheus/promtool.txt: for whoever
// has no promtool and wants to know. Ends with 1 when something is wrong.

const folder = join(import.meta.dirname, '../deploy/prometheus');
const dashboard = join(import.meta.dirname, '../deploy/grafana/dashboards/textops.json');

interface Panel {
  readonly targets?: readonly { readonly expr: string }[];
  readonly panels?: readonly Panel[];
}

const expressionsOf = ({ targets = [], panels = [] }: Panel): readonly string[] => [
  ...targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*')),
  ...panels.flatMap(expressionsOf),
];

const ask = (args: readonly string[], input = '') => {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, {
    cwd: folder,
    input,
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new Error('promtool is not installed; Debian has it in the package prometheus');
  return { code: status, text: `${stdout}${stderr}`.trim() };
};

const scratch = await mkdtemp(join(tmpdir(), 'textops-promtool-'));
try {
  // Our own file.
  const shown = expressionsOf(JSON.parse(await readFile(dashboard, 'utf8')) as Panel);
  const rules = shown.map((expr, index) => ({ record: `textops:panel:${index}`, expr }));
  const panels = join(scratch, 'dashboard-expressions.yml');
  await writeFile(panels, stringify({ groups: [{ name: 'dashboard', rules }] }));
  const asked = [
    ['promtool --version', ask(['--version'])],
    ['promtool check rules textops-alerts.yml', ask(['check', 'rules', 'textops-alerts.yml'])],
    ['promtool test rules textops-alerts.test.yml', ask(['test', 'rules', 'textops-alerts.test.yml'])],
    ['promtool check config prometheus.yml', ask(['check', 'config', 'prometheus.yml'])],
    ['promtool check rules dashboard-expressions.yml', ask(['check', 'rules', panels])],
    [
      'curl -s http://127.0.0.1:5048/metrics | promtool check metrics',
      ask(['check', 'metrics'], await everything()),
    ],
  ] as const;
  const text = asked.map(
    ([command, { code, text: said }]) => `$ ${command}\n${said === '' ? '' : `${said}\n`}exit ${code}\n`,
  );
  await writeFile(join(folder, 'promtool.txt'), text.join('\n').replaceAll(`${scratch}/`, ''));
  if (asked.some(([, { code }]) => code !== 0)) process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true });
}
