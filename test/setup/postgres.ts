import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that the whole test run shares. Make a database of your own: `fresh-database.ts`. */
    readonly postgresUrl: string;
  }
}

interface Shared {
  users: number;
  readonly server: ReturnType<typeof startPostgres>;
}

/**
 * Vitest calls this once for each project that needs PostgreSQL and gives each its own copy of this module, so
 * the one server is kept where all copies see it. The last project to leave turns off the light.
 */
export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return undefined;
  }
  const shared = (registry[key] ??= { users: 0, server: startPostgres({ fsync: 'off' }) });
  shared.users += 1;
  const server = await shared.server;
  project.provide('postgresUrl', server.url);
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
