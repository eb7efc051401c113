import type { JobSpec } from '../../../src/core/jobs/job.ts';
import type { StoredEvent } from '../../../src/core/runs/event.ts';
import type { Connection } from '../world/database.ts';

/** The tables as they are, read past the program. */
export interface Reading {
  readonly eventsAfter: (row: number) => readonly (StoredEvent & { readonly row: number })[];
  readonly message: (id: number) => MessageRow | undefined;
  readonly isStored: (eventKey: string) => boolean;
  readonly isFrozen: () => boolean;
  readonly places: () => readonly Place[];
  readonly people: () => readonly PersonRow[];
  /** Ids of those who came in chat. */
  readonly admitted: () => readonly string[];
  readonly run: (runId: string) => RunRow | undefined;
  readonly spec: (key: string, version: number) => JobSpec | undefined;
  readonly outgoing: (key: string, address: string) => OutboxRow | undefined;
  readonly olderThan: (row: OutboxRow) => number;
  readonly keys: (key: string) => number;
  /** How often somebody had this message sent again. */
  readonly replays: (outboxId: number) => number;
}

export interface MessageRow {
  readonly id: number;
  readonly channel: string;
  readonly event_key: string;
  readonly state: string;
  readonly run_id: string | null;
}

/** Where a run stands in the queue. */
export interface Place {
  readonly table: 'job_queue' | 'job_later' | 'job_leases';
  readonly run_id: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly fence: number;
  readonly worker_id: string | null;
  readonly lease_until: number | null;
}

export interface PersonRow {
  readonly identity: string;
  readonly id: string;
  readonly roles: readonly string[];
}

export interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly head_hash: string;
  readonly terms: string;
  readonly state: string;
  readonly due_at: number | null;
}

export interface OutboxRow {
  readonly id: number;
  readonly key: string;
  readonly address: string;
  /** The address that it was written for. */
  readonly home: string;
  readonly state: string;
  readonly ambiguous: number;
  readonly draft: string;
}

const REPLAYED =
  "select 1 from events where chain = 'system' and type = 'MessageReplayed' " +
  "and payload ->> 'kind' = 'outbound' and payload ->> 'id' =";

// Longer than a function should be: it is the list of everything that the laws ask, one statement after the other.
export const readingOf = (db: Connection): Reading => {
  const events = db.prepare<[number], StoredEvent & { row: number; payload: string }>(
    'select rowid as row, chain, seq, type, at, actor, payload, hash from events where rowid > ? order by rowid',
  );
  const message = db.prepare<[number], MessageRow>(
    'select id, channel, event_key, state, run_id from inbox where id = ?',
  );
  const stored = db.prepare<[string], number>(
    "select 1 from inbox where channel = 'telegram' and account = 'bot' and event_key = ?",
  );
  const frozen = db.prepare('select what from freezes');
  const columns = 'run_id, epoch, attempt, fence';
  const places = db.prepare<[], Place>(
    `select 'job_queue' as "table", ${columns}, null as worker_id, null as lease_until from job_queue union all ` +
      `select 'job_later', ${columns}, null, null from job_later union all ` +
      `select 'job_leases', ${columns}, worker_id, lease_until from job_leases`,
  );
  const people = db.prepare<[], { identity: string; id: string; roles: string }>(
    'select i.identity, p.id, p.roles from identities i join people p on p.id = i.person_id',
  );
  const admitted = db.prepare<[], string>("select id from people where source = 'chat'").pluck();
  const run = db.prepare<[string], RunRow>(
    'select id, status, version, head_hash, terms, state, due_at from runs join run_terms on run_id = id where id = ?',
  );
  const spec = db
    .prepare<[string, number], string>('select spec from job_versions where key = ? and version = ?')
    .pluck();
  const outgoing = db.prepare<[string, string], OutboxRow>(
    "select id, key, address, draft ->> 'address' as home, state, ambiguous, draft from outbox where key = ? and address = ?",
  );
  const older = db
    .prepare<[string, number, string], number>(
      // What has moved in from another address was never in this order.
      "select count(*) from outbox where address = ? and id < ? and state in ('open', 'sending') " +
        // What was given up on and is sent again comes back to its place in front of what is on its way already.
        `and draft ->> 'address' = ? and not exists (${REPLAYED} outbox.id)`,
    )
    .pluck();
  const keys = db.prepare<[string], number>('select count(*) from outbox where key = ?').pluck();
  const replays = db.prepare<[number], number>(`select count(*) from (${REPLAYED} ?)`).pluck();
  return {
    replays: (outboxId) => replays.get(outboxId) ?? 0,
    eventsAfter: (row) =>
      events.all(row).map((event) => ({ ...event, payload: JSON.parse(event.payload) as unknown })),
    message: (id) => message.get(id),
    isFrozen: () => frozen.get() !== undefined,
    isStored: (eventKey) => stored.get(eventKey) !== undefined,
    places: () => places.all(),
    people: () => people.all().map((one) => ({ ...one, roles: JSON.parse(one.roles) as string[] })),
    admitted: () => admitted.all(),
    run: (runId) => run.get(runId),
    spec: (key, version) => {
      const text = spec.get(key, version);
      return text === undefined ? undefined : (JSON.parse(text) as JobSpec);
    },
    outgoing: (key, address) => outgoing.get(key, address),
    olderThan: ({ address, id, home }) => older.get(address, id, home) ?? 0,
    keys: (key) => keys.get(key) ?? 0,
  };
};
