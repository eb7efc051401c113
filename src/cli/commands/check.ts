import type { CatalogFile } from '../../config/catalog-file.ts';
import type { Settings } from '../../config/settings.ts';
import { DEV_ROLES, mayDecide } from '../../core/people/may.ts';
import { readSealKey } from '../../seals/key-file.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { orBadConfiguration } from '../seal-key.ts';
import { approvalWords } from './jobs.ts';

/** `textops check`: the validation of start, without starting. */
export const check = async ({ voice, configuration }: CliContext): Promise<ExitCode> => {
  const { settings, config, warnings } = await configuration();
  await readSealKey(settings.sealKeyFile).catch(orBadConfiguration);
  const { catalog, source, fileName } = config;
  const all = [...warnings, ...approvalWarnings(catalog, settings.profile)];
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

/** One for each job that the people of the file, and in dev whoever writes, could not get approved. */
export const approvalWarnings = (
  { jobs, people }: Pick<CatalogFile, 'jobs' | 'people'>,
  profile: Settings['profile'],
): readonly string[] => {
  const anybody = { id: 'dev', roles: DEV_ROLES };
  return jobs.flatMap(({ key, spec }) => {
    if (spec.approval.policy === 'never') return [];
    // On the dev door every address is another person, so one entitled stranger stands for any number.
    if (profile === 'dev' && mayDecide(anybody, spec)) return [];
    const able = people.filter((person) => mayDecide(person, spec)).length;
    const { quorum } = spec.approval;
    if (able >= quorum) return [];
    const who = able === 0 ? 'nobody' : `only ${plural(able, 'person', 'people')}`;
    return [
      `job ${key} needs ${plural(quorum, 'approval', 'approvals')} and the file names ${who} who may decide`,
    ];
  });
};

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
