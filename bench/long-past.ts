import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DIALECTS, type Dialect, observe, openDatabases, settle } from './databases.ts';
import { devDoor } from './http-load.ts';
import { pause, type Spread, seconds, spreadOf } from './measure.ts';
import { freshFolder, type Program, startProgram } from './program.ts';
import { publish, quick, show } from './report.ts';
import { seed } from './seed.ts';
import { seededIds } from './seed-runs.ts';

// What whoever looks waits for when a long past lies behind: /ops in a chat, every page of the console, a scrape. Over HTTP, so the
// way through the loopback is in the figures of the server.

const RUNS = quick ? 2000 : 1_025_000;
const ASKED = quick ? 20 : 400;
const VISITS = quick ? 3 : 40;
const SCRAPES = quick ? 3 : 20;
/** `--only=SQLite` leaves the other one out, and then nothing is kept. */
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const chosen = DIALECTS.filter((dialect) => only === undefined || dialect === only);
/** The answer of a look for a scrape is kept for two seconds. */
const OUTLIVED_MS = 2050;

const YAML = `jobs:
  backup: { title: Back up, command: [echo, done] }
schedules:
  nightly: { job: backup, cron: "0 2 * * *", timezone: UTC, chat: "dev:ops" }
people:
  ana: { identities: ["dev:ana", "web:dev:ana"], roles: [owner, operator, approver] }
`;

/** Every page but the streams; the run is one from the middle of the past. */
const pagesWith = (runId: string): readonly string[] => [
  '/',
  '/approvals',
  '/runs',
  '/runs?status=Failed',
  '/runs?job=backup',
  `/runs/${runId}`,
  '/jobs',
  '/jobs/backup',
  '/schedules',
  '/schedules/nightly',
  '/queue',
  '/audit',
  '/logs',
  '/people',
  '/scorecard',
];

interface Row {
  readonly what: string;
  readonly dialect: Dialect;
  readonly spread: Spread;
  readonly limit: number;
}

const ops = async ({ url }: Program): Promise<Spread> => {
  const door = devDoor(url, 1);
  const samples: number[] = [];
  for (let turn = -20; turn < ASKED; turn += 1) {
    const began = performance.now();
    const { outbound } = await door.say({ from: 'ana', conversation: `ops-${turn}`, body: '/ops' });
    const ms = performance.now() - began;
    if (!outbound.some(({ body }) => body.includes('queue'))) throw new Error('/ops was not answered');
    if (turn >= 0) samples.push(ms);
  }
  door.close();
  return spreadOf(samples);
};

const signIn = async ({ url }: Program): Promise<string> => {
  const body = new URLSearchParams({ seat: 'ana', next: '/' });
  const headers = { origin: url };
  const entered = await fetch(`${url}/login`, { method: 'POST', headers, body, redirect: 'manual' });
  const [cookie = ''] = entered.headers.getSetCookie();
  if (entered.status !== 303) throw new Error(`the seat was refused: ${entered.status}`);
  return cookie.split(';')[0] ?? '';
};

const visit = async (url: string, cookie: string): Promise<number> => {
  const began = performance.now();
  const answer = await fetch(url, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
  const text = await answer.text();
  const ms = performance.now() - began;
  if (answer.status !== 200 || !text.includes('</html>')) throw new Error(`${url}: ${answer.status}`);
  return ms;
};

const scrape = async ({ url }: Program): Promise<Spread> => {
  const samples: number[] = [];
  for (let turn = -2; turn < SCRAPES; turn += 1) {
    await pause(OUTLIVED_MS);
    const began = performance.now();
    const text = await (await fetch(`${url}/metrics`)).text();
    const ms = performance.now() - began;
    if (!text.includes('textops_runs{status="Dispatching"}')) throw new Error('the database was not read');
    if (turn >= 0) samples.push(ms);
  }
  return spreadOf(samples);
};

const measure = async (dialect: Dialect, url: string): Promise<readonly Row[]> => {
  const folder = await freshFolder();
  await writeFile(join(folder, 'textops.yaml'), YAML);
  const program = await startProgram({ folder, env: { DATABASE_URL: url } });
  try {
    const rows: Row[] = [{ what: '/ops in a chat', dialect, spread: await ops(program), limit: 50 }];
    const cookie = await signIn(program);
    const runId = seededIds(RUNS)[RUNS / 2] ?? '';
    for (const page of pagesWith(runId)) {
      const samples: number[] = [];
      for (let turn = -2; turn < VISITS; turn += 1) {
        const ms = await visit(`${program.url}${page}`, cookie);
        if (turn >= 0) samples.push(ms);
      }
      rows.push({ what: page.replace(runId, 'ID'), dialect, spread: spreadOf(samples), limit: 200 });
    }
    rows.push({ what: '/metrics, a new look', dialect, spread: await scrape(program), limit: 100 });
    return rows;
  } finally {
    await program.stop();
  }
};

await using databases = openDatabases();
const folder = await freshFolder();
const rows: Row[] = [];
const told: string[] = [];
for (const dialect of chosen) {
  const url = await databases.fresh(dialect, folder);
  const ms = await seed(url, RUNS, 'troubled');
  await settle(url);
  await using database = await observe(url);
  const events = await database.number('select count(*) from events');
  told.push(`${dialect} ${events.toLocaleString('en')} events, ${seconds(ms).toFixed(0)} s`);
  rows.push(...(await measure(dialect, url)));
}
const report = {
  name: 'long-past',
  title: `/ops, the console and a scrape with ${RUNS.toLocaleString('en')} finished runs behind`,
  head: ['asked for', 'database', 'p50 ms', 'p99', 'max', 'limit'],
  rows: rows.map(({ what, dialect, spread: { p50, p99, max }, limit }) => [
    what,
    dialect,
    p50,
    `**${p99}**`,
    max,
    limit,
  ]),
  notes: [
    `/ops ${ASKED} times, each page ${VISITS} times, ${SCRAPES} scrapes, one after the other, after some that are not counted. ` +
      `The limits of /ops hold for its p99. Seeded by the real rules and commits: ${told.join('; ')}.`,
  ],
  raw: { rows },
};
await (only === undefined ? publish(report) : show(report));
