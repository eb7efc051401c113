import { execFileSync } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256Of } from '../../../src/cli/release/checksums.ts';
import { readManifest } from '../../../src/cli/release/manifest.ts';
import { unpackRelease } from '../../../src/cli/release/unpack.ts';
import { cliBench } from '../cli-bench.ts';
import { ID, repository } from './repository.ts';

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'textops-release-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
};

describe('a release', () => {
  test('says what it is: commit, configuration, tests, packages, schema', async () => {
    const { build, root, out } = await repository();
    const { file, manifest } = await build();
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
    expect(manifest).toMatchObject({
      name: 'textops',
      version: '1.2.3',
      commit,
      id: expect.stringMatching(ID),
      committedAt: '2026-11-20T14:00:00.000Z',
      configHash: 'sha256:abc',
      tests: { passed: 812, failed: 0, skipped: 3, startedAt: '2026-11-20T14:01:00.000Z' },
      sbom: { file: 'sbom.cdx.json', components: 1 },
      schema: { newest: expect.stringMatching(/^\d{4}_/), rollbackFloor: expect.stringMatching(/^\d{4}_/) },
    });
    expect(basename(file)).toBe(`textops-1.2.3-${manifest.id}.tar.gz`);
    expect((await readdir(out)).toSorted()).toEqual([basename(file), `${basename(file)}.sha256`]);
  });

  test('holds what is committed and the packages that it runs on, and nothing else', async () => {
    const { build } = await repository({ 'drizzle/sqlite/0000_tables.sql': 'select 1' });
    const { file } = await build();
    const { folder: there, manifest } = await unpackRelease(file, await folder());
    const files = await readdir(there, { recursive: true, withFileTypes: true });
    const names = files.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(names.map((name) => name.slice(there.length + 1)).toSorted()).toEqual([
      'SHA256SUMS',
      'bin/textops.js',
      'drizzle/sqlite/0000_tables.sql',
      'node_modules/tiny/index.js',
      'node_modules/tiny/package.json',
      'package-lock.json',
      'package.json',
      'release.json',
      'sbom.cdx.json',
      'src/main.ts',
    ]);
    expect((await stat(join(there, 'bin/textops.js'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(there, 'src/main.ts'))).mode & 0o777).toBe(0o644);
    expect(await readManifest(there)).toEqual(manifest);
    // The tools of every Linux agree.
    expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: there }).toString()).toBe(
      '',
    );
  });

  test('is the same bytes every time', async () => {
    const { build } = await repository();
    const first = await build(await folder());
    const second = await build(await folder());
    expect(second.sha256).toBe(first.sha256);
    expect(await sha256Of(second.file)).toBe(await sha256Of(first.file));
  });
});

describe('nothing is built', () => {
  test('of a dirty tree', async () => {
    const { build, write, out } = await repository();
    await write({ 'src/main.ts': 'export const changed = 1;\n' });
    await expect(build()).rejects.toThrow(
      'The tree is dirty: 1 files are not as they were committed, such as',
    );
    await write({ 'src/main.ts': 'export {};\n', 'new.txt': '' });
    await expect(build()).rejects.toThrow('such as new.txt');
    expect(await readdir(out)).toEqual([]);
  });

  test.each([
    ['failed', { numFailedTests: 1, success: false }, 'The tests failed (1 of 813); nothing is built.'],
    ['failed, and say they did not', { numFailedTests: 1 }, 'The tests failed'],
    ['broke off', { success: false }, 'The tests failed (0 of 812)'],
    ['were none', { numPassedTests: 0 }, 'tells of no test that passed'],
    [
      'are older than the commit',
      { startTime: Date.parse('2026-11-20T13:59:59Z') },
      'is older than the commit',
    ],
    ['are no report', { numPassedTests: 'many' }, 'is no report of the tests'],
  ])('when the tests %s', async (_what, more, words) => {
    const { build, report, out } = await repository();
    await report(more);
    await expect(build()).rejects.toThrow(words);
    expect(await readdir(out)).toEqual([]);
  });

  test('without a report, or with one that is no JSON', async () => {
    const { build, root, write } = await repository();
    await write({ 'evidence/tests.json': 'passed, I promise' });
    await expect(build()).rejects.toThrow('is no report of the tests');
    await rm(join(root, 'evidence'), { recursive: true });
    await expect(build()).rejects.toThrow('There is no test report at');
  });

  test('of packages that are not what the lock file says', async () => {
    const { build, root, out } = await repository();
    await rename(join(root, 'node_modules/tiny'), join(root, 'node_modules/gone'));
    await expect(build()).rejects.toThrow(/npm (?:ls|sbom) failed/);
    expect(await readdir(out)).toEqual([]);
  });
});

