import type { IAiSummarizer, Timeline } from '../core/ports/advisor.ts';
import { gsm } from '../core/text/sms/gsm.ts';
import { formatDuration } from '../core/time/duration.ts';
import { isoOf } from '../core/time/instant.ts';

type RunEvent = Timeline['events'][number];

/** One text message. */
const CHARACTERS_MAX = 160;
const REASON_MAX = 80;

/** What became of the run, then why, then how it came to that; what has no room any more is left out. */
export const houseSummarizer: IAiSummarizer = {
  summarize: async ({ runId, events }) => {
    const { job, asked } = beginningOf(events);
    const [outcome, reason = ''] = events.reduce<Outcome>(
      (before, event) => outcomeOf(event) ?? before,
      ['has not begun'],
    );
    const why = reason === '' ? '' : `: ${cut(gsm(reason), REASON_MAX)}`;
    const head = cut(`${gsm(`${job} ${runId} ${outcome}`)}${why}`, CHARACTERS_MAX - 1);
    const way = [...asked, ...approvalsOf(events), ...startsOf(events)].map(gsm);
    return `${way.reduce(
      (line, part) => (line.length + part.length + 3 <= CHARACTERS_MAX ? `${line}. ${part}` : line),
      head,
    )}.`;
  },
};

/** What the run is, as a whole sentence behind its name, and why. */
type Outcome = readonly [outcome: string, reason?: string];

/** Undefined for an event after which the run is what it was before. */
const outcomeOf = (event: RunEvent): Outcome | undefined => {
  switch (event.type) {
    case 'RunCreated':
      return ['was asked for'];
    case 'ApprovalRequested':
      return event.payload.because === 'lost'
        ? ['asks what to do', 'its worker was lost']
        : ['waits for approval'];
    case 'ApprovalRecorded':
      return ['waits for more approvals'];
    case 'RunApproved':
      return ['is approved, not started'];
    case 'RunDenied':
      return [`was denied by ${event.payload.name}`, event.payload.reason ?? ''];
    case 'ApprovalTimedOut':
      return [
        'expired',
        event.payload.clock === 'decide-by' ? 'nobody answered' : 'nobody started it in time',
      ];
    case 'ExecutionDispatched':
      return ['is queued'];
    case 'ExecutionStarted':
      return [`runs on ${event.payload.WorkerId}`];
    case 'ExecutionRetried':
      return [`waits for attempt ${event.payload.attempt}`, event.payload.Summary];
    case 'ExecutionSucceeded':
      return [`succeeded in ${formatDuration(event.payload.tookMs)}`, event.payload.Summary];
    case 'ExecutionFailed': {
      const { attempt, Summary } = event.payload;
      return [attempt > 1 ? `failed after ${attempt} attempts` : 'failed', Summary];
    }
    case 'RunCanceled':
      return [`was canceled by ${event.payload.name}`];
    case 'ScheduleTriggered':
    case 'ApprovalReminded':
    case 'PreviewRecorded':
    case 'DenialExplained':
    case 'ApprovalEscalated':
    case 'ApprovalVoided':
    case 'RunResumed':
    case 'ExecutionProgressed':
    case 'ExecutionLost':
    case 'RunRecovered':
    case 'RiskFlagged':
    case 'AiParseUsed':
      return undefined;
  }
};

const beginningOf = ([first]: readonly RunEvent[]) => {
  if (first?.type !== 'RunCreated') return { job: 'run', asked: [] };
  const { jobKey } = first.payload;
  return { job: jobKey, asked: [`Asked by ${askerOf(first.payload)} ${clock(first.at)} UTC`] };
};

const askerOf = ({ requester }: Extract<RunEvent, { type: 'RunCreated' }>['payload']): string => {
  if (requester.kind === 'person') return requester.name;
  return requester.kind === 'schedule' ? `schedule ${requester.key}` : 'TextOps itself';
};

const approvalsOf = (events: readonly RunEvent[]): readonly string[] => {
  const names = events.flatMap((event) =>
    event.type === 'RunApproved' || event.type === 'ApprovalRecorded' ? (event.payload.vote?.name ?? []) : [],
  );
  return names.length === 0 ? [] : [`Approved by ${[...new Set(names)].join(', ')}`];
};

const startsOf = (events: readonly RunEvent[]): readonly string[] => {
  const starts = events.filter(({ type }) => type === 'ExecutionStarted');
  const [first] = starts;
  if (first === undefined) return ['Nothing ran'];
  return [`Started ${clock(first.at)}${starts.length > 1 ? `, ${starts.length} times` : ''}`];
};

const clock = (at: number): string => isoOf(at).slice(11, 16);

const cut = (words: string, max: number): string => {
  const line = words.trim().replace(/\.$/, '');
  return line.length > max ? `${line.slice(0, max - 3).trimEnd()}...` : line;
};
