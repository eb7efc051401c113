import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { inMemory, inPostgres } from '../flows/grounds.ts';
import { type FreshDatabase, freshPostgresDatabase } from '../setup/fresh-database.ts';
import { checkHistories, replay } from './check.ts';
import { kept } from './kept.ts';
import type { Place } from './real.ts';

describe('the program does what the contract says, and the same on SQLite and PostgreSQL', () => {
  let database: FreshDatabase;
  let places: readonly Place[];
  beforeAll(async () => {
    database = await freshPostgresDatabase(inject('postgresUrl'));
    places = [
      { name: 'SQLite in memory', settle: inMemory },
      { name: 'PostgreSQL', settle: inPostgres(database.url) },
    ];
  });
  afterAll(() => database.drop());

  test.each(kept)('$name', async (history) => {
    const { reached } = await replay(history, places);
    expect(reached).toContain(history.reaches);
  });

  test('in random histories', { timeout: 120_000 }, async () => {
    // The same histories every time; `npm run model` looks for new ones.
    const seed = 20_261_126;
    expect(await checkHistories({ on: places, runs: 20, stepsMax: 60, seed })).toBeUndefined();
  });
});
