import { type ScheduleSeen, visibleSchedules } from '../../core/flows/schedules/schedules.ts';
import { zonedMoment } from '../../core/time/zoned.ts';
import { calendar } from '../../scheduler/calendar.ts';
import { scheduleView } from '../../web/api/schedule-view.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops schedules`: what is asked for by the clock; times are those of each schedule's own zone. */
export const schedules = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const { found, now } = await withStore(async (store) => ({
    found: await visibleSchedules(store, undefined),
    now: await store.now(),
  }));
  if (voice.json) {
    voice.document(
      'schedules',
      found.map((one) => scheduleView(one, calendar)),
    );
    return EXIT.done;
  }
  voice.table(
    ['SCHEDULE', 'JOB', 'WHEN', 'NEXT', 'LAST', 'CHAT'],
    found.map((one) => scheduleRow(one, now)),
  );
  if (found.length === 0)
    voice.talk('No schedules yet: "textops start" brings them in from the configuration.');
  return EXIT.done;
};

const scheduleRow = ({ schedule, run }: ScheduleSeen, now: number) => {
  const { spec, standing, last } = schedule;
  const show = (at: number): string => zonedMoment(at, spec.timezone, now);
  const next = standing.nextAt === undefined ? 'never' : show(standing.nextAt);
  const ended = last === undefined ? [] : [show(last.dueAt), run?.status ?? last.outcome, last.runId ?? ''];
  return [
    spec.key,
    spec.jobKey,
    calendar.words(spec),
    standing.paused === undefined ? next : `paused by ${standing.paused.by}`,
    ended.join(' ').trimEnd(),
    spec.chat,
  ];
};
