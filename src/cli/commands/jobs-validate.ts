import { readCatalogAlone } from '../configuration.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/**
 * `textops jobs validate [FILE]`: the file alone, without settings, secrets or a database, so that it can be checked where
 * none of them exist. Ends with 78 and everything that is wrong.
 */
export const jobsValidate = async (
  { voice, environment, flags, io }: CliContext,
  named: string | undefined,
): Promise<ExitCode> => {
  const path = named ?? flags.config ?? environment().values['TEXTOPS_CONFIG'];
  const { fileName, catalog } = await readCatalogAlone(path, io.cwd);
  const { jobs, schedules, people } = catalog;
  if (voice.json) {
    voice.document('jobs-validate', {
      file: fileName,
      jobs: jobs.map(({ key }) => key),
      schedules: schedules.map(({ key }) => key),
      people: people.map(({ id }) => id),
    });
    return EXIT.done;
  }
  const counts = [
    ['job', jobs.length],
    ['schedule', schedules.length],
  ].map(([word, count]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  voice.data(`${fileName}: ok, ${counts.join(', ')}`);
  return EXIT.done;
};
