import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { readMigrations } from '../../src/db/migrations.ts';
import { migrateStore, migrationState, openStore, takeDownPart } from '../../src/db/open.ts';
import { PART_NAMES, PARTS } from '../../src/db/parts.ts';
import { migratePg } from '../../src/db/pg/migrate.ts';
import { connectSqlite } from '../../src/db/sqlite/connect.ts';
import { migrateSqlite } from '../../src/db/sqlite/migrate.ts';
import { enqueue, entry, nothing, T0 } from '../contracts/given.ts';
import { administer } from '../setup/administer.ts';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';

interface Ground {
  readonly url: () => Promise<string>;
  /** Everything in the schema, in words that do not depend on the order in which it came. */
  readonly schema: (url: string) => Promise<readonly unknown[]>;
  /** Brings a new database to where it would be if these migrations had never been. */
  readonly migrateWithout: (url: string, names: readonly string[]) => Promise<unknown>;
}

const sqlite: Ground = {
  url: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'textops-parts-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    return `file:${join(folder, 'textops.db')}`;
  },
  schema: (url) =>
    administer(
      url,
      'select m.type, m.name, c.name as "column", c.type as kind, c."notnull", c.dflt_value, ' +
        "case when m.type in ('view', 'trigger', 'index') then m.sql end as text " +
        'from sqlite_schema m left join pragma_table_info(m.name) c ' +
        "where m.name not like 'sqlite_%' order by m.type, m.name, c.name",
    ),
  migrateWithout: async (url, names) => {
    const db = await connectSqlite(url);
    await migrateSqlite(db, without(await readMigrations('sqlite'), names), T0);
    db.close();
  },
};

const postgres: Ground = {
  url: async () => {
    const database = await freshPostgresDatabase(inject('postgresUrl'));
    onTestFinished(() => database.drop());
    return database.url;
  },
  schema: (url) =>
    administer(
      url,
      "select table_name || '.' || column_name as what, data_type || is_nullable as how, column_default as text " +
        "from information_schema.columns where table_schema = 'public' union all " +
        "select indexname, 'index', indexdef from pg_indexes where schemaname = 'public' union all " +
        "select viewname, 'view', definition from pg_views where schemaname = 'public' union all " +
        "select sequencename, 'sequence', '' from pg_sequences where schemaname = 'public' order by 1, 2",
    ),
  migrateWithout: async (url, names) => migratePg(url, without(await readMigrations('pg'), names), T0),
};

const without = <File extends { readonly name: string }>(
  files: readonly File[],
  names: readonly string[],
): readonly File[] => files.filter(({ name }) => !names.includes(name));

describe.each([
  ['SQLite', sqlite],
  ['PostgreSQL', postgres],
] as const)('a part of the schema on %s', (_, ground) => {
  test.each(PART_NAMES)(
    '%s leaves no trace when it is taken down, and comes back as it was',
    async (name) => {
      const [url, never] = [await ground.url(), await ground.url()];
      await migrateStore(url);
      const before = await ground.schema(url);
      expect(await takeDownPart(url, name)).toEqual({ kind: 'gone' });
      await ground.migrateWithout(never, PARTS[name].migrations);
      expect(await ground.schema(url)).toEqual(await ground.schema(never));
      expect((await migrationState(url)).pending).toEqual(PARTS[name].migrations);
      expect(await takeDownPart(url, name)).toEqual({ kind: 'absent' });
      await expect(openStore({ url, migrate: false })).rejects.toThrow(/run textops migrate/);
      expect(await migrateStore(url)).toEqual(PARTS[name].migrations);
      expect(await ground.schema(url)).toEqual(before);
    },
  );

  test('of two that take it down at once one does it', async () => {
    const url = await ground.url();
    await migrateStore(url);
    const both = await Promise.all([takeDownPart(url, 'substrate'), takeDownPart(url, 'substrate')]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['absent', 'gone']);
  });

  test('the substrate opens its gates again with the next start', async () => {
    const url = await ground.url();
    await migrateStore(url);
    await takeDownPart(url, 'substrate');
    const store = await openStore({ url });
    expect(await store.gates.find('queue.job_substrate.enabled')).toMatchObject({ open: true });
    await store.close();
  });

  test('whatever would be lost keeps the substrate where it is, and is counted', async () => {
    const url = await ground.url();
    const store = await openStore({ url });
    const at = await store.now();
    await store.runs.commit([enqueue(entry('Q1'), entry('Q2')), enqueue(entry('Q1'))]);
    await store.runs.commit([
      {
        ...nothing,
        upkeep: [
          { kind: 'gate', name: 'queue.retry.enabled', open: false, by: 'user:cli:local' },
          { kind: 'pause', what: 'queue', by: 'user:cli:local' },
        ],
        at,
      },
    ]);
    await store.heartbeats.beat({ name: 'w1', kind: 'worker', slots: 4, at });
    await store.close();
    const before = await ground.schema(url);
    expect(await takeDownPart(url, 'substrate')).toEqual({
      kind: 'held',
      counts: {
        'in job_queue': 2,
        'in queue_pauses': 1,
        'in dispatch_repeats': 1,
        'in gates that somebody switched': 1,
        'in queue_heartbeat that still beat': 1,
      },
    });
    expect(await ground.schema(url)).toEqual(before);
    expect((await migrationState(url)).pending).toEqual([]);
  });

  test('a database that a newer program migrated keeps everything', async () => {
    const url = await ground.url();
    await migrateStore(url);
    await administer(
      url,
      "insert into schema_migrations (name, checksum, applied_at) values ('9999_later', 'x', 1)",
    );
    await expect(takeDownPart(url, 'substrate')).rejects.toThrow(/newer TextOps \(9999_later\)/);
  });
});
