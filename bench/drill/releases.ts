import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface Release {
  readonly file: string;
  readonly id: string;
}

export interface Releases {
  /** Gone with `remove`. */
  readonly folder: string;
  readonly releases: Readonly<Record<'a' | 'b' | 'c' | 'bad' | 'idle', Release>>;
  readonly files: number;
  readonly remove: () => void;
}

const Built = z.object({
  data: z.object({ file: z.string(), files: z.number(), manifest: z.object({ id: z.string() }) }),
});

/** What it is that makes a release bad: it starts, answers, and is never ready. */
const READY = "return c.json({ status: 'ready' });";
const NEVER = "return c.json({ status: 'not_ready', reason: 'a drill' }, 503);";

/** It starts, is ready, beats and polls, and every run that it takes fails. */
const WORKS = "case 'succeed':\n        return completed(request, log);";
const FAILS = "case 'succeed':\n        return failed('exit', 'a drill', log.output());";

/** Five commits on top of what is committed, each built by itself as anybody would: clean, and with tests that were run. */
export const buildReleases = async (root: string): Promise<Releases> => {
  // On the same disk, because packages are linked and not copied.
  const folder = join(root, 'release', `drill-${process.pid}`);
  const clone = join(folder, 'clone');
  mkdirSync(folder, { recursive: true });
  run('git', ['clone', '--quiet', '--shared', root, clone], root);
  linkPackages(root, clone);
  const [a, b, c] = [commit(clone, 'a'), commit(clone, 'b'), commit(clone, 'c')];
  const commits = {
    a,
    b,
    c,
    bad: spoiled(clone, c, 'bad', ['src', 'web', 'health.ts'], READY, NEVER),
    idle: spoiled(clone, c, 'idle', ['src', 'worker', 'executors', 'demo-executor.ts'], WORKS, FAILS),
  };
  const report = join(folder, 'tests.json');
  run('npx', ['vitest', 'run', 'test/core', '--reporter=json', `--outputFile=${report}`], root);
  let files = 0;
  const build = (name: string): Release => {
    run('git', ['checkout', '--quiet', name], clone);
    const args = ['release', 'build', '--out', join(folder, 'out'), '--tests', report, '--json'];
    const { data } = Built.parse(
      JSON.parse(run(process.execPath, [join(clone, 'bin', 'textops.js'), ...args], clone)),
    );
    files = data.files;
    return { file: data.file, id: data.manifest.id };
  };
  const releases = {
    a: build(commits.a),
    b: build(commits.b),
    c: build(commits.c),
    bad: build(commits.bad),
    idle: build(commits.idle),
  };
  return { folder, releases, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const run = (tool: string, args: readonly string[], cwd: string): string =>
  execFileSync(tool, [...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });

/** npm tells of a tree only when all of it is there, and what it was built with is part of that. */
const linkPackages = (root: string, clone: string): void => {
  run('cp', ['--archive', '--link', join(root, 'node_modules'), clone], root);
};

const commit = (clone: string, name: string): string => {
  writeFileSync(join(clone, 'docs', 'drill.md'), `Release ${name} of a drill.\n`);
  return committed(clone, name);
};

/** One thing changed for the worse, and that alone. */
const spoiled = (
  clone: string,
  good: string,
  name: string,
  path: readonly string[],
  right: string,
  wrong: string,
): string => {
  run('git', ['checkout', '--quiet', '--detach', good], clone);
  const file = join(clone, ...path);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(right)) throw new Error(`${file} says in other words what it does right`);
  writeFileSync(file, text.replace(right, wrong));
  return committed(clone, name);
};

const committed = (clone: string, name: string): string => {
  run('git', ['add', '--all'], clone);
  const who = [
    '-c',
    'user.name=Drill',
    '-c',
    'user.email=drill@example.org',
    '-c',
    'core.hooksPath=/dev/null',
  ];
  run('git', [...who, 'commit', '--quiet', '--message', name], clone);
  return run('git', ['rev-parse', 'HEAD'], clone).trim();
};
