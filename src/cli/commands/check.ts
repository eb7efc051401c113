import { readSealKey } from '../../seals/key-file.ts';
import { approvalWarnings } from '../approval-warnings.ts';
import type { CliContext } from '../context.ts';
import { orBadConfiguration } from '../seal-key.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { approvalWords } from './jobs.ts';

/** `textops check`: the validation of start, without starting. */
export const check = async ({ voice, configuration }: CliContext): Promise<ExitCode> => {
  const { settings, config, warnings } = await configuration();
  await readSealKey(settings.sealKeyFile).catch(orBadConfiguration);
  const { catalog, source, fileName } = config;
  const all = [...warnings, ...approvalWarnings(catalog, settings)];
  if (voice.json) {
    const data = {
      profile: settings.profile,
      source: source === 'file' ? fileName : 'samples',
      jobs: catalog.jobs.map(({ key, spec }) => ({ key, title: spec.title, heavy: spec.heavy })),
      schedules: catalog.schedules.map(({ key }) => key),
      people: catalog.people.map(({ id }) => id),
    };
    voice.document('check', data, all);
    return EXIT.done;
  }
  const count = [
    plural(catalog.jobs.length, 'job', 'jobs'),
    plural(catalog.schedules.length, 'schedule', 'schedules'),
    plural(catalog.people.length, 'person', 'people'),
  ];
  voice.data(`${source === 'file' ? fileName : 'samples'}: ok, ${count.join(', ')}`);
  voice.table(
    ['JOB', 'RUNS', 'APPROVAL', 'TITLE'],
    catalog.jobs.map(({ key, spec }) => [
      key,
      `${spec.target.kind}${spec.heavy ? ', heavy' : ''}`,
      approvalWords(spec),
      spec.title,
    ]),
  );
  for (const warning of all) voice.talk(`warning: ${warning}`);
  return EXIT.done;
};

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
