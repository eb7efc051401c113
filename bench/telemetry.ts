import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readLastRecords } from '../src/telemetry/read-log.ts';
import { observe, openDatabases } from './databases.ts';
import { closedLoop, devDoor } from './http-load.ts';
import { type Rounds, rounded, roundsOf, seconds, spreadOf } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { publish, quick } from './report.ts';

// What it costs to tell what happens, and how long whoever asks for it waits. Three programs stand side by side and take short turns, so
// that a noisy moment of the machine meets all of them. One core is the limit, so the CPU time of a message says what is lost.

const CALLERS = 64;
const TURNS = quick ? 3 : 31;
const MESSAGES = 640;
const WARM_UP = quick ? 64 : 2000;

const MODES = ['silent', 'logging', 'logging and tracing'] as const;
type Mode = (typeof MODES)[number];

/** Takes what it is sent and does nothing with it. */
const collector = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

const envOf = (mode: Mode, { port }: AddressInfo): Readonly<Record<string, string>> => ({
  LOG_LEVEL: mode === 'silent' ? 'silent' : 'info',
  ...(mode === 'logging and tracing' ? { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } : {}),
});

/** One program that can be asked for a turn. */
const contestant = async (mode: Mode, url: string, at: AddressInfo) => {
  const program = await startProgram({
    folder: await freshFolder(),
    env: { DATABASE_URL: url, WORKER: 'separate', ...envOf(mode, at) },
  });
  const door = devDoor(program.url, CALLERS);
  let said = 0;
  const say = async (): Promise<void> => {
    said += 1;
    const { runId } = await door.say({ from: 'ana', conversation: `ops-${said % 500}`, body: 'run demo' });
    if (runId === null) throw new Error('a request made no run');
  };
  await closedLoop(CALLERS, WARM_UP, say);
  const turn = async (): Promise<Turn> => {
    const before = await program.cpuMs();
    const load = await closedLoop(CALLERS, MESSAGES, say);
    const cpuUs = ((await program.cpuMs()) - before) * 1000;
    return { perSecond: load.count / seconds(load.ms), cpuUs: cpuUs / load.count };
  };
  const end = async (): Promise<void> => {
    door.close();
    await program.stop();
    await using database = await observe(url);
    const stored = await database.number('select count(*) from runs');
    if (stored !== said) throw new Error(`${said} messages were answered, runs has ${stored} rows`);
  };
  return { mode, turn, end };
};

interface Turn {
  readonly perSecond: number;
  /** Microseconds of CPU for one message. */
  readonly cpuUs: number;
}

interface Cost {
  readonly mode: Mode;
  readonly perSecond: Rounds;
  readonly cpuUs: Rounds;
  /** Of the CPU time of the silent one in the same turn. */
  readonly share: Rounds;
}

const costs = async (): Promise<readonly Cost[]> => {
  await using databases = openDatabases();
  const server = await collector();
  const at = server.address() as AddressInfo;
  const all: Awaited<ReturnType<typeof contestant>>[] = [];
  for (const mode of MODES)
    all.push(await contestant(mode, await databases.fresh('SQLite', await freshFolder()), at));
  const turns = new Map<Mode, Turn[]>(MODES.map((mode) => [mode, []]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    // Nobody is always the first.
    for (let offset = 0; offset < all.length; offset += 1) {
      const one = all[(turn + offset) % all.length];
      if (one !== undefined) turns.get(one.mode)?.push(await one.turn());
    }
  }
  for (const { end } of all) await end();
  server.close();
  const silent = turns.get('silent') ?? [];
  return MODES.map((mode) => {
    const own = turns.get(mode) ?? [];
    return {
      mode,
      perSecond: roundsOf(own.map(({ perSecond }) => perSecond)),
      cpuUs: roundsOf(own.map(({ cpuUs }) => cpuUs)),
      share: roundsOf(own.map(({ cpuUs }, turn) => cpuUs / (silent[turn]?.cpuUs ?? Number.NaN))),
    };
  });
};

const LOG_MB = quick ? 5 : 50;
const READS = quick ? 5 : 50;

const bigLog = async (): Promise<string> => {
  const path = join(await freshFolder(), 'logs', 'textops.log');
  mkdirSync(join(path, '..'), { recursive: true });
  let bytes = 0;
  for (let n = 0; bytes < LOG_MB * 1024 * 1024; ) {
    const lines = Array.from({ length: 1000 }, () => line((n += 1))).join('');
    appendFileSync(path, lines);
    bytes += lines.length;
  }
  return path;
};

/** Of 2000 runs, one after the other and all over again. */
const line = (n: number): string =>
  `${JSON.stringify({
    level: n % 50 === 0 ? 'warn' : 'info',
    time: new Date(1_795_000_000_000 + n * 100).toISOString(),
    service: 'textops',
    version: '0.1.0',
    component: 'start',
    event: n % 50 === 0 ? 'execution.failed' : 'run.created',
    run_id: `K${String(n % 2000).padStart(5, '0')}`,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '00f067aa0ba902b7',
    job: 'backup',
    attempt: null,
    actor: 'user:telegram:123456789',
    worker_id: null,
    channel: null,
    outcome: 'AwaitingApproval',
    duration_ms: null,
    err: null,
    msg: `run ${n} asked for by user:telegram:123456789`,
  })}\n`;

const reading = async (path: string, filter: Parameters<typeof readLastRecords>[2], count: number) => {
  const samples: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const began = performance.now();
    const found = await readLastRecords(path, count, filter);
    samples.push(performance.now() - began);
    if (found.length !== count) throw new Error(`${found.length} records instead of ${count}`);
  }
  return spreadOf(samples);
};

const more = (share: number): number => rounded((share - 1) * 100);

const percent = ({ median, min, max }: Rounds): string =>
  `**${more(median)} %** (${more(min)}–${more(max)}) more`;

const measured = await costs();
const path = await bigLog();
const last = await reading(path, {}, 500);
const ofRun = await reading(path, { runId: 'K00777' }, quick ? 5 : 50);
const warnings = await reading(path, { level: 'warn' }, quick ? 200 : 500);
await publish({
  name: 'telemetry',
  title: 'What logging and tracing cost, and how long reading the log takes',
  head: ['what', 'figure', 'range'],
  rows: [
    ...measured.map(({ mode, perSecond, cpuUs, share }) => [
      `CPU of a message, ${mode}`,
      `**${cpuUs.median} µs** (${perSecond.median} messages/s)`,
      mode === 'silent' ? 'is compared with' : percent(share),
    ]),
    ...(
      [
        [`the last 500 records of ${LOG_MB} MB`, last],
        [`the last 50 of one run of 2000`, ofRun],
        [`the last 500 warnings, one line of 50`, warnings],
      ] as const
    ).map(([what, { p50, p99 }]) => [what, `**${p50} ms**`, `p99 ${p99} ms`]),
  ],
  notes: [
    `Three programs on SQLite files take ${TURNS} turns of ${MESSAGES} messages each, one after the other; the cost is the median of the ` +
      'ratios within a turn. Logs go to a file and to stderr, traces to a collector that takes everything. Reading is that of `textops logs`, without the start of its process.',
  ],
  raw: { measured, last, ofRun, warnings },
});
