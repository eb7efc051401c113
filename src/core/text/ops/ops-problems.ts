import { formatDuration } from '../../time/duration.ts';
import type { OpsReading } from './ops-figures.ts';
import { manyFailed, OPS_LIMITS } from './ops-limits.ts';

/** How many lost attempts are named one by one. */
export const STALE_MAX = 3;

/** One problem and the command that treats it. */
export interface Problem {
  /** Always the same for the same kind of trouble. */
  readonly name: string;
  readonly words: string;
  /** The same in a few letters, where there is a shorter way to say it. */
  readonly short?: string;
  readonly cure: string;
}

/** Problems, worst first. */
export const problemsOf = (o: OpsReading): readonly Problem[] => {
  const problems: Problem[] = [];
  if (o.paused.includes('frozen'))
    problems.push({
      name: 'frozen',
      words: 'Everything is frozen: nothing is decided or started',
      cure: '/unfreeze',
    });
  if (o.paused.includes('off'))
    problems.push({ name: 'switched off', words: 'The queue is switched off', cure: '/gates' });
  if (o.paused.includes('queue'))
    problems.push({ name: 'paused', words: 'The queue is paused', cure: '/unpause queue' });
  for (const stale of o.stale.slice(0, STALE_MAX)) {
    const age = formatDuration(stale.sinceMs);
    problems.push({
      name: 'lost attempts',
      words: `Stale: ${stale.runId} ${stale.jobKey}, no beat for ${age}, worker ${stale.workerId} silent`,
      short: `stale ${stale.runId} ${age}, ${stale.workerId} silent`,
      cure: `/recover ${stale.runId}`,
    });
  }
  for (const { name, kind, sinceMs } of o.silent.slice(0, 3)) {
    problems.push({
      name: 'silence',
      words: `🔴 Silent: ${kind} ${name}, not heard for ${formatDuration(sinceMs)}`,
      cure: kind === 'worker' ? 'textops worker' : '/ops workers',
    });
  }
  for (const channel of o.channels.filter((c) => c.state !== 'ok' && c.state !== 'standby')) {
    problems.push({
      name: `channel ${channel.channel}`,
      words: `Channel ${channel.channel}: ${channel.reason ?? channel.state}`,
      cure: 'textops doctor',
    });
  }
  if (o.ready > 0 && o.workers.every((worker) => worker.beatMsAgo > OPS_LIMITS.workerBeatMs)) {
    problems.push({
      name: 'no worker',
      words: `No worker is alive and ${o.ready === 1 ? '1 run waits' : `${o.ready} runs wait`}`,
      cure: 'textops worker',
    });
  }
  if ((o.oldestReadyMs ?? 0) > OPS_LIMITS.oldestReadyMs) {
    const oldest = formatDuration(o.oldestReadyMs ?? 0);
    problems.push({
      name: 'slow queue',
      words: `Queue: oldest ready item waits ${oldest} (limit 2m), ${o.ready} items`,
      short: `queue ${o.ready}, oldest ${oldest}`,
      cure: '/runs queued',
    });
  }
  if ((o.schedule?.lateMs ?? 0) > OPS_LIMITS.scheduleLateMs) {
    const late = formatDuration(o.schedule?.lateMs ?? 0);
    problems.push({
      name: 'late schedules',
      words: `Schedules: the oldest due one waits ${late}`,
      cure: '/ops workers',
    });
  }
  if (manyFailed(o)) {
    const common =
      o.commonError === undefined ? '' : `, ${o.commonError.count} × "${o.commonError.summary.slice(0, 40)}"`;
    problems.push({
      name: 'failures',
      words: `Failures: ${o.failedHour} of ${o.endedHour} runs in 1h failed${common}`,
      short: `fail ${o.failedHour}/${o.endedHour} in 1h${o.commonError === undefined ? '' : ` (${o.commonError.summary.slice(0, 40)})`}`,
      cure: '/runs failed',
    });
  }
  const dead = o.deadInbox + o.deadOutbox;
  if (dead > 0)
    problems.push({
      name: 'dead letters',
      words: `Dead letters: ${o.deadInbox} in, ${o.deadOutbox} out`,
      cure: '/deadletters',
    });
  if ((o.oldestOutboxMs ?? 0) > OPS_LIMITS.outboxAgeMs) {
    const oldest = formatDuration(o.oldestOutboxMs ?? 0);
    problems.push({
      name: 'unsent messages',
      words: `Messages: the oldest unsent one waits ${oldest}`,
      cure: 'textops doctor',
    });
  }
  return problems;
};
