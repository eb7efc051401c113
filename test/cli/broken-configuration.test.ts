import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { Server } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { EXIT } from '../../src/cli/voice/exit-codes.ts';
import { brokenCatalogs } from '../config/broken-catalogs.ts';
import { cliBench, databaseFile } from './cli-bench.ts';

test('every broken file ends check and start with 78, before a port or a database is opened', async () => {
  const { cwd, run } = await cliBench();
  // Only watched: whatever listens anywhere in this process goes through here.
  const listens = vi.spyOn(Server.prototype, 'listen');
  expect(brokenCatalogs.length).toBeGreaterThanOrEqual(20);
  for (const [at, { name, text, problems }] of brokenCatalogs.entries()) {
    const folder = join(cwd, String(at));
    await mkdir(folder);
    await writeFile(join(folder, 'textops.yaml'), text.slice(1));
    for (const command of ['check', 'start']) {
      const answer = await run([command], { cwd: folder, env: { HTTP_PORT: '0' } });
      expect({ name, code: answer.code, out: answer.out }).toEqual({
        name,
        code: EXIT.badConfiguration,
        out: '',
      });
      const told = answer.err.split('\n').filter((line) => line.startsWith('textops.yaml:'));
      expect(told).toEqual(problems.map((problem) => `textops.yaml:${problem}`));
    }
    expect(existsSync(databaseFile(folder))).toBe(false);
    expect(await readdir(folder)).toEqual(['textops.yaml']);
  }
  expect(listens).not.toHaveBeenCalled();
  listens.mockRestore();
});

test('a slip is shown in its line, with the line to copy', async () => {
  const { cwd, run } = await cliBench();
  const text = 'jobs:\n  backup:\n    command: [./backup.sh]\n    retry: { atempts: 3 }\n';
  await writeFile(join(cwd, 'textops.yaml'), text);
  const { code, err } = await run(['check']);
  expect(code).toBe(EXIT.badConfiguration);
  expect(err).toBe(
    [
      'textops.yaml:4:14 jobs.backup.retry.atempts: unknown key; did you mean "attempts"?',
      '  4 |     retry: { atempts: 3 }',
      '    |              ^^^^^^^',
      '  → retry: { attempts: 3 }',
      '',
    ].join('\n'),
  );
  // Scripts get one line each.
  expect(JSON.parse((await run(['check', '--json'])).err)).toMatchObject({
    error: {
      problems: ['textops.yaml:4:14 jobs.backup.retry.atempts: unknown key; did you mean "attempts"?'],
    },
  });
});
