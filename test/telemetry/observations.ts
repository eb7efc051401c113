import type { Observation } from '../../src/core/ports/observe.ts';

type Kind = Observation['kind'];

const send = { key: 'card:K7M2QX:3', tries: 1, tookMs: 98 };

/** An approval, as a log or a trace is told of it. */
export const step = {
  event: 'RunApproved',
  actor: 'user:telegram:123',
  at: Date.UTC(2026, 10, 20, 14, 2, 41),
  jobKey: 'backup',
  heavy: false,
  status: 'Approved',
  epoch: 1,
  first: 3,
} as const;

/** One of each kind; the compiler complains when a kind is missing. */
export const observations = (words: string, error: unknown): readonly Observation[] => {
  const runId = 'K7M2QX';
  const every: { readonly [K in Kind]: Omit<Extract<Observation, { kind: K }>, 'kind'> } = {
    message_handled: { channel: words, intent: 'RunJob', runId, actor: words, tookMs: 12 },
    message_duplicate: { channel: words },
    message_ignored: { channel: 'telegram', reason: words },
    auth_refused: { channel: 'telegram', reason: words, actor: words },
    message_unreadable: { channel: 'telegram', reason: words },
    message_failed: { channel: 'telegram', inboxId: 7, attempts: 2, error },
    run_changed: { runId, ...step, jobKey: words, actor: words },
    never_policy_used: { runId, jobKey: words },
    transition_rejected: { runId, command: 'approve', why: 'already_voted', actor: words },
    attempt_started: { runId, attempt: 1, workerId: words, waitedMs: 40 },
    attempt_ended: {
      runId,
      jobKey: words,
      epoch: 1,
      attempt: 1,
      workerId: words,
      outcome: 'timeout',
      tookMs: 31_000,
    },
    report_refused: { runId, workerId: 'w1', why: words },
    lease_lost: { runId, workerId: words },
    lease_recovered: { runId, workerId: words, how: 'rerun' },
    schedule_skipped: { schedule: words, because: words, runId },
    schedule_missed: { schedule: words, times: 3 },
    outbox_sent: { address: words, runId, send: { ...send, key: words } },
    outbox_later: { address: 'telegram:1', runId, reason: words, ambiguous: true, send },
    outbox_dead: { address: 'telegram:1', runId, reason: words, send },
    outbound_dev: { address: 'dev:ops', runId, body: words },
    channel_state: { channel: 'telegram', state: 'down', reason: words },
    poll_failed: { channel: 'telegram', reason: 'timeout' },
    breaker_turned: { dependency: 'telegram', state: 'open' },
    advice: { advisor: 'parse', outcome: 'failed', error },
    leader_changed: { work: words, state: 'lost', fence: 3 },
    history_sealed: { number: 7, events: 50, chains: 12 },
    history_broken: { chain: runId, runId, words },
    release_changed: {
      phase: 'rolled_back',
      release: words,
      from: words,
      who: words,
      reason: words,
      tookMs: 1,
    },
    config_reloaded: { changes: [words] },
    config_rejected: { problems: [words] },
    trace_faulted: { error },
    started: { what: words },
    stopped: { what: words },
    request_failed: { method: 'GET', path: words, error },
    loop_faulted: { loop: words, runId, error },
  };
  // Each entry has exactly the fields of its kind; joining the two again is what the compiler cannot follow.
  return Object.entries(every).map(([kind, fields]) => ({ kind, ...fields }) as Observation);
};
