import { sql } from 'drizzle-orm';
import type { Kit } from '../pg/kit.ts';
import { defineQueueTables } from './queue.ts';
import { defineReachTables } from './reach.ts';
import { defineScheduleTables } from './schedules.ts';
import { defineSealTables } from './seals.ts';
import { defineUpkeepTables } from './upkeep.ts';
import { defineWatchTables } from './watch.ts';
import { defineWebTables } from './web.ts';

// Longer than a room should be: it is the list of tables, which says everything about the database on one page.

/** Every table of the program, once for both databases. The migrations in drizzle/ are generated from here. */
export const defineTables = (kit: Kit) => ({
  ...historyTables(kit),
  ...defineSealTables(kit),
  ...messageTables(kit),
  ...defineQueueTables(kit),
  ...defineUpkeepTables(kit),
  ...defineScheduleTables(kit),
  ...catalogTables(kit),
  ...peopleTables(kit),
  ...defineReachTables(kit),
  ...defineWebTables(kit),
  ...defineWatchTables(kit),
});

/** One sentence per table for docs/database-schema.md. */
export const TABLE_NOTES: Readonly<Record<string, string>> = {
  runs: 'One row per run: its state as the newest event left it, and what lists are filtered by.',
  run_terms: 'What the request of a run froze; written once.',
  events: 'The history. Append-only: the database refuses UPDATE, DELETE and TRUNCATE.',
  system_chain: 'The newest link of the chain of records that belong to no run; always one row.',
  seals: 'Signed checkpoints over the history, each covering the one before. Append-only like the events.',
  seal_heads: 'Which event of each chain was the newest when a seal was made; append-only.',
  outputs: 'What an attempt wrote; may be erased, the history keeps its hash.',
  inbox: 'Every message that came in, once; an open row is still to be handled.',
  repeats: 'Messages that came more than once and were handled once.',
  outbox: 'Every message that goes out, once per key and address; order inside an address never changes.',
  cards: "The message that shows a run in a conversation, by the provider's id.",
  addresses: 'Conversations that were suspended or continue elsewhere.',
  lane_pauses: 'Conversations in which nothing goes out before a moment that the provider named.',
  job_queue: 'Entries that are due. A claim moves a row to job_leases.',
  job_later: 'Entries that are not due yet; a claim moves those that became due to job_queue.',
  job_leases: 'Entries in the hands of a worker, with fence and deadline.',
  queue_heartbeat: 'Workers and loops, when each was heard last, and since when it counts as silent.',
  gates: 'What is switched on, by whom and since when.',
  gate_proposals: 'Numbers that one owner wants for a gate and another has not confirmed yet.',
  job_dead_letter: 'Runs that failed for good; open until somebody recovers or drops them.',
  queue_pauses: 'What no worker may claim: a job, or everything.',
  freezes: 'While there is a row nothing is decided and nothing is claimed.',
  never_acceptances: "Owners' word that a version of a job may run without asking; the newest of each owner.",
  dispatch_repeats: 'Attempts that were put into the queue again while they were in it.',
  refusals: 'How often somebody was refused, by hour and reason; kept for 90 days.',
  request_drafts: 'Requests that somebody is still being asked about; one for each person and conversation.',
  installations: 'Where people installed a channel themselves, with what it needs there, sealed.',
  schedules: 'What is asked for by the clock, and where each schedule stands.',
  schedule_occurrences: 'Moments that came round and what became of each; one outcome each.',
  named_leases: 'What only one process at a time may do, and which one does it.',
  jobs: 'The current version of each job.',
  job_versions: 'Every version of each job; never changed.',
  people: 'People with rights.',
  identities: 'Who is who on which channel.',
  codes: 'One-time codes, by SHA-256.',
  api_tokens: 'Tokens of the HTTP interface, by SHA-256; revoked ones stay.',
  web_sessions: 'Browsers that somebody signed in with, by SHA-256; gone when they are over.',
  consents: 'Accounts that said yes or no to messages: the newest word of each, with its time.',
  mutes: 'Notices that somebody switched off.',
  receipts: 'How far messages have come, as their provider says; they only move forward.',
  up_minutes: 'Minutes in which a program with doors was there and could write; kept for 90 days.',
  incidents: 'Problems of the board and of channels: when each was raised, and cleared; kept for 90 days.',
};

