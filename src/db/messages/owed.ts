import type { Owed, Store } from '../../core/ports/store.ts';
import type { Engine } from '../engine.ts';
import { recentRead } from '../recent.ts';
import { first } from '../steps.ts';

/** What was seen may be so old. It is asked for by polling alone, which is in no hurry. */
const sharedMs = 250;

export const owedOf = (engine: Engine): Store['owed'] => recentRead(sharedMs, () => look(engine)).recent;

const look = async (engine: Engine): Promise<ReadonlySet<Owed>> => {
  const { sql, value } = engine.present();
  const statement = STATEMENT(sql);
  const found = await engine.read(() => first<Readonly<Record<Owed, number>>>(statement, value));
  return new Set(KINDS.filter((kind) => found?.[kind] === 1));
};

// Each is the first entry of an index and wider than what the loop will take, so that nothing that is due is left out. The
// order is what makes the planner use the index, in which the dead rows of a drained table are skipped.
const NOW = '(select at from clock)';
const FIRST: Readonly<Record<Owed, readonly string[]>> = {
  inbox: ["select id from inbox where state = 'open' order by lane, id"],
  outbox: ["select id from outbox where state in ('open', 'sending') order by address, id"],
  queue: [
    'select seq from job_queue where concurrency >= 9007199254740991 order by rank, seq',
    'select seq from job_queue where concurrency < 9007199254740991 order by job_key, rank, seq',
    `select not_before from job_later where not_before <= ${NOW} order by not_before`,
  ],
  leases: ['select lease_until from job_leases order by lease_until'],
  deadlines: [`select due_at from runs where due_at <= ${NOW} order by due_at`],
  notices: [`select notice_at from runs where notice_at <= ${NOW} order by notice_at`],
  schedules: [
    `select next_at from schedules where next_at <= ${NOW} order by next_at`,
    'select 1 from schedules where waiting_for is not null order by waiting_for',
  ],
};
// The keys are those of the record.
const KINDS = Object.keys(FIRST) as readonly Owed[];

const isThere = (kind: Owed): string => {
  const any = FIRST[kind].map((sql) => `(${sql} limit 1) is not null`).join(' or ');
  return `case when ${any} then 1 else 0 end as ${kind}`;
};

const STATEMENT = (present: string): string =>
  `with clock (at) as (select ${present}) select ${KINDS.map(isThere).join(', ')}`;
