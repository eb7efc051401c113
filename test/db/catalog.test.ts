import { expect, test } from 'vitest';
import { catalogOf } from '../../src/db/catalog/catalog.ts';
import type { Engine } from '../../src/db/engine.ts';
import { readMigrations } from '../../src/db/migrations.ts';
import { connectSqlite } from '../../src/db/sqlite/connect.ts';
import { sqliteEngine } from '../../src/db/sqlite/engine.ts';
import { migrateSqlite } from '../../src/db/sqlite/migrate.ts';
import { spec, T0 } from '../contracts/given.ts';

/** A database whose answers to looks arrive when the test lets them, as they may over a network. */
const slow = (engine: Engine) => {
  const held: (() => void)[] = [];
  let isSlow = false;
  return {
    slow: (): void => void (isSlow = true),
    arrive: (): void => {
      isSlow = false;
      for (const go of held.splice(0)) go();
    },
    engine: {
      ...engine,
      read: async (work) => {
        const answer = await engine.read(work);
        if (isSlow) await new Promise<void>((go) => held.push(go));
        return answer;
      },
    } satisfies Engine,
  };
};

const opened = async () => {
  const db = await connectSqlite(':memory:');
  await migrateSqlite(db, await readMigrations('sqlite'), T0);
  return sqliteEngine(db, () => T0);
};

const titled = (title: string, mode: 'create' | 'change') =>
  ({ key: 'backup', spec: spec({ title }), mode, by: 'user:http:ci', at: T0 }) as const;

test('a job that was changed here is never read as it was before, even by a look that was under way', async () => {
  const database = slow(await opened());
  const catalog = catalogOf(database.engine);
  await catalog.put(titled('old', 'create'));
  database.slow();
  const before = catalog.find('backup');
  await catalog.put(titled('new', 'change'));
  database.arrive();
  expect((await before)?.spec.title).toBe('old');
  expect((await catalog.find('backup'))?.spec.title).toBe('new');
  await database.engine.close();
});

test('a look that failed is not remembered', async () => {
  const engine = await opened();
  let isAway = true;
  const catalog = catalogOf({
    ...engine,
    read: (work) => (isAway ? Promise.reject(new Error('away')) : engine.read(work)),
  });
  await expect(catalog.list()).rejects.toThrow('away');
  isAway = false;
  expect(await catalog.list()).toEqual([]);
  await engine.close();
});
