import { rows, type Steps } from './steps.ts';

/** A phase of the schema that can be taken back on its own, as long as nothing would be lost with it. */
export interface Part {
  /** What brought it; whatever builds on them later belongs here too. */
  readonly migrations: readonly string[];
  /** What must not be there, in words that follow a number, with the statement that counts it. */
  readonly holds: Readonly<Record<string, string>>;
  readonly tables: readonly string[];
  readonly drop: readonly string[];
}

export type PartName = 'substrate';

const counting = (table: string, where = ''): string => `select count(*) as n from ${table}${where}`;

export const PARTS: Readonly<Record<PartName, Part>> = {
  substrate: {
    migrations: ['0003_substrate', '0006_gate_proposals'],
    holds: {
      'in job_queue': counting('job_queue'),
      'in job_later': counting('job_later'),
      'in job_leases': counting('job_leases'),
      'in job_dead_letter': counting('job_dead_letter'),
      'in queue_pauses': counting('queue_pauses'),
      'in dispatch_repeats': counting('dispatch_repeats'),
      // What the migration itself put in comes back with it.
      'in gates that somebody switched': counting('gates', " where changed_by <> 'system:install'"),
      'in gate_proposals': counting('gate_proposals'),
      'in queue_heartbeat that still beat': counting('v_queue_health', " where hint = 'fresh'"),
    },
    tables: [
      'job_queue',
      'job_later',
      'job_leases',
      'job_dead_letter',
      'queue_pauses',
      'dispatch_repeats',
      'gates',
      'gate_proposals',
      'queue_heartbeat',
    ],
    // The queue itself and its heartbeats are older: the program before this part worked with them.
    drop: [
      'drop view v_queue_health',
      'drop view v_dead_letter_all',
      'drop view v_job_queue_dead_letter_open',
      'drop table queue_pauses',
      'drop table job_dead_letter',
      'drop table gates',
      'drop table gate_proposals',
      'drop table dispatch_repeats',
      ...['every_ms', 'silent_ms', 'registered_at', 'silent_at'].map(
        (column) => `alter table queue_heartbeat drop column ${column}`,
      ),
    ],
  },
};

export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];

/** `held`: nothing was changed; the counts say what is there. */
export type TakenDown =
  | { readonly kind: 'gone' | 'absent' }
  | { readonly kind: 'held'; readonly counts: Readonly<Record<string, number>> };

/** For a database that several transactions write to at once. */
export interface PartLocks {
  /** Keeps migrations waiting. */
  readonly turn: string;
  /** Keeps everybody out, so that nothing comes in between counting and dropping. */
  readonly tables: string;
}

/** All of it in one transaction. */
export function* takeDown({ holds, drop, migrations }: Part, locks?: PartLocks): Steps<TakenDown> {
  if (locks !== undefined) yield* rows(locks.turn);
  const there = yield* rows('select name from schema_migrations where name = any($1)', migrations);
  if (there.length === 0) return { kind: 'absent' };
  if (locks !== undefined) yield* rows(locks.tables);
  const counts: Record<string, number> = {};
  for (const [words, statement] of Object.entries(holds)) {
    const [counted] = yield* rows<{ n: number }>(statement);
    if (counted !== undefined && counted.n > 0) counts[words] = counted.n;
  }
  if (Object.keys(counts).length > 0) return { kind: 'held', counts };
  for (const statement of drop) yield* rows(statement);
  yield* rows('delete from schema_migrations where name = any($1)', migrations);
  return { kind: 'gone' };
}
