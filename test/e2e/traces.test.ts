import { describe, expect, onTestFinished, test } from 'vitest';
import { OtlpTraces, type SeenSpan, spansOf, startCollector } from '../fakes/otlp-collector.ts';
import { freshFolder, type Program, runThatIs, say, startProgram, until } from './program.ts';
import { textops } from './textops.ts';

const collector = async (mood?: Parameters<typeof startCollector>[0]) => {
  const started = await startCollector(mood);
  onTestFinished(() => started.close());
  return started;
};

/** Its first attempt fails, and its second one takes a moment. */
const YAML = `
jobs:
  wobbly:
    command: ["sh", "-c", "test -e done && sleep 0.2 && exit 0; touch done; exit 3"]
    effects: idempotent
    retry: { attempts: 3, backoff: 100ms }
`;

const started = async (url: string, folder: string) =>
  startProgram(folder, { OTEL_EXPORTER_OTLP_ENDPOINT: url });

const asked = async (program: Program): Promise<string> => {
  const { runId } = await say(program, 'run wobbly');
  if (runId === null) throw new Error('nothing was asked for');
  return runId;
};

describe('a run that is asked for, approved, retried and told about', () => {
  test('is one trace, in which nothing is longer than its work', async () => {
    const { url, spans, faults } = await collector();
    const folder = await freshFolder(YAML);
    const program = await started(url, folder);
    const runId = await asked(program);
    const named = (name: string): SeenSpan | undefined => spans.find((span) => span.name === name);
    await until(() => named('process run'), 10_000);
    // Whoever was asked thinks about it; the span of the question has arrived long since.
    const thinkingMs = Date.now();
    await say(program, `yes ${runId}`);
    await runThatIs(program, runId, 'Succeeded');
    await until(() => named('send result'), 10_000);
    await say(program, `status ${runId}`);
    expect(await program.stop()).toBe(0);
    expect(faults).toEqual([]);

    const root = named('receive dev');
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root?.traceId]));
    const parents = spans.map(
      ({ name, parentId }) =>
        `${name} < ${spans.find(({ spanId }) => spanId === parentId)?.name ?? 'nobody'}`,
    );
    expect(parents.toSorted()).toEqual([
      'exec wobbly < process wobbly attempt 1',
      'exec wobbly < process wobbly attempt 2',
      'process Status < receive dev',
      'process approve < receive dev',
      'process run < receive dev',
      'process wobbly attempt 1 < receive dev',
      'process wobbly attempt 2 < receive dev',
      'publish dispatch < process approve',
      'receive dev < nobody',
      'send result < receive dev',
    ]);
    expect(spans.filter(({ startMs, endMs }) => startMs <= thinkingMs && thinkingMs <= endMs)).toEqual([]);
    const took = ({ startMs, endMs }: SeenSpan): number => endMs - startMs;
    // Of the waits for people and for the retry none is in a span; the job itself sleeps for 0.2 s.
    const long = spans.filter((span) => took(span) > (span.name.includes('wobbly') ? 10_000 : 2_000));
    expect(long).toEqual([]);
    const approve = named('process approve');
    expect(approve?.attributes).toMatchObject({
      'textops.decision': 'approved',
      'enduser.id': 'user:dev:ana',
    });
    expect(approve?.attributes['textops.wait_s']).toBeCloseTo(
      ((approve?.startMs ?? 0) - (root?.startMs ?? 0)) / 1000,
      1,
    );
    const [first, second] = [named('process wobbly attempt 1'), named('process wobbly attempt 2')];
    expect(first).toMatchObject({ failed: true, attributes: { 'error.type': 'exit' } });
    expect(named('exec wobbly')?.attributes).toMatchObject({ 'process.exit.code': 3 });
    expect(second).toMatchObject({ failed: false, links: [first?.spanId] });
    expect((second?.endMs ?? 0) - (second?.startMs ?? 0)).toBeGreaterThanOrEqual(200);
    expect(second?.startMs).toBeGreaterThan(first?.endMs ?? Number.POSITIVE_INFINITY);
  });

  test.each([
    ['one trace', 'one', 1],
    // The request, the decision, two attempts, the answer.
    ['a trace for each phase', 'linked', 5],
  ])('is told the same by its history, without any backend, as %s', async (_, mode, traces) => {
    const { url, spans } = await collector();
    const folder = await freshFolder(`${YAML}otel: { trace_mode: ${mode} }\n`);
    const program = await started(url, folder);
    const runId = await asked(program);
    await say(program, `yes ${runId}`);
    await runThatIs(program, runId, 'Succeeded');
    await until(() => spans.find(({ name }) => name === 'send result'), 10_000);
    await program.stop();
    const database = 'file:./data/textops.db';
    const { code, out } = await textops(folder, database, 'trace', runId, '--json');
    expect(code).toBe(0);
    const remembered = spansOf(OtlpTraces.parse(JSON.parse(out)));
    const graph = (all: readonly SeenSpan[]) =>
      all
        // What only the process measured is not stored.
        .filter(({ name }) => name !== 'exec wobbly')
        .map(({ traceId, spanId, parentId, name, links, attributes }) => ({
          traceId,
          spanId,
          parentId,
          name,
          links,
          attributes,
        }))
        .toSorted((a, b) => a.spanId.localeCompare(b.spanId));
    expect(graph(remembered)).toEqual(graph(spans));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(traces);
    const tree = await textops(folder, database, 'trace', runId);
    expect(tree.out).toContain(
      `trace ${remembered.find(({ name }) => name === 'receive dev')?.traceId ?? ''}  run ${runId}\n└─ receive dev`,
    );
    expect(tree.out).toMatch(/├─ process wobbly attempt 2 .*link→process wobbly attempt 1/);
  });
});

describe('a collector', () => {
  test.each(['deaf', 'busy'] as const)('that is %s costs spans and nothing else', async (mood) => {
    const { url, requests } = await collector(mood);
    const folder = await freshFolder(YAML);
    const program = await started(url, folder);
    const runId = await asked(program);
    await say(program, `yes ${runId}`);
    await runThatIs(program, runId, 'Succeeded');
    await until(() => requests() > 0, 10_000);
    expect(await program.stop()).toBe(0);
  });

  test('that is not there is in the log, once', async () => {
    const { url, close } = await startCollector();
    await close();
    const folder = await freshFolder(YAML);
    const program = await started(url, folder);
    await asked(program);
    await until(() => program.output().includes('spans were lost'), 20_000);
    await asked(program);
    expect(await program.stop()).toBe(0);
    expect(program.output().split('spans were lost')).toHaveLength(2);
  });
});

/** Says on stderr what of OpenTelemetry is asked for, but for the interface that the metrics' library names by itself. */
const WATCH = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module';" +
    'registerHooks({ resolve(name, context, next) {' +
    "if (/opentelemetry[/](?!api$)/.test(name)) process.stderr.write('LOADS ' + name + '\\n');" +
    'return next(name, context); } });',
)}`;

test.each([
  ['without an endpoint nothing of OpenTelemetry is loaded', {}, false],
  ['with one it is', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, true],
])('%s', async (_, env, loads) => {
  const program = await startProgram(await freshFolder(), { NODE_OPTIONS: `--import ${WATCH}`, ...env });
  await say(program, 'run demo');
  expect(await program.stop()).toBe(0);
  expect(program.output().includes('LOADS @opentelemetry')).toBe(loads);
});
