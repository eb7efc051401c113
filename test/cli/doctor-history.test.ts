import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { administer, type Bench, keyFile, published, sealedBench } from './sealed-bench.ts';

describe('textops doctor', () => {
  const linesOf = async ({ run }: Bench): Promise<string> =>
    (await run(['doctor'], { env: { HTTP_PORT: '0' } })).out;

  test('tells about guards, key and seals', async () => {
    const bench = await sealedBench();
    const out = await linesOf(bench);
    expect(out).toContain('✔ history: append-only, but not for whoever may write to the file\n');
    expect(out).toMatch(/✔ seal key: [0-9a-f]{16} in /);
    expect(out).toMatch(/✔ seals: 2, the newest .+ ago/);
  });

  test('finds a guard that was taken down, an open key, a file that says something else', async () => {
    const bench = await sealedBench();
    const { cwd } = bench;
    administer(cwd, '');
    await chmod(keyFile(cwd), 0o644);
    const line = await readFile(published(cwd), 'utf8');
    await appendFile(published(cwd), line.split('\n')[0]?.replace(/^1/, '9') ?? '');
    const out = await linesOf(bench);
    expect(out).toMatch(/✖ history: not append-only: events_refuse_update, .* is missing/);
    expect(out).toMatch(/⚠ seal key: .* is open to others than its owner → chmod 600 /);
    expect(out).toMatch(/✖ seals: .*seals\.log names seal 9, which the database does not have → /);
    await appendFile(published(cwd), '\nrubbish\n');
    await writeFile(keyFile(cwd), 'rubbish');
    const worse = await linesOf(bench);
    expect(worse).toMatch(/✖ seal key: .* holds no private Ed25519 key in PEM → /);
    expect(worse).toMatch(/✖ seals: .*:4 is no published seal → /);
  });
});
