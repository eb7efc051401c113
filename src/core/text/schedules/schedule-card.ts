import type { LiveRun } from '../../runs/run.ts';
import type { Trigger } from '../../schedules/schedule.ts';
import { zonedClock, zonedMoment } from '../../time/zoned.ts';
import { clock, digest, reasonSpans, version } from '../cards/card-parts.ts';
import type { Line, Span } from '../cards/rich.ts';

/** When it was due, why it is asked, and what silence means. */
export const dueLines = (run: LiveRun, trigger: Trigger, decideBy: number): readonly Line[] => [
  ['Due ', moment(trigger.dueAt), ...lateSpans(run, trigger), ` · ${trigger.words}`],
  [
    'If nobody answers by ',
    clock(decideBy),
    ' it is skipped',
    ...(trigger.nextAt === undefined ? [] : [' until ', moment(trigger.nextAt)]),
    `. · ${digest(run)}`,
  ],
];

const lateSpans = ({ createdAt }: LiveRun, { late }: Trigger): readonly Span[] =>
  late === undefined ? [] : [', asked late ', clock(createdAt), ` because ${BECAUSE[late]}`];

const BECAUSE = {
  away: 'TextOps was not running',
  overlap: 'the run before had not ended',
  snoozed: 'it was put off',
} as const;

/** A no to an occurrence leaves out this one; the next comes as if nothing had been. */
export const skippedLine = (run: LiveRun & { readonly status: 'Denied' }, trigger: Trigger): Line => [
  `${version(run)} · by ${run.by} `,
  clock(run.endedAt),
  ...reasonSpans(run),
  ...nextSpans(trigger),
];

/** " · next Mon 24 Nov 08:00". */
export const nextSpans = ({ nextAt }: Trigger): readonly Span[] =>
  nextAt === undefined ? [] : [' · next ', moment(nextAt)];

/** For channels without cards; on the wall clock of the schedule, because nobody knows the reader's. */
export const scheduledQuestion = (run: LiveRun, trigger: Trigger, decideBy: number): string => {
  const { runId, jobKey } = run;
  const { timezone, late } = trigger;
  const due = zonedMoment(trigger.dueAt, timezone);
  const lateness = late === undefined ? '' : `, asked late because ${BECAUSE[late]}`;
  return (
    `Scheduled job "${jobKey}" is ready (due ${due} ${timezone}${lateness}). ` +
    `Reply YES ${runId} to approve or NO ${runId} to skip it this time, by ${zonedClock(decideBy, timezone)}.`
  );
};

/** "Next: Mon 24 Nov 08:00 Europe/Berlin.", or nothing when none comes any more. */
export const nextSentence = ({ nextAt, timezone }: Trigger): string =>
  nextAt === undefined ? '' : ` Next: ${zonedMoment(nextAt, timezone)} ${timezone}.`;

const moment = (time: number): Span => ({ time, as: 'moment' });
