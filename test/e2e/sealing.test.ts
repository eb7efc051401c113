import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATABASES, freshDatabaseUrl } from './databases.ts';
import { freshFolder, runThatIs, say, startProgram, until } from './program.ts';
import { textops } from './textops.ts';

const linesOf = async (folder: string): Promise<readonly string[]> =>
  (await readFile(join(folder, 'data', 'seals.log'), 'utf8')).trim().split('\n');

describe.each(DATABASES)('on %s', (kind) => {
  test('a program seals what it does, to its last event, and two of them make one chain of seals', async () => {
    const folder = await freshFolder();
    const url = await freshDatabaseUrl(kind, folder);
    const env = { DATABASE_URL: url };
    const one = await startProgram(folder, env);
    const { runId } = await say(one, 'run demo');
    await say(one, `yes ${runId}`);
    await runThatIs(one, runId ?? '', 'Succeeded');
    const two = await startProgram(folder, env);
    await say(two, 'run demo');
    await until(async () => (await linesOf(folder)).length > 0, 20_000);
    expect([await one.stop(), await two.stop()]).toEqual([0, 0]);
    expect((await stat(join(folder, 'data', 'seal.key'))).mode & 0o777).toBe(0o600);
    const { code, out } = await textops(folder, url, 'audit', 'verify');
    expect(out).toMatch(/^ok: 16 events in 3 chains, all of them sealed \(seal \d+ of /);
    expect(code).toBe(0);
    const numbers = new Set((await linesOf(folder)).map((line) => Number(line.split(' ')[0])));
    expect([...numbers]).toEqual([...numbers].map((_, index) => index + 1));
  });

  test('killed at any moment, it goes on sealing where it was', async () => {
    const folder = await freshFolder();
    const url = await freshDatabaseUrl(kind, folder);
    for (let life = 0; life < 2; life += 1) {
      const program = await startProgram(folder, { DATABASE_URL: url });
      for (let asked = 0; asked < 5; asked += 1) await say(program, 'run demo');
      await program.kill();
    }
    const last = await startProgram(folder, { DATABASE_URL: url });
    expect(await last.stop()).toBe(0);
    expect(await textops(folder, url, 'audit', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok: 28 events in 11 chains, all of them sealed /),
    });
  });
});

test('a key that cannot be used ends the start with 78, before anything is opened', async () => {
  const folder = await freshFolder();
  await writeFile(join(folder, 'other.key'), 'rubbish');
  const env = { SEAL_KEY_FILE: './other.key' };
  await expect(startProgram(folder, env)).rejects.toThrow(
    /ended with 78:\nSEAL_KEY_FILE: .*no private Ed25519 key/,
  );
});

test('a database that was put back to an earlier state is sealed no further, and says so', async () => {
  const folder = await freshFolder();
  const url = await freshDatabaseUrl('SQLite', folder);
  const database = join(folder, 'data', 'textops.db');
  const run = async (): Promise<string> => {
    const program = await startProgram(folder);
    await say(program, 'run demo');
    await program.stop();
    return program.output();
  };
  await run();
  await copyFile(database, `${database}.older`);
  await run();
  const before = await linesOf(folder);
  await copyFile(`${database}.older`, database);
  const program = await startProgram(folder);
  await until(() => program.output().includes('which this database does not have'), 20_000);
  await program.stop();
  expect(await linesOf(folder)).toEqual(before);
  const { code, out } = await textops(folder, url, 'audit', 'verify');
  expect(code).toBe(1);
  expect(out).toMatch(
    /^broken: seal \d+: data\/seals.log names it, and the database has no seal after \d+: /,
  );
});
