import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cableTo } from '../fakes/postgres-cable.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { freshFolder, startProgram } from './program.ts';

// The slowest of what is counted here comes every ten seconds; what an idle program should not do would come several times a
// second. A machine that is busy makes it fewer, never more.
const WATCHED_MS = 5000;
const POLL_MS = 500;

test('an idle program asks its database one thing per poll interval, beside the signs that it lives', async () => {
  const database = await freshPostgresDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  const cable = await cableTo(database.url);
  onTestFinished(() => cable.close());
  await startProgram(await freshFolder(), { DATABASE_URL: cable.url });
  // Its beginning is no rest: leases are taken, the loops turn for the first time.
  await pause(3000);
  const heard: string[] = [];
  const began = performance.now();
  cable.onStatement((text) => heard.push(text));
  await pause(WATCHED_MS);
  const intervals = Math.ceil((performance.now() - began) / POLL_MS) + 1;
  const looks = heard.filter((text) => text.startsWith('with clock '));
  expect(looks.length).toBeGreaterThan(0);
  expect(looks.length).toBeLessThanOrEqual(intervals);
  // Beats, renewals of two named leases, and what the guard of the history looks at; all of it every few seconds.
  expect(heard.length - looks.length).toBeLessThanOrEqual(6 * intervals);
  const transactions = heard.filter((text) => text === 'begin');
  expect(transactions.length).toBeLessThan(intervals);
  expect(heard.filter((text) => ROOMS.test(text))).toEqual([]);
});

/** Tables that only the look has a reason to open. */
const ROOMS = /^(?!with clock ).*\b(?:from|into|update) (?:job_\w+|inbox|outbox|queue_pauses|schedules)\b/;