describe('what is unpacked', () => {
  const undos: (() => Promise<void>)[] = [];
  let file = '';
  beforeAll(async () => {
    const { build } = await repository({}, (undo) => undos.push(undo));
    ({ file } = await build());
  });
  afterAll(() => Promise.all(undos.map((undo) => undo())));
  const tampered = async (tamper: (there: string) => Promise<unknown>): Promise<string> => {
    const { folder: there } = await unpackRelease(file, await folder());
    await tamper(there);
    const again = join(await folder(), 'again.tar.gz');
    await create({ cwd: there, file: again, gzip: true }, await readdir(there));
    return again;
  };

  test.each<[string, (there: string) => Promise<unknown>, RegExp]>([
    ['a file was changed', (at) => writeFile(join(at, 'src/main.ts'), 'evil()'), /src\/main\.ts was changed/],
    [
      'a file was added',
      (at) => writeFile(join(at, 'src/evil.ts'), ''),
      /src\/evil\.ts is not in SHA256SUMS/,
    ],
    ['a file is missing', (at) => rm(join(at, 'src/main.ts')), /src\/main\.ts is missing/],
    ['a package was changed', (at) => writeFile(join(at, 'node_modules/tiny/index.js'), ''), /was changed/],
    [
      'its manifest was changed',
      (at) => writeFile(join(at, 'release.json'), '{}'),
      /is no release of TextOps/,
    ],
    ['its list is missing', (at) => rm(join(at, 'SHA256SUMS')), /is no release of TextOps/],
    [
      'a file is a link to elsewhere',
      async (at) => {
        await rm(join(at, 'src/main.ts'));
        await symlink('/etc/passwd', join(at, 'src/main.ts'));
      },
      /src\/main\.ts is missing/,
    ],
  ])('when %s is refused, and leaves nothing behind', async (_what, tamper, words) => {
    const archive = await tampered(tamper);
    const releases = await folder();
    await expect(unpackRelease(archive, releases)).rejects.toThrow(words);
    expect(await readdir(releases)).toEqual([]);
  });

  test('is refused when it is not the file that its checksum is of, or no archive', async () => {
    const releases = await folder();
    const copy = join(await folder(), basename(file));
    await copyFile(file, copy);
    await writeFile(`${copy}.sha256`, `${'0'.repeat(64)}  ${basename(file)}\n`);
    await expect(unpackRelease(copy, releases)).rejects.toThrow('is not what');
    const other = join(releases, 'other.tar.gz');
    await mkdir(releases, { recursive: true });
    await writeFile(other, 'hello');
    await expect(unpackRelease(other, releases)).rejects.toThrow(/cannot be unpacked|is no release/);
    await expect(unpackRelease(join(releases, 'nowhere'), releases)).rejects.toThrow('There is no file');
    expect(await readdir(releases)).toEqual(['other.tar.gz']);
  });

  test('once more over a damaged one, makes it whole', async () => {
    const releases = await folder();
    const { folder: there } = await unpackRelease(file, releases);
    await writeFile(join(there, 'src/main.ts'), 'damaged');
    await unpackRelease(file, releases);
    expect(await readFile(join(there, 'src/main.ts'), 'utf8')).toBe('export {};\n');
  });
});

describe('textops version --full', () => {
  test('of a working copy names its commit, its configuration and that no tests are known of it', async () => {
    const { textops, cwd } = await cliBench();
    const { code, out } = await textops('version', '--full');
    expect(code).toBe(0);
    expect(out).toMatch(/^commit {6}(?:[0-9a-f]{12}|unknown)$/m);
    expect(out).toMatch(/^config {6}[0-9a-f]{12}$/m);
    expect(out).toMatch(/^tests {7}not known of a working copy$/m);
    await writeFile(join(cwd, 'textops.yaml'), 'jbos: {}\n');
    expect((await textops('version', '--full')).out).toMatch(/^config {6}1 problem in the configuration$/m);
  });
});
