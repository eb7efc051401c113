import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Built, buildRelease } from '../../../src/cli/release/build.ts';

export interface Repository {
  readonly root: string;
  readonly out: string;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** Everything that was written, at that time. */
  readonly commit: (at: string) => void;
  readonly report: (more?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly build: (out?: string) => Promise<Built>;
}

export const COMMITTED = '2026-11-20T14:00:00Z';
export const ID = /^2026-11-20T1400Z-[0-9a-f]{7}$/;

const PACKAGE = {
  name: 'textops',
  version: '1.2.3',
  license: 'MIT',
  type: 'module',
  dependencies: { tiny: '1.0.0' },
};
const TINY = { name: 'tiny', version: '1.0.0', license: 'MIT' };

/** A small repository that looks like ours, with one package that it runs on and one that it does not. */
export const repository = async (
  files: Readonly<Record<string, string>> = {},
  cleanUp: (undo: () => Promise<void>) => void = onTestFinished,
): Promise<Repository> => {
  const root = await mkdtemp(join(tmpdir(), 'textops-repo-'));
  const out = await mkdtemp(join(tmpdir(), 'textops-out-'));
  cleanUp(() => rm(root, { recursive: true }));
  cleanUp(() => rm(out, { recursive: true }));
  const git = (args: readonly string[], at?: string) =>
    execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', ...args], {
      cwd: root,
      stdio: 'pipe',
      env: { ...process.env, ...(at === undefined ? {} : { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at }) },
    });
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
    }
  };
  const commit = (at: string): void => {
    git(['add', '-A']);
    git(['commit', '-q', '-m', 'all'], at);
  };
  const report: Repository['report'] = (more = {}) =>
    write({
      'evidence/tests.json': JSON.stringify({
        success: true,
        startTime: Date.parse(COMMITTED) + 60_000,
        numPassedTests: 812,
        numFailedTests: 0,
        numPendingTests: 3,
        numTodoTests: 0,
        ...more,
      }),
    });
  git(['init', '-q']);
  await write({
    '.gitignore': 'node_modules/\nevidence/\n',
    'package.json': JSON.stringify(PACKAGE),
    'package-lock.json': JSON.stringify({
      name: 'textops',
      version: '1.2.3',
      lockfileVersion: 3,
      packages: { '': PACKAGE, 'node_modules/tiny': { version: '1.0.0', license: 'MIT' } },
    }),
    'node_modules/tiny/package.json': JSON.stringify(TINY),
    'node_modules/tiny/index.js': 'module.exports = 1;\n',
    'bin/textops.js': '#!/usr/bin/env node\n',
    'src/main.ts': 'export {};\n',
    'test/main.test.ts': 'nothing that is installed\n',
    ...files,
  });
  commit(COMMITTED);
  await report();
  return {
    root,
    out,
    write,
    commit,
    report,
    build: (to = out) =>
      buildRelease({ root, out: to, tests: join(root, 'evidence/tests.json'), configHash: 'sha256:abc' }),
  };
};
