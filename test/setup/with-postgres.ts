import { startPostgres } from './postgres-server.ts';

/** For programs beside the tests: the server of TEST_DATABASE_URL, or one of our own for as long as the work takes. */
export const withPostgres = async <T>(fsync: 'on' | 'off', work: (url: string) => Promise<T>): Promise<T> => {
  const given = process.env['TEST_DATABASE_URL'] ?? '';
  if (given !== '') return work(given);
  const server = await startPostgres({ fsync });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
};
