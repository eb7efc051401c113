import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { freshPostgresDatabase } from '../setup/fresh-database.ts';
import { startPostgres } from '../setup/postgres-server.ts';

test('two fresh databases on the shared server do not see each other', async () => {
  const one = await freshPostgresDatabase(inject('postgresUrl'));
  const two = await freshPostgresDatabase(inject('postgresUrl'));
  await ask(one.url, 'create table note (text text)');
  await expect(ask(two.url, 'select * from note')).rejects.toThrow('does not exist');
  await Promise.all([one.drop(), two.drop()]);
  await expect(ask(one.url, 'select 1')).rejects.toThrow('does not exist');
});

test('what was committed survives the death of a server of our own', { timeout: 60_000 }, async ({
  skip,
}) => {
  const { TEST_DATABASE_URL: elsewhere } = process.env;
  skip(elsewhere !== undefined, 'TEST_DATABASE_URL is set: the binaries may not fit this machine');
  const server = await startPostgres({ fsync: 'on' });
  try {
    expect(await ask(server.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await ask(server.url, 'create table note as select 1 as id');
    await server.kill();
    // A connection that was let in by the dying server is reset, a later one refused.
    await expect(ask(server.url, 'select 1')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    await server.restart();
    expect(await ask(server.url, 'select id from note')).toEqual([{ id: 1 }]);
  } finally {
    await server.stop();
  }
});

const ask = async (url: string, statement: string): Promise<readonly unknown[]> => {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};
