import type { GateName } from '../../core/jobs/feature-gates.ts';
import { first, type Steps } from '../steps.ts';

/** One step on which the queue came into the house; each can be looked at on its own, and switched by its gates. */
export interface Phase {
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly goal: string;
  /** What brings it into a database. */
  readonly migrations: readonly string[];
  readonly tables: readonly string[];
  readonly views: readonly string[];
  readonly gates: readonly GateName[];
  /** What is refused, and changes nothing, while its gate is closed. */
  readonly operations: Readonly<Record<string, GateName>>;
}

export const PHASES = {
  '1': {
    title: 'substrate',
    goal: 'Work lies in tables of its own, and everything that touches them refuses while the gate is closed.',
    migrations: ['0003_substrate'],
    tables: ['job_queue', 'job_later', 'job_leases', 'job_dead_letter', 'queue_pauses'],
    views: [
      'v_job_queue_backlog',
      'v_job_queue_in_progress',
      'v_job_queue_dead_letter_open',
      'v_dead_letter_all',
    ],
    gates: ['queue.job_substrate.enabled'],
    operations: { enqueue: 'queue.job_substrate.enabled', claim: 'queue.job_substrate.enabled' },
  },
  '2': {
    title: 'retry, leases, dead letters',
    goal: 'What fails for a moment is tried again, what is lost is taken back, and what fails for good is kept.',
    migrations: ['0003_substrate', '0006_gate_proposals'],
    tables: ['job_later', 'job_leases', 'job_dead_letter', 'dispatch_repeats', 'gate_proposals'],
    views: ['v_job_queue_dead_letter_open', 'v_dead_letter_all'],
    gates: [
      'queue.retry.enabled',
      'queue.lease_reaper.enabled',
      'queue.retry.max_attempts.command',
      'queue.retry.max_attempts.http',
      'queue.retry.max_attempts.demo',
    ],
    operations: { retry: 'queue.retry.enabled', reap: 'queue.lease_reaper.enabled' },
  },
  '3': {
    title: 'heartbeats and waking',
    goal: 'Nobody is silent for long without somebody hearing of it, and nobody waits for a look who could be woken.',
    migrations: ['0003_substrate', '0009_places'],
    tables: ['queue_heartbeat'],
    views: ['v_queue_health'],
    gates: ['queue.notify.bridge_enabled'],
    operations: { notify: 'queue.notify.bridge_enabled' },
  },
} as const satisfies Readonly<Record<string, Phase>>;

export type PhaseNumber = keyof typeof PHASES;

export const PHASE_NUMBERS: readonly string[] = Object.keys(PHASES);

/** How many rows each table and each view of a phase has. */
export function* countPhase({ tables, views }: Phase): Steps<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const name of [...tables, ...views]) {
    const counted = yield* first<{ n: number }>(`select count(*) as n from ${name}`);
    counts[name] = counted?.n ?? 0;
  }
  return counts;
}
