import { expect, test } from 'vitest';
import { freshDatabaseUrl } from './databases.ts';
import { freshFolder, startProgram } from './program.ts';
import { textops } from './textops.ts';

test('start warns of a name that API_TOKENS and the database both have, and both tokens are taken', async () => {
  const folder = await freshFolder();
  const url = await freshDatabaseUrl('SQLite', folder);
  expect((await textops(folder, url, 'migrate')).code).toBe(0);
  const { out } = await textops(folder, url, 'token', 'create', 'ci', 'viewer');
  const own = 'e'.repeat(40);
  const program = await startProgram(folder, { DATABASE_URL: url, API_TOKENS: `ci:operator:${own}` });
  expect(program.output()).toContain(
    'warning: API_TOKENS and the database both have a token ci, which the history cannot tell apart',
  );
  const statusOf = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ key: 'hello', demo: {} });
    return (await fetch(`${program.url}/jobs`, { method: 'POST', headers, body })).status;
  };
  // Each with its own rights: the one of the database is a viewer.
  expect(await statusOf(out.trim())).toBe(403);
  expect(await statusOf(own)).toBe(409);
  await program.stop();
});
