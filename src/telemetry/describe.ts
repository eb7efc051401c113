import type { Observation, Send } from '../core/ports/observe.ts';
import { formatDuration } from '../core/time/duration.ts';
import type { LogEvent, LogLevel } from './record.ts';
import { describeRunEvent } from './run-event.ts';
import type { SpanKey } from './trace/ids.ts';

// Longer than a room should be: it is the list of everything that the log says, one entry per observation.

/** What the log says about an observation. Fields that are left out are null in the record. */
export interface Described {
  readonly level: LogLevel;
  readonly event: LogEvent;
  readonly msg: string;
  readonly runId?: string | undefined;
  /** What the span of the line stands for, in the trace of its run; see `spanIdOf`. */
  readonly span?: SpanKey;
  readonly job?: string;
  readonly attempt?: number;
  readonly actor?: string | undefined;
  readonly workerId?: string;
  readonly channel?: string;
  readonly outcome?: string;
  readonly durationMs?: number;
  readonly error?: unknown;
}

/** The one place where observations become words. */
export const describe = (observation: Observation): Described => {
  // The compiler does not see that the entry of a kind takes exactly the observations of that kind.
  const words = WORDS[observation.kind] as (told: Observation) => Described;
  return words(observation);
};

type Kind = Observation['kind'];
type Of<K extends Kind> = Extract<Observation, { kind: K }>;

