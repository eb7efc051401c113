import { configHash } from '../../config/config-hash.ts';
import type { CliContext } from '../context.ts';
import { ownFolder, readManifest } from '../release/manifest.ts';
import { commitHere, migrationCount, packageVersion, sqliteVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/** `textops version [--full]` */
export const version = async (
  context: CliContext,
  options: { readonly full: boolean },
): Promise<ExitCode> => {
  const { voice } = context;
  const facts = options.full ? await everything(context) : { textops: await packageVersion() };
  if (voice.json) voice.document('version', facts);
  else if (options.full) {
    voice.data(
      Object.entries(facts)
        .map(([name, value]) => `${name.padEnd(12)}${value}`)
        .join('\n'),
    );
  } else voice.data(String(facts.textops));
  return EXIT.done;
};

const everything = async (context: CliContext): Promise<Readonly<Record<string, string | number>>> => {
  const release = await readManifest(ownFolder());
  return {
    textops: await packageVersion(),
    commit: await commitHere(),
    release: release?.id ?? 'none, a working copy',
    config: await hashOrProblem(context),
    tests:
      release === undefined
        ? 'not known of a working copy'
        : `${release.tests.passed} passed, ${release.tests.failed} failed, ${release.tests.skipped} skipped`,
    node: process.versions.node,
    sqlite: await sqliteVersion(),
    migrations: await migrationCount('sqlite'),
    platform: `${process.platform}-${process.arch}`,
  };
};

/** Which TextOps this is has to be answered where nothing is configured rightly as well. */
const hashOrProblem = async ({ configuration }: CliContext): Promise<string> => {
  try {
    const { settings, config } = await configuration();
    return configHash(settings, config.catalog);
  } catch (error) {
    if (error instanceof Stop) return error.message;
    throw error;
  }
};
