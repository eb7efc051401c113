import type { Inbound } from '../../core/ports/channel.ts';
import type { IDeadLetters } from '../../core/ports/upkeep.ts';
import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import { fromJson, given } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { type Param, rows, type Steps } from '../steps.ts';

export const deadLettersOf = (engine: Engine): IDeadLetters => ({
  list: (limit) =>
    engine.read(function* () {
      const found = yield* letters('true', 'order by id desc limit $1', limit);
      return found.toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, limit);
    }),
  find: (id) => engine.read(() => letters('id = $1', '', id)),
});

/** Of every kind, read from the indexes that hold nothing but dead ones. */
function* letters(condition: string, tail: string, param: Param): Steps<readonly DeadLetter[]> {
  const jobs = yield* rows<JobRow>(
    'select id, run_id, job_key, attempt, error, at from job_dead_letter ' +
      `where state = 'open' and ${condition} ${tail}`,
    param,
  );
  const inbound = yield* rows<InboundRow>(
    'select id, lane, body, attempts, error, run_id, received_at from inbox ' +
      `where state = 'dead' and ${condition} ${tail}`,
    param,
  );
  const outbound = yield* rows<OutboundRow>(
    'select id, address, kind, run_id, attempts, error, created_at, ' +
      '(select updated_at from runs where runs.id = outbox.run_id) as changed_at from outbox ' +
      `where state = 'dead' and ${condition} ${tail}`,
    param,
  );
  return [...jobs.map(ofJob), ...inbound.map(ofInbound), ...outbound.map(ofOutbound)];
}

interface JobRow {
  readonly id: number;
  readonly run_id: string;
  readonly job_key: string;
  readonly attempt: number;
  readonly error: string;
  readonly at: number;
}

const ofJob = ({ id, run_id, job_key, attempt, error, at }: JobRow): DeadLetter => ({
  kind: 'job',
  id,
  about: run_id,
  runId: run_id,
  jobKey: job_key,
  attempts: attempt,
  error,
  at,
});

interface InboundRow {
  readonly id: number;
  readonly lane: string;
  readonly body: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly run_id: string | null;
  readonly received_at: number;
}

const ofInbound = (row: InboundRow): DeadLetter => ({
  kind: 'inbound',
  id: row.id,
  about: row.lane,
  ...given('runId', row.run_id),
  attempts: row.attempts,
  error: row.error ?? '',
  at: row.received_at,
  ...(isReadable(row.body) ? {} : { hindrance: 'unreadable' as const }),
});

const isReadable = (body: string | null): boolean =>
  body !== null && (fromJson(body) as Inbound).kind !== 'unreadable';

interface OutboundRow {
  readonly id: number;
  readonly address: string;
  readonly kind: string;
  readonly run_id: string | null;
  readonly attempts: number;
  readonly error: string | null;
  readonly created_at: number;
  readonly changed_at: number | null;
}

const ofOutbound = (row: OutboundRow): DeadLetter => ({
  kind: 'outbound',
  id: row.id,
  about: row.address,
  ...given('runId', row.run_id),
  attempts: row.attempts,
  error: row.error ?? '',
  at: row.created_at,
  // A card is edited in place: an older one would show a state that is over.
  ...(row.kind === 'card' && (row.changed_at ?? 0) > row.created_at
    ? { hindrance: 'outdated' as const }
    : {}),
});
