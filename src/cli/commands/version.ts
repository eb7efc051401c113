import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { commitHere, migrationCount, packageVersion, sqliteVersion } from '../versions.ts';

/** `textops version [--full]` */
export const version = async (
  { voice }: CliContext,
  options: { readonly full: boolean },
): Promise<ExitCode> => {
  const textops = await packageVersion();
  const facts: Readonly<Record<string, string | number>> = options.full
    ? {
        textops,
        commit: await commitHere(),
        node: process.versions.node,
        sqlite: await sqliteVersion(),
        migrations: await migrationCount('sqlite'),
        platform: `${process.platform}-${process.arch}`,
      }
    : { textops };
  if (voice.json) voice.document('version', facts);
  else if (options.full) {
    voice.data(
      Object.entries(facts)
        .map(([name, value]) => `${name.padEnd(12)}${value}`)
        .join('\n'),
    );
  } else voice.data(textops);
  return EXIT.done;
};
