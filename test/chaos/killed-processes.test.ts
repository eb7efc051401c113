import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { freshDatabaseUrl } from '../e2e/databases.ts';
import { seeded } from '../seeded.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { startPostgres } from '../setup/postgres-server.ts';
import { type Campaign, campaign, judge } from './campaign.ts';
import { record } from './evidence.ts';
import { sized } from './size.ts';

const opened = async (url: string) => {
  const store = await openStore({ url });
  onTestFinished(() => store.close());
  return store;
};

const HOUR_MS = 3_600_000;

test('four workers and their control are killed on SQLite: no run is lost, none is started twice', {
  timeout: HOUR_MS,
}, async () => {
  const kills = sized(5, 200);
  const runs = sized(100, 5000);
  const chance = seeded(31);
  const town = await campaign((folder) => freshDatabaseUrl('SQLite', folder), opened, chance);
  for (let kill = 0; kill < kills; kill += 1) {
    // The work of this round is asked for while somebody dies.
    const asking = town.asks(runs / kills);
    await new Promise((resolve) => setTimeout(resolve, chance() * 400));
    await Promise.all([asking, town.kills('anybody')]);
  }
  await loses(town);
  await town.settles(sized(60_000, 600_000));
  const figures = await judge(town);
  expect(figures.runs).toBe(town.asked());
  const [integrity] = await administer<{ integrity_check: string }>(
    town.url,
    'select * from pragma_integrity_check',
  );
  expect(integrity).toEqual({ integrity_check: 'ok' });
  // Kills that met nobody at work would prove nothing.
  expect(figures.lost).toBeGreaterThan(0);
  await record('killed processes, SQLite', { kills, ...figures, doubled: 0, integrity: 'ok' });
});

test('workers are killed and the database crashes on PostgreSQL: no run is lost, none is started twice', {
  timeout: HOUR_MS,
}, async () => {
  const kills = sized(3, 100);
  const crashes = sized(1, 20);
  const runs = sized(80, 3000);
  const chance = seeded(32);
  const server = await startPostgres({ fsync: 'on' });
  onTestFinished(() => server.stop());
  const database = await freshPostgresDatabase(server.url);
  const town = await campaign(() => Promise.resolve(database.url), opened, chance);
  const rounds = kills + crashes;
  for (let round = 0; round < rounds; round += 1) {
    const asking = town.asks(runs / rounds);
    await new Promise((resolve) => setTimeout(resolve, chance() * 400));
    const crashesNow = round % (rounds / crashes) === 1;
    await Promise.all([asking, crashesNow ? crash(server) : town.kills('worker')]);
  }
  await loses(town);
  await town.settles(sized(60_000, 600_000));
  const figures = await judge(town);
  expect(figures.runs).toBe(town.asked());
  expect(figures.lost).toBeGreaterThan(0);
  await record('killed workers and crashed databases, PostgreSQL', {
    kills,
    crashes,
    ...figures,
    doubled: 0,
  });
});

/** Kills that met nobody in the middle of a job would prove nothing, so a few more are made until one did. */
const loses = async ({ asks, kills, url }: Campaign): Promise<void> => {
  const lost = async (): Promise<boolean> => {
    const [row] = await administer<{ n: number | string }>(
      url,
      "select count(*) as n from events where type = 'ExecutionLost'",
    );
    return Number(row?.n) > 0;
  };
  for (let more = 0; more < MORE_MAX && !(await lost()); more += 1) {
    await Promise.all([asks(MORE), kills('worker')]);
    const until = performance.now() + NOTICED_MS;
    while (performance.now() < until && !(await lost()))
      await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const MORE = 12;
const MORE_MAX = 20;
/** Longer than a lease and the look of the reaper. */
const NOTICED_MS = 4000;

const crash = async (server: Awaited<ReturnType<typeof startPostgres>>): Promise<void> => {
  await server.kill();
  await server.restart();
};
