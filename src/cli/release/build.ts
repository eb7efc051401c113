import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { z } from 'zod';
import { isExpansion, readMigrations } from '../../db/migrations.ts';
import { Stop } from '../voice/stop.ts';
import { sha256Of, sumsOf } from './checksums.ts';
import { releaseFiles } from './contents.ts';
import { MANIFEST, type Manifest, SBOM, SUMS } from './manifest.ts';
import { readTestSummary } from './test-summary.ts';
import { ask } from './tools.ts';

export interface BuildInput {
  /** The repository. */
  readonly root: string;
  /** Where the archive goes. */
  readonly out: string;
  /** The report of the tests. */
  readonly tests: string;
  readonly configHash: string;
}

export interface Built {
  readonly file: string;
  readonly sha256: string;
  readonly files: number;
  readonly manifest: Manifest;
}

/**
 * One archive of exactly what is committed, with the packages that it runs on: the same commit, the same report and the same
 * configuration make the same bytes. Refuses whatever could not be told from it afterwards.
 */
export const buildRelease = async ({ root, out, tests, configHash }: BuildInput): Promise<Built> => {
  await assertClean(root);
  const commit = (await ask('git', ['rev-parse', 'HEAD'], root)).trim();
  const committedAt = new Date(Number(await ask('git', ['log', '-1', '--format=%ct'], root)) * 1000);
  const summary = await readTestSummary(tests, committedAt.getTime());
  const id = `${committedAt.toISOString().slice(0, 16).replaceAll(':', '')}Z-${commit.slice(0, 7)}`;
  await mkdir(out, { recursive: true });
  const stage = await mkdtemp(join(out, '.stage-'));
  try {
    const files = await releaseFiles(root);
    for (const file of files) await copyInto(stage, root, file);
    const sbom = await writeSbom(stage, root, committedAt);
    const manifest = await manifestOf(root, { commit, committedAt, id, configHash, tests: summary, sbom });
    await put(stage, MANIFEST, `${JSON.stringify(manifest, undefined, 2)}\n`);
    const all = [...files, SBOM, MANIFEST].toSorted();
    await put(stage, SUMS, await sumsOf(stage, all));
    const file = join(out, `textops-${manifest.version}-${id}.tar.gz`);
    await pack(stage, [...all, SUMS].toSorted(), file, committedAt);
    const sha256 = await sha256Of(file);
    await writeFile(`${file}.sha256`, `${sha256}  textops-${manifest.version}-${id}.tar.gz\n`);
    return { file, sha256, files: all.length + 1, manifest };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
};

const assertClean = async (root: string): Promise<void> => {
  const lines = (await ask('git', ['status', '--porcelain'], root)).split('\n').filter((line) => line !== '');
  if (lines.length === 0) return;
  throw new Stop({
    code: 'REFUSED',
    message: `The tree is dirty: ${lines.length} files are not as they were committed, such as ${lines[0]?.slice(3) ?? ''}.`,
    hint: 'Commit them, or put them away.',
  });
};

/** Rights as they are in the repository: for everybody to read, and to run what is to be run. */
const copyInto = async (stage: string, root: string, file: string): Promise<void> => {
  const from = join(root, file);
  const to = join(stage, file);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, ((await stat(from)).mode & 0o100) === 0 ? 0o644 : 0o755);
};

/** Whatever the build itself writes into a release. */
const put = async (stage: string, file: string, text: string): Promise<void> => {
  await writeFile(join(stage, file), text);
  await chmod(join(stage, file), 0o644);
};

interface Facts extends Pick<Manifest, 'commit' | 'id' | 'configHash' | 'tests' | 'sbom'> {
  readonly committedAt: Date;
}

const manifestOf = async (root: string, { committedAt, ...facts }: Facts): Promise<Manifest> => {
  const { version } = z
    .object({ name: z.literal('textops'), version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const names = (await readMigrations('sqlite')).map(({ name }) => name);
  return {
    name: 'textops',
    version,
    ...facts,
    committedAt: committedAt.toISOString(),
    node: process.versions.node,
    lockfileHash: `sha256:${await sha256Of(join(root, 'package-lock.json'))}`,
    schema: {
      newest: names.at(-1) ?? '',
      rollbackFloor: names.findLast((name) => !isExpansion(name)) ?? '',
    },
  };
};

const Sbom = z.looseObject({
  serialNumber: z.string().optional(),
  metadata: z.looseObject({ timestamp: z.string().optional() }),
  components: z.array(z.unknown()),
});

/** npm refuses a tree that is not what the lock file says, which is one more gate. */
const writeSbom = async (stage: string, root: string, at: Date): Promise<Manifest['sbom']> => {
  const text = await ask('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], root);
  // A number and a time of its own would make every build another one.
  const { serialNumber: _, ...rest } = Sbom.parse(JSON.parse(text));
  const sbom = { ...rest, metadata: { ...rest.metadata, timestamp: at.toISOString() } };
  await put(stage, SBOM, `${JSON.stringify(sbom, undefined, 2)}\n`);
  return {
    file: SBOM,
    components: sbom.components.length,
    sha256: await sha256Of(join(stage, SBOM)),
  };
};

/** In the order of names, with one time for all and without users. */
const pack = (stage: string, files: readonly string[], file: string, mtime: Date): Promise<void> =>
  create({ cwd: stage, file, gzip: { level: 9 }, portable: true, mtime, noPax: true, strict: true }, [
    ...files,
  ]);
