import type { FileScheduleChange, ICalendar } from '../../ports/schedules.ts';
import type { Store } from '../../ports/store.ts';
import type { ScheduleSpec } from '../../schedules/schedule.ts';
import { takenWords } from '../../text/schedules/schedule-answers.ts';
import { tell } from '../people/people-news.ts';
import { amend } from '../runs/amend.ts';

interface FileSchedules {
  readonly schedules: readonly ScheduleSpec[];
  /** Of those who run the installation. */
  readonly opsChat?: string;
}

/**
 * Makes these the schedules of the file. It wins a name that somebody took in chat or over HTTP; that is on record, and is said
 * where the other one asked and to those who run this.
 */
export const takeFileSchedules = async (
  store: Pick<Store, 'now' | 'runs' | 'schedules'>,
  calendar: Pick<ICalendar, 'upcoming' | 'words'>,
  { schedules, opsChat }: FileSchedules,
): Promise<readonly FileScheduleChange[]> => {
  const changes = await store.schedules.replaceFileSchedules(schedules, calendar, await store.now());
  const specs = new Map(schedules.map((spec) => [spec.key, spec]));
  const taken = changes.flatMap(({ key, took }) => {
    const spec = specs.get(key);
    return took === undefined || spec === undefined ? [] : [{ spec, took }];
  });
  if (taken.length === 0) return changes;
  const at = await store.now();
  await amend(store, async () => ({
    said: { lines: [] },
    records: taken.map(({ spec: { key, jobKey, cron, timezone, chat, params } }) => ({
      type: 'ScheduleChanged',
      actor: 'system:file',
      payload: { schedule: key, job: jobKey, cron, timezone, chat, params },
    })),
    outbox: taken.flatMap(({ spec, took }) => {
      const words = takenWords(took, spec, calendar.words);
      const chats = new Set([took.spec.chat, ...(opsChat === undefined ? [] : [opsChat])]);
      return [...chats].map((chat) => tell(chat, `schedule-taken:${spec.key}:${at}`, words));
    }),
  }));
  return changes;
};