const WORDS: { readonly [K in Kind]: (observation: Of<K>) => Described } = {
  message_handled: ({ channel, intent, runId, actor, tookMs }) => ({
    level: 'info',
    event: 'message.received',
    msg: `message of ${channel} handled as ${intent}${runId === undefined ? '' : ` for run ${runId}`}`,
    channel,
    outcome: intent,
    runId,
    actor,
    durationMs: tookMs,
  }),
  message_duplicate: ({ channel }) => ({
    level: 'info',
    event: 'message.duplicate',
    msg: `message of ${channel} came again; once was enough`,
    channel,
  }),
  message_ignored: ({ channel, reason }) => ({
    level: 'debug',
    event: 'message.ignored',
    msg: `message of ${channel} ignored: ${reason}`,
    channel,
    outcome: reason,
  }),
  auth_refused: ({ channel, reason, actor }) => ({
    level: 'info',
    event: 'auth.refused',
    msg: `refused on ${channel}: ${reason}`,
    channel,
    outcome: reason,
    ...(actor === undefined ? {} : { actor }),
  }),
  message_unreadable: ({ channel, reason }) => ({
    level: 'warn',
    event: 'message.rejected',
    msg: `message of ${channel} could not be read: ${reason}`,
    channel,
  }),
  message_failed: ({ channel, inboxId, attempts, error }) => ({
    level: 'error',
    event: 'message.failed',
    msg: `message ${inboxId} of ${channel} could not be handled (try ${attempts})`,
    channel,
    error,
  }),
  run_changed: ({ runId, jobKey, status, event, actor, at, attempt, ended, first }) => ({
    ...describeRunEvent({ runId, event, actor }),
    runId,
    span: ended === undefined ? ['commit', first] : ['attempt', ended.epoch, ended.attempt],
    job: jobKey,
    ...attemptOf(ended?.attempt ?? attempt),
    actor,
    outcome: status,
    ...(ended === undefined ? {} : { durationMs: Math.max(0, at - ended.startedAt) }),
  }),
  never_policy_used: ({ runId, jobKey }) => ({
    level: 'warn',
    event: 'policy.never_used',
    msg: `run ${runId} of ${jobKey} starts without a person: its policy is never`,
    runId,
    job: jobKey,
    actor: 'policy:never',
  }),
  transition_rejected: ({ runId, command, why, actor }) => ({
    level: 'info',
    event: 'transition_rejected',
    msg: `run ${runId}: ${command} by ${actor} refused: ${why}`,
    runId,
    actor,
    outcome: why,
  }),
  attempt_started: ({ runId, attempt, workerId, waitedMs }) => ({
    level: 'info',
    event: 'execution.started',
    msg: `run ${runId}: attempt ${attempt} started on ${workerId} after ${formatDuration(waitedMs)}`,
    runId,
    attempt,
    workerId,
  }),
  attempt_ended: ({ runId, jobKey, epoch, attempt, workerId, outcome, tookMs }) => ({
    level: outcome === 'succeeded' ? 'info' : 'warn',
    event: outcome === 'timeout' ? 'execution.timed_out' : 'execution.ended',
    msg: `run ${runId}: attempt ${attempt} ended on ${workerId} after ${formatDuration(tookMs)}: ${outcome}`,
    runId,
    span: ['exec', epoch, attempt],
    job: jobKey,
    attempt,
    workerId,
    outcome,
    durationMs: tookMs,
  }),
  report_refused: ({ runId, workerId, why }) => ({
    level: 'warn',
    event: 'execution.report_refused',
    msg: `run ${runId}: the report of ${workerId} did not count: ${why}`,
    runId,
    workerId,
    outcome: why,
  }),
  lease_lost: ({ runId, workerId }) => ({
    level: 'warn',
    event: 'lease.lost',
    msg: `run ${runId}: ${workerId} lost its lease`,
    runId,
    workerId,
  }),
  lease_recovered: ({ runId, workerId, how }) => ({
    level: 'warn',
    event: 'lease.recovered',
    msg: `run ${runId}: recovered from ${workerId}: ${how}`,
    runId,
    actor: 'system:recovery',
    workerId,
    outcome: how,
  }),
  schedule_skipped: ({ schedule, because, runId }) => ({
    level: because === 'overlap' ? 'info' : 'warn',
    event: 'schedule.skipped',
    msg: `schedule ${schedule} left one out: ${because}${runId === undefined ? '' : `, run ${runId} has not ended`}`,
    runId,
    actor: `schedule:${schedule}`,
    outcome: because,
  }),
  schedule_missed: ({ schedule, times }) => ({
    level: 'warn',
    event: 'schedule.missed',
    msg: `schedule ${schedule} missed ${times === 1 ? 'one' : times} while nobody was there`,
    actor: `schedule:${schedule}`,
  }),
  outbox_sent: ({ address, runId, send }) => ({
    level: 'debug',
    event: 'outbox.sent',
    msg: `message to ${address} sent`,
    ...sendWords(address, runId, send),
  }),
  outbox_later: ({ address, runId, reason, ambiguous, send }) => ({
    level: 'info',
    event: 'outbox.retry',
    msg: `message to ${address} waits: ${reason}${ambiguous ? ' (it may have arrived)' : ''}`,
    ...sendWords(address, runId, send),
  }),
  outbox_dead: ({ address, runId, reason, send }) => ({
    level: 'error',
    event: 'outbox.dead',
    msg: `message to ${address} given up: ${reason}`,
    ...sendWords(address, runId, send),
  }),
  outbound_dev: ({ runId, body }) => ({
    level: 'info',
    event: 'outbound.dev',
    msg: `OUTBOUND (dev): ${body}`,
    runId,
    actor: SENDER,
    channel: 'dev',
  }),
  channel_state: ({ channel, state, reason }) => ({
    level: state === 'ok' || state === 'standby' ? 'info' : 'warn',
    event: CHANNEL_EVENTS[state],
    msg: `channel ${channel}: ${state}${reason === undefined ? '' : `, ${reason}`}`,
    channel,
    outcome: state,
  }),
  poll_failed: ({ channel, reason }) => ({
    level: 'debug',
    event: 'channel.poll_failed',
    msg: `channel ${channel} could not be heard: ${reason}`,
    channel,
    outcome: reason,
  }),
  breaker_turned: ({ dependency, state }) => ({
    level: state === 'open' ? 'warn' : 'info',
    event: 'breaker.turned',
    msg: `${dependency}: ${BREAKER_WORDS[state]}`,
    outcome: state,
  }),
  advice: ({ advisor, outcome, error }) => ({
    // A cap that is reached is told by /ai/status; a burst of requests must not become a burst of warnings.
    level: outcome === 'answered' || outcome === 'limited' ? 'debug' : 'warn',
    event: outcome === 'answered' ? 'advice.given' : 'advice.missed',
    msg:
      outcome === 'answered'
        ? `the advisor for ${advisor} answered`
        : `done without the advisor for ${advisor}: ${outcome}`,
    outcome,
    ...(error === undefined ? {} : { error }),
  }),
  leader_changed: ({ work, state, fence }) => ({
    level: state === 'gained' ? 'info' : 'warn',
    event: state === 'gained' ? 'leader.gained' : 'leader.lost',
    msg:
      state === 'gained' ? `this process does ${work}, fence ${fence}` : `this process does ${work} no more`,
    outcome: state,
  }),
  history_sealed: ({ number, events, chains }) => ({
    level: 'debug',
    event: 'history.sealed',
    msg: `seal ${number} covers ${events} more events of ${chains} chains`,
  }),
  history_broken: ({ chain, runId, words }) => ({
    level: 'error',
    event: 'history.broken',
    msg: `the history of ${chain} is not sealed: ${words}`,
    runId,
    actor: 'system:sealer',
  }),
  release_changed: ({ phase, release, from, who, reason, tookMs }) => ({
    level: phase === 'failed' ? 'error' : phase === 'rolled_back' ? 'warn' : 'info',
    event: `release.${phase}`,
    msg:
      `release ${release}: ${RELEASE_WORDS[phase]}${from === undefined ? '' : `, from ${from}`}` +
      (reason === undefined ? '' : `: ${reason}`),
    actor: `cli:${who}`,
    outcome: phase,
    durationMs: tookMs,
  }),
  config_reloaded: ({ changes }) => ({
    level: 'info',
    event: 'config.reloaded',
    msg: `reloaded: ${changes.length === 0 ? 'nothing changed' : changes.join('; ')}`,
  }),
  config_rejected: ({ problems }) => ({
    level: 'warn',
    event: 'config.rejected',
    msg: `the old catalog stays live: ${problems.join('; ')}`,
  }),
  started: ({ what }) => ({ level: 'info', event: 'process.started', msg: `${what} started` }),
  stopped: ({ what }) => ({ level: 'info', event: 'process.stopped', msg: `${what} stopped` }),
  trace_faulted: ({ error }) => ({
    level: 'warn',
    event: 'trace.faulted',
    msg: 'spans were lost',
    error,
  }),
  request_failed: ({ method, path, error }) => ({
    level: 'error',
    event: 'request.failed',
    msg: `${method} ${path} could not be answered`,
    error,
  }),
  loop_faulted: ({ loop, runId, error }) => ({
    level: 'error',
    // What a worker does beside beating, claiming and leaving is always about one attempt.
    event: OF_ATTEMPTS.has(loop) ? 'execution.faulted' : 'loop.faulted',
    msg: `${loop} met a fault and goes on`,
    runId,
    ...(runId === undefined ? {} : { actor: `system:${loop}` }),
    error,
  }),
};

