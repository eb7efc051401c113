import { describe, expect, test } from 'vitest';
import { DATABASES, freshDatabaseUrl } from './databases.ts';
import { freshFolder, type Program, runThatIs, say, showRun, startProgram, until } from './program.ts';
import { living, openTown } from './town.ts';

const weekly = (cron: string, key = 'weekly-report'): string =>
  `  ${key}: { job: report, cron: "${cron}", timezone: Europe/Berlin, chat: "dev:ops", overlap: allow }`;

const yaml = (...schedules: readonly string[]): string => `
jobs:
  report: { title: Weekly usage report, command: ["echo", "42 users"] }
schedules:
${schedules.join('\n')}
`;

/** Once a minute, and next in a few seconds; a program that needs longer than that waits for the minute after. */
const soon = (): string => `${(new Date().getUTCSeconds() + 8) % 60} * * * * *`;
const SOON_MS = 75_000;

const runIds = async (program: Program): Promise<readonly string[]> => {
  const response = await fetch(`${program.url}/runs?limit=100`);
  // The shape is the contract of this route.
  const { runs } = (await response.json()) as { runs: readonly { runId: string }[] };
  return runs.map(({ runId }) => runId);
};

const firstRun = (program: Program): Promise<string> =>
  until(async () => (await runIds(program))[0], SOON_MS);

interface Listed {
  readonly next: string;
  readonly last: { readonly outcome: string } | null;
}

const schedule = async (program: Program): Promise<Listed> => {
  const response = await fetch(`${program.url}/schedules`);
  const [found] = ((await response.json()) as { schedules: readonly Listed[] }).schedules;
  if (found === undefined) throw new Error('the program knows no schedule');
  return found;
};

const heard = async (program: Program): Promise<readonly string[]> => {
  const response = await fetch(`${program.url}/dev/outbound?conversation=ops`);
  const { outbound } = (await response.json()) as { outbound: readonly { body: string }[] };
  return outbound.map(({ body }) => body);
};

describe.each(DATABASES)('a schedule in the real program, on %s', (kind) => {
  test('asks by itself, and what it asked for runs when somebody says yes', async () => {
    const folder = await freshFolder(yaml(weekly(soon())));
    const program = await startProgram(folder, { DATABASE_URL: await freshDatabaseUrl(kind, folder) });
    const runId = await firstRun(program);
    await say(program, `yes ${runId}`);
    const { events } = await runThatIs(program, runId, 'Succeeded');
    expect(events.map(({ type }) => type)).toEqual([
      'RunCreated',
      'ScheduleTriggered',
      'ApprovalRequested',
      'RunApproved',
      'ExecutionDispatched',
      'ExecutionStarted',
      'ExecutionSucceeded',
    ]);
    expect((await heard(program))[0]).toMatch(/^Scheduled job "report" is ready \(due .* Europe\/Berlin\)\./);
    expect(await program.stop()).toBe(0);
  }, 120_000);

  test('asks once for each moment, however many processes look at the clock', async () => {
    const seconds = Array.from({ length: 60 }, (_, second) => weekly(`${second} * * * * *`, `at-${second}`));
    const folder = await freshFolder(yaml(...seconds));
    const env = { DATABASE_URL: await freshDatabaseUrl(kind, folder), LOG_LEVEL: 'warn' };
    const one = await startProgram(folder, env);
    const two = await startProgram(folder, env);
    await until(async () => (await runIds(one)).length >= 6, 30_000);
    await Promise.all([one.stop(), two.stop()]);
    const three = await startProgram(folder, { ...env, LOG_LEVEL: 'info' });
    const runs = await Promise.all((await runIds(three)).map((runId) => showRun(three, runId)));
    const due = runs.map(({ events }) => (events[1] as { payload?: { dueAt: number } }).payload?.dueAt);
    expect(due.length).toBeGreaterThanOrEqual(6);
    expect(new Set(due).size).toBe(due.length);
    expect(one.output() + two.output()).not.toContain('loop.faulted');
  });
});

describe('a program that was away', () => {
  /** Starts, learns when the schedule is due, ends, and starts again so long after that moment. */
  const awayUntil = async (afterMs: number) => {
    const folder = await freshFolder(yaml(weekly('0 0 1 1 *')));
    const before = await startProgram(folder);
    const dueAt = Date.parse((await schedule(before)).next);
    expect(await before.stop()).toBe(0);
    return { dueAt, program: await startProgram(folder, living(dueAt + afterMs - Date.now())) };
  };

  test('for less than five minutes asks late, and says so', async () => {
    const { program, dueAt } = await awayUntil(3 * 60_000);
    const { events } = await showRun(program, await firstRun(program));
    expect(events[1]).toMatchObject({ type: 'ScheduleTriggered', payload: { dueAt, late: 'away' } });
    const [question] = await until(async () => {
      const said = await heard(program);
      return said.length > 0 && said;
    }, 10_000);
    expect(question).toContain('asked late because TextOps was not running');
    expect(await runIds(program)).toHaveLength(1);
  });

  test('for longer tells that it missed one, and asks nothing', async () => {
    const { program } = await awayUntil(10 * 60_000);
    const [told] = await until(async () => {
      const said = await heard(program);
      return said.length > 0 && said;
    }, 10_000);
    expect(told).toMatch(
      /^⏰ weekly-report \(report\) missed \w+ \d+ \w+ \d\d:00 UTC because TextOps was not running\. Nothing ran\. Next /,
    );
    expect(await runIds(program)).toEqual([]);
    expect((await schedule(program)).last).toMatchObject({ outcome: 'missed' });
  });
});

describe('on Telegram', () => {
  const town = openTown();

  test('a schedule that is written into the file asks with a card, until it is taken out again', async () => {
    const ops = town.group();
    const plan = `
schedules:
  often: { job: backup, cron: "${soon()}", chat: "telegram:${ops.id}" }
`;
    await town.edit((file) => file + plan);
    const card = await until(
      () => ops.said().find(({ text }) => text.startsWith('⏳ Scheduled: approval needed')),
      SOON_MS,
    );
    expect(card.text).toMatch(/^Due \w+ \d+ \w+ \d\d:\d\d UTC · .+ \(UTC\)$/m);
    expect(card.text).toContain('Or answer /yes ');
    expect(card.buttons.flat().map(({ label }) => label)).toEqual([
      'Approve',
      'Skip this time',
      'Pause schedule',
      'Details',
    ]);
    await town.edit((file) => file.replace(plan, ''));
    await until(() => town.program.output().includes('schedule often (retired)'), 15_000);
    await ops.presses('bob', card, 'Skip this time');
    await ops.becomes(card, /^⛔ Skipped · [0-9A-Z]{6}\nbackup v1 · by Bob /);
    ops.hears('bob', '/schedules');
    await ops.shows(/^There is no schedule/);
  }, 120_000);
});
