import { join, resolve } from 'node:path';
import { configHash } from '../../config/config-hash.ts';
import type { CliContext } from '../context.ts';
import { buildRelease } from '../release/build.ts';
import { ownFolder } from '../release/manifest.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

export interface BuildOptions {
  readonly out?: string;
  readonly tests?: string;
}

/** `textops release build`: one archive of this commit. stdout is the name of the file. */
export const releaseBuild = async (
  { voice, io, configuration }: CliContext,
  options: BuildOptions,
): Promise<ExitCode> => {
  const root = ownFolder();
  const { settings, config } = await configuration();
  const built = await buildRelease({
    root,
    out: options.out === undefined ? join(root, 'release') : resolve(io.cwd, options.out),
    tests:
      options.tests === undefined ? join(root, 'evidence', 'tests.json') : resolve(io.cwd, options.tests),
    configHash: configHash(settings, config.catalog),
  });
  if (voice.json) {
    voice.document('release', built);
    return EXIT.done;
  }
  const { tests, sbom } = built.manifest;
  voice.data(built.file);
  voice.talk(
    `${built.files} files, ${sbom.components} components, ${tests.passed} tests passed, ${tests.skipped} skipped; ` +
      `sha256 ${built.sha256}`,
  );
  return EXIT.done;
};