const OF_ATTEMPTS: ReadonlySet<string> = new Set([
  'worker-start',
  'worker-progress',
  'worker-report',
  'worker-execute',
]);

const SENDER = 'system:sender';

const attemptOf = (attempt: number | undefined): Pick<Described, 'attempt'> =>
  attempt === undefined ? {} : { attempt };

const sendWords = (
  address: string,
  runId: string | undefined,
  send: Send | undefined,
): Pick<Described, 'runId' | 'span' | 'actor' | 'channel' | 'durationMs'> => ({
  runId,
  actor: SENDER,
  channel: channelOf(address),
  ...(send === undefined ? {} : { span: ['send', send.key, address, send.tries], durationMs: send.tookMs }),
});

const CHANNEL_EVENTS = {
  ok: 'channel.recovered',
  degraded: 'channel.degraded',
  down: 'channel.degraded',
  standby: 'channel.standby',
} as const;

const RELEASE_WORDS = {
  started: 'the installation is brought to it',
  healthy: 'it serves',
  rolled_back: 'back again',
  failed: 'it does not serve, and nothing else does',
} as const;

const BREAKER_WORDS = {
  open: 'nothing is sent there for a while',
  half_open: 'the next message shows whether it is back',
  closed: 'messages arrive again',
} as const;

const channelOf = (address: string): string => address.split(':')[0] ?? address;
