import type { Observation, Observe } from '../../core/ports/observe.ts';
import { BREAKER_VALUES, type Meters } from './meters.ts';

/** Counts what happened. A fault in counting is counted too, and goes no further. */
export const countObservations =
  (meters: Meters): Observe =>
  (observation) => {
    try {
      // The compiler does not see that the entry of a kind takes exactly the observations of that kind.
      const count = COUNTS[observation.kind] as ((of: Observation, meters: Meters) => void) | undefined;
      count?.(observation, meters);
    } catch {
      meters.faults.inc();
    }
  };

type Kind = Observation['kind'];
type Of<K extends Kind> = Extract<Observation, { kind: K }>;

const COUNTS: { readonly [K in Kind]?: (of: Of<K>, meters: Meters) => void } = {
  message_handled: ({ channel, intent, tookMs, forbidden }, { received, handling, hits }) => {
    const outcome = forbidden === true ? 'forbidden' : intent === 'Unknown' ? 'unknown' : 'accepted';
    received.inc({ channel, intent, outcome });
    handling.observe({ channel, intent }, tookMs / 1000);
    hits.of += 1;
  },
  message_duplicate: ({ channel }, { received, deduplicated, hits }) => {
    received.inc({ channel, intent: 'none', outcome: 'duplicate' });
    deduplicated.inc({ channel });
    hits.of += 1;
    hits.known += 1;
  },
  message_failed: ({ channel, gaveUp }, { received }) => {
    if (gaveUp === true) received.inc({ channel, intent: 'none', outcome: 'error' });
  },
  message_unreadable: ({ channel }, { received }) => {
    received.inc({ channel, intent: 'none', outcome: 'error' });
  },
  outbox_sent: ({ address, content }, meters) => sent(meters, address, content, 'sent'),
  outbox_later: ({ address, content, ambiguous }, meters) =>
    sent(meters, address, content, ambiguous ? 'ambiguous' : 'retry'),
  outbox_dead: ({ address, content }, meters) => sent(meters, address, content, 'dead'),
  run_changed: (change, meters) => {
    countRun(change, meters);
    countAttempt(change, meters);
  },
  transition_rejected: ({ from = 'absent', command }, { invalid }) => {
    invalid.inc({ from, to: LEADS_TO[command] ?? 'other' });
  },
  attempt_started: ({ jobKey, heavy, sinceLeaveMs, again }, { jobs, duplicates }) => {
    if (again === true) duplicates.inc();
    if (jobKey === undefined || sinceLeaveMs === undefined) return;
    const { who, series } = jobs.of(jobKey, heavy);
    series.dispatch.observe(who, sinceLeaveMs / 1000);
  },
  attempt_ended: ({ jobKey, heavy, outcome, tookMs }, { jobs }) => {
    const { who, series } = jobs.of(jobKey, heavy);
    series.duration.observe({ ...who, status: ENDS[outcome] ?? 'failed' }, tookMs / 1000);
    if (outcome === 'canceled') series.attempts.inc({ ...who, outcome });
  },
  lease_recovered: (_, { recoveries }) => recoveries.inc(),
  schedule_skipped: ({ jobKey, because }, { jobs }) => {
    if (jobKey === undefined) return;
    const { who, series } = jobs.of(jobKey);
    series.triggers.inc({ ...who, outcome: because === 'overlap' ? 'skipped_overlap' : 'skipped' });
  },
  schedule_missed: ({ jobKey, times }, { jobs }) => {
    if (jobKey === undefined) return;
    const { who, series } = jobs.of(jobKey);
    series.triggers.inc({ ...who, outcome: 'missed' }, times);
  },
  poll_failed: ({ channel, reason }, { pollErrors }) => pollErrors.inc({ channel, reason }),
  breaker_turned: ({ dependency, state }, { breaker }) => breaker.set({ dependency }, BREAKER_VALUES[state]),
};

const sent = (
  { sent: messages }: Meters,
  address: string,
  content: 'card' | 'note' | undefined,
  result: 'sent' | 'retry' | 'ambiguous' | 'dead',
): void => {
  const channel = address.split(':', 1)[0] ?? '';
  messages.inc({ channel, kind: content ?? 'note', result });
};

const countRun = (change: Of<'run_changed'>, { jobs }: Meters): void => {
  const { jobKey, heavy, event, status, actor, channel, waitedMs, late } = change;
  const { who, series } = jobs.of(jobKey, heavy);
  if (event === 'RunCreated') series.created.inc({ ...who, origin: originOf(actor, channel) });
  if (event === 'ScheduleTriggered') {
    series.triggers.inc({ ...who, outcome: late === true ? 'late' : 'fired' });
  }
  if (waitedMs !== undefined && DECIDING.has(event)) {
    const decision = event === 'RunApproved' ? 'approved' : 'denied';
    series.approval.observe({ ...who, decision }, waitedMs / 1000);
  }
  if (ENDING.has(event)) series.finished.inc({ ...who, status: status.toLowerCase() });
};

/** An attempt ends in the history, in whichever process that is written. */
const countAttempt = (
  { jobKey, heavy, event, ended }: Of<'run_changed'>,
  { jobs, attemptsPerRun }: Meters,
): void => {
  if (ended === undefined) return;
  const outcome = outcomeOf(event, ended.outcome);
  if (outcome === undefined) return;
  const { who, series } = jobs.of(jobKey, heavy);
  series.attempts.inc({ ...who, outcome });
  if (event === 'ExecutionSucceeded' || event === 'ExecutionFailed')
    attemptsPerRun.observe({ worker: ended.workerId }, ended.attempt);
};

const outcomeOf = (event: string, reason: string): string | undefined => {
  switch (event) {
    case 'ExecutionSucceeded':
      return 'ok';
    case 'ExecutionRetried':
      return reason === 'timeout' ? 'timeout' : 'retryable';
    case 'ExecutionFailed':
      return reason === 'timeout' ? 'timeout' : 'permanent';
    case 'ExecutionLost':
      return reason === 'interrupted' ? 'interrupted' : 'lease_lost';
    default:
      return undefined;
  }
};

const DECIDING: ReadonlySet<string> = new Set(['RunApproved', 'RunDenied']);

const ENDING: ReadonlySet<string> = new Set([
  'ExecutionSucceeded',
  'ExecutionFailed',
  'RunDenied',
  'RunCanceled',
  'ApprovalTimedOut',
]);

const originOf = (
  actor: string,
  channel: string | undefined,
): 'chat' | 'schedule' | 'api' | 'web' | 'system' => {
  if (actor.startsWith('system')) return 'system';
  if (actor.startsWith('schedule:')) return 'schedule';
  if (channel === 'http') return 'api';
  return channel === 'web' ? 'web' : 'chat';
};

/** How an attempt ended, in fewer words than the reasons of failures. */
const ENDS: Readonly<Record<string, string>> = {
  succeeded: 'succeeded',
  timeout: 'timeout',
  canceled: 'canceled',
  interrupted: 'interrupted',
  lease_lost: 'lease_lost',
};

/** Where a command would have led. */
const LEADS_TO: Readonly<Record<string, string>> = {
  request: 'Created',
  approve: 'Approved',
  deny: 'Denied',
  explain: 'Denied',
  resume: 'Dispatching',
  cancel: 'Canceled',
  recover: 'AwaitingApproval',
  notify: 'AwaitingApproval',
  preview: 'AwaitingApproval',
  expire: 'Expired',
  start: 'Running',
  progress: 'Running',
  finish: 'Succeeded',
  lose: 'AwaitingApproval',
};
