import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/cli/voice/exit-codes.ts';
import { brokenCatalogs } from '../config/broken-catalogs.ts';
import { cliBench } from './cli-bench.ts';

const GOOD = 'jobs:\n  hello: { demo: {} }\n';

test('a good file is good wherever it lies, and nothing else is looked at', async () => {
  const { cwd, run } = await cliBench();
  await mkdir(join(cwd, 'deploy'));
  await writeFile(join(cwd, 'deploy', 'ops.yaml'), GOOD);
  // These would end every other command.
  const env = { DATABASE_URL: 'postgres://nowhere.invalid/x', HTTP_PORT: 'many' };
  const { code, out, err } = await run(['jobs', 'validate', 'deploy/ops.yaml'], { env });
  expect({ code, out, err }).toEqual({
    code: EXIT.done,
    out: 'deploy/ops.yaml: ok, 1 job, 0 schedules\n',
    err: '',
  });
  expect(await readdir(cwd)).toEqual(['deploy']);
  const named = await run(['jobs', 'validate', '--json'], { env: { TEXTOPS_CONFIG: 'deploy/ops.yaml' } });
  expect(JSON.parse(named.out).data).toEqual({
    file: 'deploy/ops.yaml',
    jobs: ['hello'],
    schedules: [],
    people: [],
  });
});

test('every broken file ends with 78 and everything that is wrong', async () => {
  const { cwd, run } = await cliBench();
  for (const { name, text, problems } of brokenCatalogs) {
    await writeFile(join(cwd, 'textops.yaml'), text.slice(1));
    const { code, out, err } = await run(['jobs', 'validate']);
    expect({ name, code, out }).toEqual({ name, code: EXIT.badConfiguration, out: '' });
    const told = err.split('\n').filter((line) => line.startsWith('textops.yaml:'));
    expect(told).toEqual(problems.map((problem) => `textops.yaml:${problem}`));
  }
});

test('a file that is not there is a bad one', async () => {
  const { run } = await cliBench();
  const { code, err } = await run(['jobs', 'validate', 'nowhere.yaml']);
  expect(code).toBe(EXIT.badConfiguration);
  expect(err).toContain('nowhere.yaml is missing');
});
