import { sql } from 'drizzle-orm';
import type { Kit } from '../pg/kit.ts';

/** What people switch, stop, give up and look after, and who does what: nothing here is needed to read a run. */
export const defineUpkeepTables = (kit: Kit) => {
  const { table, id, str, int, instant, json, index, uniqueIndex, primaryKey } = kit;
  const gates = table('gates', {
    name: str('name').primaryKey(),
    /** 1 or 0; a gate without a row is closed. */
    open: int('open').notNull(),
    /** For gates that stand for a number. */
    value: int('value'),
    changed_by: str('changed_by').notNull(),
    changed_at: instant('changed_at').notNull(),
    /** 0 until the record of what the installation opened is in the history. */
    recorded: int('recorded').notNull(),
  });
  const gateProposals = table('gate_proposals', {
    name: str('name').primaryKey(),
    value: int('value').notNull(),
    person_id: str('person_id').notNull(),
    /** The actor, as the history names it. */
    proposed_by: str('proposed_by').notNull(),
    at: instant('at').notNull(),
  });
  const jobDeadLetter = table(
    'job_dead_letter',
    {
      id: id('id'),
      run_id: str('run_id').notNull(),
      job_key: str('job_key').notNull(),
      epoch: int('epoch').notNull(),
      attempt: int('attempt').notNull(),
      error: str('error').notNull(),
      /** open, replayed or dropped. */
      state: str('state').notNull(),
      at: instant('at').notNull(),
      closed_at: instant('closed_at'),
      closed_by: str('closed_by'),
      /** Why it was dropped. */
      reason: str('reason'),
    },
    (t) => [
      uniqueIndex('job_dead_letter_once').on(t.run_id, t.epoch),
      index('job_dead_letter_open').on(t.id).where(sql`state = 'open'`),
    ],
  );
  const queuePauses = table('queue_pauses', {
    /** `queue`, or `job:KEY`. */
    what: str('what').primaryKey(),
    paused_by: str('paused_by').notNull(),
    at: instant('at').notNull(),
    reason: str('reason'),
  });
  const freezes = table('freezes', {
    /** Always `everything`: there is at most one. */
    what: str('what').primaryKey(),
    frozen_by: str('frozen_by').notNull(),
    at: instant('at').notNull(),
    reason: str('reason').notNull(),
  });
  const neverAcceptances = table(
    'never_acceptances',
    {
      job_key: str('job_key').notNull(),
      person_id: str('person_id').notNull(),
      /** Of the version and the bytes that were accepted. */
      digest: str('digest').notNull(),
      /** The actor, as the history names it. */
      accepted_by: str('accepted_by').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.job_key, t.person_id] })],
  );
  const dispatchRepeats = table(
    'dispatch_repeats',
    {
      run_id: str('run_id').notNull(),
      epoch: int('epoch').notNull(),
      attempt: int('attempt').notNull(),
      /** How often it came again. */
      times: int('times').notNull(),
      last_at: instant('last_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.run_id, t.epoch, t.attempt] }),
      index('dispatch_repeats_by_time').on(t.last_at),
    ],
  );
  const refusals = table(
    'refusals',
    {
      /** When the hour began. */
      hour_at: instant('hour_at').notNull(),
      /** As the observation is called: auth_refused, transition_rejected or message_ignored. */
      kind: str('kind').notNull(),
      reason: str('reason').notNull(),
      times: int('times').notNull(),
    },
    (t) => [primaryKey({ columns: [t.hour_at, t.kind, t.reason] })],
  );
  const requestDrafts = table(
    'request_drafts',
    {
      /** Behind the buttons of its questions. */
      id: str('id').notNull(),
      address: str('address').notNull(),
      person_id: str('person_id').notNull(),
      job_key: str('job_key').notNull(),
      job_version: int('job_version').notNull(),
      /** Values as they were written, by parameter; null where the default or nothing was chosen. */
      answers: json('answers').notNull(),
      /** The parameter that was asked about last. */
      asking: str('asking').notNull(),
      /** Outbox keys of the questions. */
      message_keys: json('message_keys').notNull(),
      /** The line that an advisor read, when it began with one. */
      read: str('read'),
      /** From then on it is closed. */
      expires_at: instant('expires_at').notNull(),
    },
    (t) => [
      primaryKey({ columns: [t.address, t.person_id] }),
      index('request_drafts_by_time').on(t.expires_at),
    ],
  );
  const installations = table(
    'installations',
    {
      channel: str('channel').notNull(),
      /** The workspace, as the channel names it. */
      account: str('account').notNull(),
      /** What the channel needs there, sealed by the channel. */
      sealed: str('sealed').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.channel, t.account] })],
  );
  const namedLeases = table('named_leases', {
    /** What only one process at a time may do. */
    name: str('name').primaryKey(),
    holder: str('holder').notNull(),
    /** Where the holder lives, for whoever can tell from there that it is gone; empty when nobody can. */
    place: str('place').notNull(),
    /** Grows at every change of owner. */
    fence: int('fence').notNull(),
    since: instant('since').notNull(),
    /** 0 once it was given back. */
    until: instant('until').notNull(),
  });
  return {
    gates,
    gateProposals,
    jobDeadLetter,
    queuePauses,
    freezes,
    neverAcceptances,
    dispatchRepeats,
    refusals,
    requestDrafts,
    installations,
    namedLeases,
  };
};
