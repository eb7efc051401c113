import type { JobVersion } from '../../jobs/job.ts';
import { holdsRole, maySee } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { Store } from '../../ports/store.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Schedule } from '../../schedules/schedule.ts';
import { scheduleLines } from '../../text/schedules/schedule-words.ts';
import { type Heard, type Rooms, rightsOf, type Said } from '../messages/heard.ts';

const LIST_MAX = 1000;

export interface ScheduleSeen {
  readonly schedule: Schedule;
  /** The run that its last occurrence names. */
  readonly run?: LiveRun;
}

/** Whoever may know of its job. One whose job is gone has to be put right by somebody: that is for owners. */
export const mayKnowSchedule = (person: Person, job: JobVersion | undefined): boolean =>
  job === undefined ? holdsRole(person, 'owner') : maySee(person, rightsOf(job));

/** Schedules in force, by key, as far as this person may know of their jobs; all of them when nobody in particular asks. */
export const visibleSchedules = async (
  store: Pick<Store, 'schedules' | 'catalog' | 'runs'>,
  person: Person | undefined,
): Promise<readonly ScheduleSeen[]> => {
  const [schedules, jobs] = await Promise.all([store.schedules.list(LIST_MAX), store.catalog.list()]);
  const mayKnow = ({ spec }: Schedule): boolean =>
    person === undefined ||
    mayKnowSchedule(
      person,
      jobs.find((job) => job.key === spec.jobKey),
    );
  const visible = schedules.filter(mayKnow);
  const runs = await store.runs.find(visible.flatMap(({ last }) => last?.runId ?? []));
  return visible.map((schedule) => {
    const run = runs.get(schedule.last?.runId ?? '')?.state;
    return run === undefined ? { schedule } : { schedule, run };
  });
};

/** What fits into one message. */
const SHOWN_MAX = 20;

/** `/schedules`, on the wall clock of whoever asks. */
export const schedulesAnswer = async (rooms: Rooms, { person, at }: Heard): Promise<Said> => {
  const found = await visibleSchedules(rooms.store, person);
  if (found.length === 0)
    return { lines: [['There is no schedule of a job that you may ask for or decide.']] };
  const { timezone } = person;
  const shown = found.slice(0, SHOWN_MAX).map((one) => ({
    ...one,
    words: rooms.ambient.calendar.words(one.schedule.spec),
  }));
  const rest = found.length - shown.length;
  return {
    lines: [
      [found.length === 1 ? '1 schedule' : `${found.length} schedules`],
      ...scheduleLines(shown, { now: at, ...(timezone === undefined ? {} : { timezone }) }),
      ...(rest > 0 ? [[`… and ${rest} more: textops schedules`]] : []),
    ],
  };
};
