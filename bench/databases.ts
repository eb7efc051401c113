import { freshPostgresDatabase } from '../test/setup/fresh-database.ts';
import { type PostgresServer, startPostgres } from '../test/setup/postgres-server.ts';

export type Dialect = 'SQLite' | 'PostgreSQL';
export const DIALECTS: readonly Dialect[] = ['SQLite', 'PostgreSQL'];

export interface Databases extends AsyncDisposable {
  /** An empty database: a file in that folder, or a new one on the server. */
  fresh(dialect: Dialect, folder: string): Promise<string>;
}

/** SQLite in a real file (the program sets synchronous=FULL), PostgreSQL on a server of our own with fsync on. */
export const openDatabases = (): Databases => {
  let server: Promise<PostgresServer> | undefined;
  let files = 0;
  return {
    fresh: async (dialect, folder) => {
      if (dialect === 'SQLite') {
        files += 1;
        return `file:${folder}/bench-${files}.db`;
      }
      server ??= startPostgres({ fsync: 'on' });
      return (await freshPostgresDatabase((await server).url)).url;
    },
    [Symbol.asyncDispose]: async () => {
      await (await server)?.stop();
    },
  };
};