const historyTables = (kit: Kit) => {
  const { table, str, int, instant, json, index, primaryKey } = kit;
  const runs = table(
    'runs',
    {
      id: str('id').primaryKey(),
      status: str('status').notNull(),
      job_key: str('job_key').notNull(),
      job_version: int('job_version').notNull(),
      /** The id of the person, or `schedule:<key>`. */
      requester_id: str('requester_id').notNull(),
      /** Where the run lives now; the state keeps where it was asked for. */
      address: str('address').notNull(),
      version: int('version').notNull(),
      head_hash: str('head_hash').notNull(),
      /** How far the newest seal that names this run goes. */
      sealed_seq: int('sealed_seq').notNull().default(0),
      /** Without what the request froze, so that the row stays small: every event writes it anew. */
      state: json('state').notNull(),
      created_at: instant('created_at').notNull(),
      updated_at: instant('updated_at').notNull(),
      /** Decide-by or start-by, whichever clock runs in this state. */
      due_at: instant('due_at'),
      /** When people who have not answered are told again, or somebody else is asked. */
      notice_at: instant('notice_at'),
      ended_at: instant('ended_at'),
      /** Why it failed, for the most frequent error. */
      failure: str('failure'),
    },
    (t) => [
      index('runs_by_time').on(t.created_at, t.id),
      index('runs_by_job').on(t.job_key, t.created_at),
      index('runs_by_requester').on(t.requester_id, t.created_at),
      index('runs_by_address').on(t.address, t.created_at),
      // Partial, so that a million finished runs weigh nothing where only the living matter.
      index('runs_live').on(t.status, t.created_at).where(sql`ended_at is null`),
      index('runs_unhappy')
        .on(t.status, t.created_at)
        .where(sql`status in ('Failed', 'Denied', 'Canceled', 'Expired')`),
      index('runs_waiting').on(t.address, t.created_at).where(sql`status = 'AwaitingApproval'`),
      // A schedule looks for its own open runs whenever it is due.
      index('runs_scheduled')
        .on(t.requester_id)
        .where(sql`ended_at is null and substr(requester_id, 1, 9) = 'schedule:'`),
      index('runs_unsealed').on(t.id).where(sql`version > sealed_seq`),
      index('runs_due').on(t.due_at).where(sql`due_at is not null`),
      index('runs_notice').on(t.notice_at).where(sql`notice_at is not null`),
      index('runs_ended').on(t.ended_at).where(sql`ended_at is not null`),
      index('runs_failed').on(t.ended_at, t.failure).where(sql`status = 'Failed'`),
    ],
  );
  const runTerms = table('run_terms', {
    run_id: str('run_id').primaryKey(),
    terms: json('terms').notNull(),
  });
  const events = table(
    'events',
    {
      chain: str('chain').notNull(),
      seq: int('seq').notNull(),
      type: str('type').notNull(),
      at: instant('at').notNull(),
      actor: str('actor').notNull(),
      payload: json('payload').notNull(),
      hash: str('hash').notNull(),
    },
    (t) => [primaryKey({ columns: [t.chain, t.seq] })],
  );
  const systemChain = table('system_chain', {
    name: str('name').primaryKey(),
    seq: int('seq').notNull(),
    hash: str('hash').notNull(),
    sealed_seq: int('sealed_seq').notNull().default(0),
  });
  const outputs = table(
    'outputs',
    {
      run_id: str('run_id').notNull(),
      epoch: int('epoch').notNull(),
      attempt: int('attempt').notNull(),
      head: str('head').notNull(),
      tail: str('tail').notNull(),
      bytes: int('bytes').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.run_id, t.epoch, t.attempt] })],
  );
  return { runs, runTerms, events, systemChain, outputs };
};

