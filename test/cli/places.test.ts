import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliBench } from './cli-bench.ts';
import { answerJson, loopback } from './loopback.ts';

/** A folder with a database in it, a file called `file` and a folder called `folder`. */
const furnished = async () => {
  const bench = await cliBench();
  await bench.inStore(async () => undefined);
  await writeFile(join(bench.cwd, 'file'), 'mine');
  await mkdir(join(bench.cwd, 'folder'));
  return bench;
};

describe('where nothing can be written, a command ends in one sentence and leaves nothing behind:', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['an export over a folder', ['audit', 'export', '--out', 'folder'], /folder cannot be written: EISDIR/],
    ['an export below a file', ['audit', 'export', '--out', 'file/x'], /file\/x cannot be written: ENOTDIR/],
    ['an export to nowhere', ['audit', 'export', '--out', ''], /cannot be written: EISDIR/],
    ['a backup below a file', ['db', 'backup', '--to', 'file/x'], /file\/x cannot be made \(ENOTDIR\)\./],
    ['a scorecard over a folder', ['scorecard', '--markdown', 'folder'], /folder could not be written\./],
    ['a database below a file', ['migrate', '--db', 'file:file/x.db'], /x\.db cannot be used: /],
  ])('%s', async (_, argv, words) => {
    const { textops, cwd } = await furnished();
    const before = await readdir(cwd, { recursive: true });
    const { code, out, err } = await textops(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
    expect(err).not.toContain('    at ');
    expect(await readdir(cwd, { recursive: true })).toEqual(before);
    expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('mine');
  });

  test('a drill, before anybody is asked for anything', async () => {
    const { textops } = await furnished();
    let asked = 0;
    const { url } = await loopback((_, response) => {
      asked += 1;
      answerJson(response, { run: { runId: 'K7M2QX' } }, 201);
    });
    const argv = ['drill', 'consistency', 'backup', '--server', url, '--evidence', 'file/evidence'];
    expect(await textops(...argv)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/file\/evidence cannot be made\.\n$/),
    });
    expect(asked).toBe(0);
  });
});

describe('what cannot be read is one sentence that names it:', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    [
      'a folder of seals',
      ['audit', 'verify', '--seals', 'folder'],
      1,
      /^\S+\/folder cannot be read \(EISDIR\)\n$/,
    ],
    [
      'seals below a file',
      ['audit', 'verify', '--seals', 'file/x'],
      1,
      /^\S+\/file\/x cannot be read \(ENOTDIR\)\n$/,
    ],
    ['a folder of jobs', ['jobs', 'validate', 'folder'], 78, /^folder cannot be read \(EISDIR\)\n$/],
    ['the folder itself', ['jobs', 'validate', '.'], 78, /^\/\S+ cannot be read \(EISDIR\)\n$/],
    ['jobs below a file', ['check', '--config', 'file/x'], 78, /^file\/x cannot be read \(ENOTDIR\)\n$/],
    ['a folder of variables', ['check', '--env-file', 'folder'], 78, /^folder: cannot be read \(EISDIR\)\n$/],
    [
      'a folder as a backup',
      ['db', 'restore', 'folder', '--yes', 'folder'],
      4,
      /folder cannot be read as a backup: /,
    ],
    ['a folder as a copy', ['db', 'verify', 'file:folder'], 1, /folder cannot be used: /],
  ])('%s', async (_, argv, code, words) => {
    const { textops } = await furnished();
    const answer = await textops(...argv);
    expect(answer).toMatchObject({ code, err: expect.stringMatching(words) });
    expect(answer.err).not.toContain('    at ');
  });
});

describe('a file of variables', () => {
  test('may begin with the mark that some editors write, and nothing of it is lost', async () => {
    const { cwd, textops } = await cliBench();
    await writeFile(join(cwd, '.env'), '\u{FEFF}HTTP_PORT=6001\nLOG_LEVEL=warn\n');
    const { out } = await textops('config', 'explain');
    expect(out).toContain('HTTP_PORT\t6001\t.env\n');
    expect(out).toContain('LOG_LEVEL\twarn\t.env\n');
    await writeFile(join(cwd, '.env'), '\u{FEFF}HTTP_PORT=many\n');
    expect((await textops('check')).err).toMatch(/^HTTP_PORT: "many" is not a whole number/);
  });

  test('says a name twice, and the last one counts; names of anything else change nothing', async () => {
    const { cwd, textops } = await cliBench();
    await writeFile(
      join(cwd, '.env'),
      'HTTP_PORT=1\n__proto__=x\nconstructor=y\ntoString=z\nHTTP_PORT=6002\nhttp_port=3\n',
    );
    const { code, out } = await textops('config', 'explain');
    expect(code).toBe(0);
    expect(out).toContain('HTTP_PORT\t6002\t.env\n');
    expect(out).not.toMatch(/proto|constructor|toString/);
  });
});
