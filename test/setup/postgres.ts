import type { TestProject } from 'vitest/node';
import { migrateStore } from '../../src/db/open.ts';
import { freshPostgresDatabase } from './fresh-database.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that the whole test run shares. Make a database of your own: `fresh-database.ts`. */
    readonly postgresUrl: string;
    /** A database on it with the whole schema and nothing else, to copy. */
    readonly postgresTemplate: string;
  }
}

interface Shared {
  users: number;
  readonly server: ReturnType<typeof start>;
}

/** A server with its template. */
const start = async () => {
  const server = await startPostgres({ fsync: 'off' });
  return { url: server.url, template: await template(server.url), stop: () => server.stop() };
};

const template = async (server: string) => {
  const database = await freshPostgresDatabase(server);
  await migrateStore(database.url);
  return { name: new URL(database.url).pathname.slice(1), drop: () => database.drop() };
};

/**
 * Vitest calls this once for each project that needs PostgreSQL and gives each its own copy of this module, so
 * the one server is kept where all copies see it. The last project to leave turns off the light.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    const { name, drop } = await template(given);
    project.provide('postgresUrl', given);
    project.provide('postgresTemplate', name);
    return drop;
  }
  const shared = (registry[key] ??= { users: 0, server: start() });
  shared.users += 1;
  const server = await shared.server;
  project.provide('postgresUrl', server.url);
  project.provide('postgresTemplate', server.template.name);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete registry[key];
    await server.stop();
  };
};

const key = Symbol.for('textops.test.postgres');
// The cast adds one slot that only this file knows.
const registry = globalThis as { [key]?: Shared };
