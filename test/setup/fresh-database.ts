import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface FreshDatabase {
  readonly url: string;
  /** Also ends connections that are still open. */
  drop(): Promise<void>;
}

/**
 * A new database on the server of `url`, so that tests that run side by side do not meet: empty, or a copy of the one that
 * `template` names, which is faster than migrating.
 */
export const freshPostgresDatabase = async (url: string, template?: string): Promise<FreshDatabase> => {
  const name = `textops_test_${randomBytes(8).toString('hex')}`;
  await runOn(url, `create database ${name}${template === undefined ? '' : ` template ${template}`}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => runOn(url, `drop database if exists ${name} with (force)`) };
};

const runOn = async (url: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