const messageTables = (kit: Kit) => {
  const { table, id, str, int, instant, json, index, uniqueIndex, primaryKey } = kit;
  const inbox = table(
    'inbox',
    {
      id: id('id'),
      channel: str('channel').notNull(),
      account: str('account').notNull(),
      event_key: str('event_key').notNull(),
      lane: str('lane').notNull(),
      /** open, done, dead or dropped. */
      state: str('state').notNull(),
      /** Null for a message of a synchronous door, which is handled before it is stored. */
      body: json('body'),
      attempts: int('attempts').notNull(),
      /** Not before; with an owner: until then nobody else may take it. */
      next_at: instant('next_at').notNull(),
      /** The process that handles it; null when whoever comes first may. */
      owner: str('owner'),
      received_at: instant('received_at').notNull(),
      closed_at: instant('closed_at'),
      run_id: str('run_id'),
      error: str('error'),
    },
    (t) => [
      uniqueIndex('inbox_once').on(t.channel, t.account, t.event_key),
      index('inbox_heads').on(t.lane, t.id).where(sql`state = 'open'`),
      index('inbox_dead').on(t.id).where(sql`state = 'dead'`),
    ],
  );
  const repeats = table(
    'repeats',
    {
      channel: str('channel').notNull(),
      account: str('account').notNull(),
      event_key: str('event_key').notNull(),
      /** How often it came again. */
      times: int('times').notNull(),
      last_at: instant('last_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.channel, t.account, t.event_key] }),
      index('repeats_by_time').on(t.last_at),
    ],
  );
  const outbox = table(
    'outbox',
    {
      id: id('id'),
      key: str('key').notNull(),
      address: str('address').notNull(),
      channel: str('channel').notNull(),
      run_id: str('run_id'),
      priority: int('priority').notNull(),
      /** card or note. */
      kind: str('kind').notNull(),
      /** The draft as it was committed. */
      draft: json('draft').notNull(),
      /** open, sending, sent, dead, dropped or superseded. */
      state: str('state').notNull(),
      attempts: int('attempts').notNull(),
      ambiguous: int('ambiguous').notNull(),
      /** Open: not before. Sending: until when its owner may take. */
      next_at: instant('next_at').notNull(),
      owner: str('owner'),
      created_at: instant('created_at').notNull(),
      closed_at: instant('closed_at'),
      message_id: str('message_id'),
      error: str('error'),
    },
    (t) => [
      uniqueIndex('outbox_once').on(t.key, t.address),
      index('outbox_heads').on(t.address, t.id).where(sql`state in ('open', 'sending')`),
      index('outbox_cards').on(t.run_id, t.address, t.id).where(sql`state = 'open' and kind = 'card'`),
      index('outbox_oldest').on(t.created_at).where(sql`state in ('open', 'sending')`),
      index('outbox_ambiguous').on(t.id).where(sql`state in ('open', 'sending') and ambiguous > 0`),
      index('outbox_dead').on(t.id).where(sql`state = 'dead'`),
    ],
  );
  const cards = table(
    'cards',
    {
      run_id: str('run_id').notNull(),
      address: str('address').notNull(),
      message_id: str('message_id').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.run_id, t.address] }),
      index('cards_by_message').on(t.address, t.message_id),
    ],
  );
  const addresses = table('addresses', {
    address: str('address').primaryKey(),
    moved_to: str('moved_to'),
    suspended_because: str('suspended_because'),
    at: instant('at').notNull(),
  });
  const lanePauses = table('lane_pauses', {
    address: str('address').primaryKey(),
    until: instant('until').notNull(),
  });
  return { inbox, repeats, outbox, cards, addresses, lanePauses };
};

const catalogTables = (kit: Kit) => {
  const { table, str, int, instant, json, primaryKey } = kit;
  const jobs = table('jobs', {
    key: str('key').primaryKey(),
    version: int('version').notNull(),
    source: str('source').notNull(),
    retired_at: instant('retired_at'),
  });
  const jobVersions = table(
    'job_versions',
    {
      key: str('key').notNull(),
      version: int('version').notNull(),
      source: str('source').notNull(),
      spec: json('spec').notNull(),
      created_at: instant('created_at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.key, t.version] })],
  );
  return { jobs, jobVersions };
};

const peopleTables = (kit: Kit) => {
  const { table, str, int, instant, json, index, uniqueIndex } = kit;
  const people = table('people', {
    id: str('id').primaryKey(),
    name: str('name').notNull(),
    roles: json('roles').notNull(),
    timezone: str('timezone'),
    /** file or chat. */
    source: str('source').notNull(),
    added_at: instant('added_at').notNull(),
  });
  const identities = table(
    'identities',
    {
      identity: str('identity').primaryKey(),
      person_id: str('person_id')
        .notNull()
        .references(() => people.id),
      /** The first one is where the person is rung. */
      position: int('position').notNull(),
      /** file or chat: only where it came from may it be taken away. */
      source: str('source').notNull().default('file'),
    },
    (t) => [index('identities_of_person').on(t.person_id, t.position)],
  );
  const codes = table('codes', {
    code_hash: str('code_hash').primaryKey(),
    /** claim_owner, admit, link, phone or login. */
    purpose: str('purpose').notNull(),
    until: instant('until').notNull(),
    /** When it was used, or became void before its time. */
    used_at: instant('used_at'),
    added_at: instant('added_at').notNull(),
    /** Who asked for it, where, and under what name; null for the code of the first start. */
    identity: str('identity'),
    address: str('address'),
    name: str('name'),
    /** link and phone: whose the other account becomes. login: who asked. */
    person_id: str('person_id'),
    /** phone: how often something else was typed in its place. */
    misses: int('misses').notNull().default(0),
  });
  const apiTokens = table(
    'api_tokens',
    {
      name: str('name').primaryKey(),
      /** SHA-256, hex; the token itself is nowhere. */
      token_hash: str('token_hash').notNull(),
      roles: json('roles').notNull(),
      /** Whose it is; null for a service. No reference, because the record of a token outlives its person. */
      person_id: str('person_id'),
      created_at: instant('created_at').notNull(),
      /** The actor, as the history names it. */
      created_by: str('created_by').notNull(),
      expires_at: instant('expires_at'),
      /** To the hour. */
      last_used_at: instant('last_used_at'),
      revoked_at: instant('revoked_at'),
    },
    (t) => [uniqueIndex('api_tokens_by_hash').on(t.token_hash)],
  );
  return { people, identities, codes, apiTokens };
};
