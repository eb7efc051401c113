import type { ScheduleSeen } from '../../core/flows/schedules/schedules.ts';
import type { ICalendar } from '../../core/ports/schedules.ts';
import { firstOf } from '../../core/schedules/first-of.ts';
import { shortDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';

const UPCOMING = 3;

/** A schedule as programs read it. */
export const scheduleView = ({ schedule, run }: ScheduleSeen, calendar: ICalendar) => {
  const { spec, source, standing, last } = schedule;
  const { nextAt, snoozed, waitingFor, paused } = standing;
  const upcoming =
    nextAt === undefined ? [] : [nextAt, ...firstOf(calendar.upcoming(spec, nextAt), UPCOMING - 1)];
  return {
    key: spec.key,
    job: spec.jobKey,
    cron: spec.cron,
    timezone: spec.timezone,
    words: calendar.words(spec),
    chat: spec.chat,
    params: spec.params,
    overlap: spec.overlap,
    decideBy: spec.decideByMs === undefined ? null : shortDuration(spec.decideByMs),
    escalate:
      spec.escalate === undefined
        ? null
        : { after: shortDuration(spec.escalate.afterMs), to: spec.escalate.to },
    source,
    next: nextAt === undefined ? null : isoOf(nextAt),
    upcoming: upcoming.map(isoOf),
    snoozedFrom: snoozed === undefined ? null : isoOf(snoozed),
    waitingFor: waitingFor === undefined ? null : isoOf(waitingFor),
    paused: paused === undefined ? null : { by: paused.by, at: isoOf(paused.at) },
    last:
      last === undefined
        ? null
        : {
            dueAt: isoOf(last.dueAt),
            outcome: last.outcome,
            at: isoOf(last.at),
            runId: last.runId ?? null,
            runStatus: run?.status ?? null,
            times: last.times ?? null,
            because: last.because ?? null,
          },
  };
};
