import type { Target } from '../../../src/core/jobs/job.ts';
import type { Person } from '../../../src/core/people/person.ts';
import type { ScheduleSpec } from '../../../src/core/schedules/schedule.ts';
import { CATALOG, filesOf, type Listed, TIMETABLE } from '../people/catalog.ts';
import { RESIDENTS } from '../people/residents.ts';

/** What stands in the configuration file and on the disk of the town. Somebody edits it while programs run. */
export interface Town {
  jobs: readonly Listed[];
  people: readonly Person[];
  schedules: readonly ScheduleSpec[];
  readonly fingerprint: (target: Target) => Readonly<Record<string, string>>;
  readonly swap: (key: string) => void;
  /** Every fingerprint that a program was given, by program and file. */
  readonly given: Map<string, { readonly at: number; readonly files: Readonly<Record<string, string>> }[]>;
}

/** `timetable`: which of the schedules this town has. */
export const newTown = (timetable: readonly string[]): Town => {
  const editions = new Map<string, number>();
  return {
    jobs: CATALOG,
    people: RESIDENTS,
    schedules: TIMETABLE.filter(({ key }) => timetable.includes(key)),
    fingerprint: (target) => {
      if (target.kind !== 'command') return {};
      const key = (target.command[0] ?? '').replace(/^\.\/|\.sh$/g, '');
      return filesOf(key, editions.get(key) ?? 1);
    },
    swap: (key) => void editions.set(key, (editions.get(key) ?? 1) + 1),
    given: new Map(),
  };
};
