import type { z } from 'zod';
import { FileJob, FilePerson, FileSchedule } from './catalog-schema.ts';
import { checkJob } from './check-job.ts';
import { checkPeople } from './check-people.ts';
import { checkSchedule } from './check-schedule.ts';
import type { Finding, Path } from './problem.ts';

/**
 * Everything that a shape alone cannot say, also in a file whose shape is wrong here and there: an entry is
 * judged without its broken parts, so that one slip does not hide the next. What leans on a broken part
 * stays unsaid.
 */
export const checkEntries = (value: unknown, people: readonly string[]): Finding[] => {
  const jobs = entriesOf(FileJob, value, 'jobs');
  const schedules = entriesOf(FileSchedule, value, 'schedules');
  const persons = entriesOf(FilePerson, value, 'people');
  const jobKeys = Object.keys(partOf(value, 'jobs'));
  const findings = [
    ...[...jobs.found].flatMap(([key, job]) => checkJob(job, ['jobs', key])),
    ...[...schedules.found].flatMap(([key, schedule]) => {
      const job = jobs.broken.has(schedule.job) ? undefined : jobs.found.get(schedule.job);
      return checkSchedule(schedule, jobKeys, job, ['schedules', key]);
    }),
    ...checkPeople({
      jobs: jobs.found,
      schedules: schedules.found,
      people: persons.found,
      personIds: [...Object.keys(partOf(value, 'people')), ...people],
    }),
  ];
  const pruned = [jobs, schedules, persons].flatMap(({ broken }) => [...broken.values()].flat());
  return findings.filter(({ path }) => !pruned.some((part) => leansOn(path, part)));
};

interface Entries<T> {
  readonly found: ReadonlyMap<string, T>;
  /** The parts that were left out of an entry, by its key. */
  readonly broken: ReadonlyMap<string, readonly Path[]>;
}

const partOf = (value: unknown, key: string): object => {
  const part: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? part : {};
};

const entriesOf = <T>(schema: z.ZodType<T>, value: unknown, section: string): Entries<T> => {
  const found = new Map<string, T>();
  const broken = new Map<string, readonly Path[]>();
  for (const [key, entry] of Object.entries(partOf(value, section)) as [string, unknown][]) {
    const parsed = schema.safeParse(entry);
    const parts = parsed.success ? [] : parsed.error.issues.flatMap(brokenParts);
    if (parsed.success) found.set(key, parsed.data);
    if (parsed.success || !parts.every(standsAlone)) continue;
    const rest = schema.safeParse(without(entry, parts));
    if (!rest.success) continue;
    found.set(key, rest.data);
    broken.set(
      key,
      parts.map((part) => [section, key, ...part]),
    );
  }
  return { found, broken };
};

const brokenParts = (issue: z.core.$ZodIssue): Path[] => {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  // An entry cannot be taken out of a list without moving the others, so the list goes as a whole.
  const index = path.findIndex((step) => typeof step === 'number');
  return [index === -1 ? path : path.slice(0, index)];
};

// Nothing else in an entry depends on these. Without another part at the top, the rest would look wrong.
const ALONE = [
  'title',
  'timeout',
  'target',
  'priority',
  'concurrency',
  'secrets',
  'requesters',
  'name',
  'timezone',
];

const standsAlone = (part: Path): boolean =>
  part.length > 1 || (part.length === 1 && ALONE.includes(String(part[0])));

const without = (entry: unknown, parts: readonly Path[]): unknown => {
  const copy = structuredClone(entry);
  for (const part of parts) {
    const holder = part.slice(0, -1).reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), copy);
    Reflect.deleteProperty(Object(holder), part.at(-1) ?? '');
  }
  return copy;
};

/** Whether a finding stands beside a part that was left out, or below it, deeper than the entry itself. */
const leansOn = (path: Path, part: Path): boolean => {
  const parent = part.slice(0, -1);
  return parent.length > 2 && path.length > parent.length && parent.every((step, at) => path[at] === step);
};
