import type { JobVersion } from '../jobs/job.ts';
import type { StoredEvent } from '../runs/event.ts';
import type { Heartbeat } from '../runs/heartbeat.ts';
import type { LiveRun, RunStatus } from '../runs/run.ts';
import type { RefusalCount } from '../text/cards/refusal-words.ts';
import type { OpsFigures } from '../text/ops/ops-figures.ts';
import type { Instant } from '../time/instant.ts';
import type { Address, Inbound } from './channel.ts';
import type {
  Commit,
  CommitOutcome,
  Draft,
  HeldLease,
  OutputText,
  PendingInbound,
  QueueEntry,
} from './commit.ts';
import type { IHistory } from './history.ts';
import type { IInstallations } from './installations.ts';
import type { ILeases } from './leases.ts';
import type { IPeople } from './people.ts';
import type { IReach } from './reach.ts';
import type { IRequestDrafts } from './request-drafts.ts';
import type { IScheduleRepository } from './schedules.ts';
import type { IIncidents, IScoreReader } from './scores.ts';
import type { ITokens } from './tokens.ts';
import type { IAcceptances, IDeadLetters, IFreeze, IGates, IPauses } from './upkeep.ts';
import type { IWebSessions } from './web-sessions.ts';

// Longer than a room should be: one database is one port, and its verbs are easiest to compare when they stand together.

/** A run as it is stored: its state, the number of its newest event and the hash that the next event continues. */
export interface StoredRun {
  readonly state: LiveRun;
  readonly version: number;
  readonly headHash: string;
}

export interface RunFilter {
  readonly status?: readonly RunStatus[];
  readonly jobKey?: string;
  readonly requesterId?: string;
  readonly address?: Address;
  readonly since?: Instant;
  /** Opaque; from an earlier page. */
  readonly cursor?: string;
  /** 1 to 100. */
  readonly limit: number;
}

export interface RunPage {
  readonly runs: readonly StoredRun[];
  readonly nextCursor?: string;
}

export interface IRunRepository {
  /** Each commit stands or falls alone; outcomes come in the order of the commits. Many share one transaction. */
  commit(commits: readonly Commit[]): Promise<readonly CommitOutcome[]>;
  find(runIds: readonly string[]): Promise<ReadonlyMap<string, StoredRun>>;
  /** Newest first. */
  list(filter: RunFilter): Promise<RunPage>;
  /** Runs of a conversation that wait for a decision, oldest first, at most `limit`. */
  waitingIn(address: Address, limit: number): Promise<readonly StoredRun[]>;
  /** Runs whose decide-by or start-by lies before `at`, at most `limit`, without these. */
  overdue(at: Instant, limit: number, but?: readonly string[]): Promise<readonly string[]>;
  /** Runs of which people are told again, or others asked, by `at`, and that are not overdue; at most `limit`, without these. */
  noticeDue(at: Instant, limit: number, but?: readonly string[]): Promise<readonly string[]>;
  /** All events of a run, or of the `system` chain, by `seq`; empty for an unknown one. */
  history(chain: string): Promise<readonly StoredEvent[]>;
  /** Every chain's events, chain after chain, for verification. */
  chains(after: string | undefined, limit: number): Promise<readonly string[]>;
  head(chain: 'system'): Promise<{ readonly seq: number; readonly hash: string }>;
  /**
   * For verification: of these runs, those whose row says something else beside the state than the state itself, with
   * the names of what differs. Lists, deadlines and figures go by it.
   */
  misfits(runIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The output of one attempt, of the newest unless named; undefined when nothing was captured. */
  output(
    runId: string,
    of?: { readonly epoch: number; readonly attempt: number },
  ): Promise<OutputText | undefined>;
  /** The run whose card is this message of a conversation. */
  runOfCard(address: Address, messageId: string): Promise<string | undefined>;
}

export interface IInbox {
  /**
   * Stores a batch in one transaction; what is known already is left alone. Resolves after the commit. New messages are
   * `hold.owner`'s to handle until `hold.until`, without a claim of their own; without `hold` they are anybody's.
   */
  accept(
    batch: readonly Inbound[],
    at: Instant,
    hold?: { readonly owner: string; readonly until: Instant },
  ): Promise<{ readonly stored: number; readonly known: number }>;
  /**
   * The oldest open message of each lane that may be tried now: what is the owner's already, and what was nobody's and
   * is the owner's until `until` from now on. Lanes that are `busy` already are left out. All this spares two processes
   * the same work; what keeps a message from taking effect twice is its mark in the commit.
   */
  claim(p: {
    readonly owner: string;
    readonly busy: readonly string[];
    readonly limit: number;
    readonly at: Instant;
    readonly until: Instant;
  }): Promise<readonly PendingInbound[]>;
  /**
   * Puts a message off, or gives it up as a dead letter that no longer blocks its lane. It counts only while the message
   * is the owner's.
   */
  fail(p: {
    readonly inboxId: number;
    readonly owner: string;
    readonly error: string;
    readonly next: { readonly kind: 'again'; readonly at: Instant } | { readonly kind: 'dead' };
  }): Promise<void>;
  /** What the owner has not handled is anybody's. */
  release(owner: string, at: Instant): Promise<void>;
  /** The run that a message of a synchronous door made or touched, for answering a repeated request. */
  resultOf(
    channel: string,
    account: string,
    eventKey: string,
  ): Promise<{ readonly runId?: string } | undefined>;
}

export interface Outgoing {
  readonly outboxId: number;
  readonly draft: Draft;
  readonly attempts: number;
  /** Sends whose answer was lost. */
  readonly ambiguous: number;
  readonly createdAt: Instant;
  /** The message that shows this run in this conversation, once it was sent. */
  readonly cardMessageId?: string;
  readonly address: Address;
  /** The end of the claim, by which its settlement is told from that of any other claim. */
  readonly until: Instant;
}

/** `until` is that of the claim: a settlement that is repeated must not speak for a later claim of the same owner. */
export type Settlement =
  | {
      readonly outboxId: number;
      readonly k: 'sent';
      readonly messageId?: string;
      /** Takes the place of what was to be said. */
      readonly kept?: Draft;
    }
  | {
      readonly outboxId: number;
      readonly until: Instant;
      readonly k: 'later';
      readonly at: Instant;
      readonly attempt: boolean;
      readonly ambiguous: boolean;
      readonly error: string;
    }
  | {
      readonly outboxId: number;
      readonly until: Instant;
      readonly k: 'dead';
      readonly error: string;
      readonly kept?: Draft;
    };

export interface IOutbox {
  /**
   * Heads of lanes (lane = address) that may be sent now, marked as `sending` for `owner` until `until`. A head that
   * another owner left in `sending` past its time comes back with `ambiguous` raised by one.
   * A card edit with a newer card of the same run and address behind it is settled as superseded, not handed out.
   */
  claim(p: {
    readonly owner: string;
    readonly limit: number;
    readonly at: Instant;
    readonly until: Instant;
    readonly channels: readonly string[];
  }): Promise<readonly Outgoing[]>;
  /**
   * Stores what became of messages. Of one that is somebody else's by now only `sent` counts: it has arrived, whoever
   * sent it.
   */
  settle(settlements: readonly Settlement[], at: Instant, owner: string): Promise<void>;
  /** What an owner that is gone had on its way may be taken at once, as ambiguous. */
  release(owner: string, at: Instant): Promise<void>;
  /** Nothing goes out on this lane before `at`; survives a restart. */
  pauseLane(address: Address, until: Instant): Promise<void>;
  /** The chat continues elsewhere: open messages, cards and runs follow. */
  readdress(from: Address, to: Address, at: Instant): Promise<void>;
  /** Blocked or gone: open messages become dead letters; new ones are refused until the address answers again. */
  suspend(address: Address, reason: string, at: Instant): Promise<void>;
  unsuspend(address: Address, at: Instant): Promise<void>;
}

export interface Claimed {
  readonly entry: QueueEntry;
  /** The fence of this lease: larger than any that this run has seen. */
  readonly fence: number;
  readonly waitedMs: number;
}

/** What a worker needs of a queue. The memory queue of development offers exactly this. */
export interface IExecutionQueue {
  /** Takes up to `limit` due entries, the most urgent first, each under a lease of its own. */
  claim(p: {
    readonly workerId: string;
    readonly limit: number;
    readonly at: Instant;
    readonly leaseMs: number;
  }): Promise<readonly Claimed[]>;
  /** Extends the leases that are still held and names those that are not. */
  beat(p: {
    readonly workerId: string;
    readonly held: readonly { readonly runId: string; readonly fence: number }[];
    readonly at: Instant;
    readonly leaseMs: number;
  }): Promise<{ readonly lost: readonly string[] }>;
  /** Gives an entry back that was claimed and not started; `false` when that lease is not held any more. */
  release(p: HeldLease & { readonly at: Instant }): Promise<boolean>;
}

/** Only a queue that outlives its workers needs these. */
export interface IDatabaseExecutionQueue extends IExecutionQueue {
  /** Leases that ended before `at`, oldest first, without those of these runs. */
  expired(at: Instant, limit: number, but?: readonly string[]): Promise<readonly Lease[]>;
  /** Workers that hold a lease. */
  holders(): Promise<readonly string[]>;
  /** The leases of a worker that is gone run out now. One that lives after all keeps what nobody took, with its next beat. */
  forsake(workerId: string, at: Instant): Promise<void>;
}

export interface Lease {
  readonly entry: QueueEntry;
  readonly workerId: string;
  readonly fence: number;
  readonly leaseUntil: Instant;
  readonly beatAt: Instant;
}

export interface IExecutionQueueReader {
  figures(at: Instant): Promise<OpsFigures>;
  /** What a monitor asks for every few seconds, in one look. */
  loads(at: Instant): Promise<LoadFigures>;
  /** What ended within 24 hours, and how long people took to decide about what was asked for; the newest so many of each. */
  lastDay(at: Instant, limit: { readonly ended: number; readonly asked: number }): Promise<DayFigures>;
  /** Messages that came more than once and took effect once, the newest first. */
  repeats(limit: number): Promise<readonly Repeat[]>;
  /** Attempts that were put into the queue again while they were in it, the newest first. */
  dispatchRepeats(limit: number): Promise<readonly DispatchRepeat[]>;
  /** What was refused in the last seven days, by reason. */
  refusals(at: Instant): Promise<readonly RefusalCount[]>;
  /** Messages about a run that are through, or given up, the oldest first; without those that an answer held. */
  sentAbout(runId: string): Promise<readonly Sent[]>;
}

export interface Sent {
  readonly key: string;
  readonly address: Address;
  readonly outcome: 'sent' | 'dead';
  readonly tries: number;
  readonly closedAt: Instant;
}

/** The present as numbers. Only what is alive is counted, so a long history costs nothing. */
export interface LoadFigures extends OpsFigures {
  /** Runs that have not ended. */
  readonly live: readonly { readonly status: string; readonly count: number }[];
  /** Runs in the hands of each worker. */
  readonly busy: readonly { readonly workerId: string; readonly count: number }[];
  /** What has not left yet. */
  readonly unsent: readonly { readonly channel: string; readonly count: number; readonly oldestMs: number }[];
}

export interface DayFigures {
  /** The 24 hours up to now, the oldest first. */
  readonly hours: readonly HourFigures[];
  /** From the question to the decision of each run that was asked for, in milliseconds. */
  readonly waits: readonly number[];
  /** There was more of something. */
  readonly cut: boolean;
}

/** Runs that ended in one hour. */
export interface HourFigures {
  readonly ok: number;
  readonly failed: number;
  /** Denied, canceled, expired. */
  readonly other: number;
}

export interface DispatchRepeat {
  readonly runId: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly times: number;
  readonly lastAt: Instant;
}

export interface Repeat {
  readonly channel: string;
  readonly account: string;
  readonly eventKey: string;
  /** How often it came again. */
  readonly times: number;
  readonly lastAt: Instant;
}

export interface Beat {
  readonly name: string;
  readonly kind: 'worker' | 'loop';
  readonly slots: number;
  readonly at: Instant;
  /** How often it means to be heard, and after how long a silence somebody should know; those of a worker otherwise. */
  readonly everyMs?: number;
  readonly silentMs?: number;
  readonly place?: string;
}

export interface IHeartbeats {
  beat(p: Beat): Promise<void>;
  beatAll(beats: readonly Beat[]): Promise<void>;
  leave(name: string): Promise<void>;
  /** Workers first, by name. */
  list(): Promise<readonly Heartbeat[]>;
}

export interface IJobCatalog {
  /** The current version of a job. */
  find(key: string): Promise<JobVersion | undefined>;
  version(key: string, version: number): Promise<JobVersion | undefined>;
  list(): Promise<readonly JobVersion[]>;
  versions(key: string): Promise<readonly JobVersion[]>;
  /**
   * Makes the file's (or the samples') jobs current: changed definitions become new versions, jobs that left the file
   * are retired, jobs of the API stay. Answers what changed; it is on record in the same transaction, signed `by` that
   * actor, unless there is none.
   */
  replaceFileJobs(
    jobs: readonly { readonly key: string; readonly spec: JobVersion['spec'] }[],
    source: 'file' | 'sample',
    at: Instant,
    by?: string,
  ): Promise<
    readonly {
      readonly key: string;
      readonly version: number;
      readonly change: 'new' | 'changed' | 'retired';
    }[]
  >;
  /**
   * Adds a job or a new version of one. `exists`: already there on create; `owned_by_file`: changed only in the file;
   * `stale_version`: the change was judged on another version than the newest. What is added is on record, signed `by`
   * that actor, in the same transaction.
   */
  put(p: {
    readonly key: string;
    readonly spec: JobVersion['spec'];
    readonly mode: 'create' | 'change';
    /** The version that a change was judged on. */
    readonly from?: number;
    readonly by: string;
    readonly at: Instant;
  }): Promise<JobVersion | 'exists' | 'owned_by_file' | 'unknown' | 'stale_version'>;
}

/** What may have become due by time alone, or lie there because nobody was woken for it. */
export type Owed = 'inbox' | 'outbox' | 'queue' | 'leases' | 'deadlines' | 'notices' | 'schedules';

/** One database, seen from core. */
export interface Store {
  readonly kind: 'sqlite' | 'pg';
  /** Database time (PostgreSQL's clock; SQLite: the host's), unless the store was opened with a clock of its own. */
  now(): Promise<Instant>;
  /** How many migrations were applied, and whether all that this program knows are among them. */
  schema(): Promise<{ readonly applied: number; readonly fits: boolean }>;
  readonly runs: IRunRepository;
  readonly history: IHistory;
  readonly inbox: IInbox;
  readonly outbox: IOutbox;
  readonly queue: IDatabaseExecutionQueue;
  readonly reader: IExecutionQueueReader;
  readonly heartbeats: IHeartbeats;
  readonly catalog: IJobCatalog;
  readonly people: IPeople;
  readonly tokens: ITokens;
  readonly webSessions: IWebSessions;
  readonly schedules: IScheduleRepository;
  readonly gates: IGates;
  readonly deadLetters: IDeadLetters;
  readonly pauses: IPauses;
  readonly freeze: IFreeze;
  readonly acceptances: IAcceptances;
  readonly requestDrafts: IRequestDrafts;
  readonly installations: IInstallations;
  readonly reach: IReach;
  readonly leases: ILeases;
  readonly scores: IScoreReader;
  readonly incidents: IIncidents;
  /**
   * One cheap look at everything that somebody may have to do something about, for loops that were not woken. All that ask
   * within a quarter of a second share it. What it names may turn out to be nothing; what it does not name was not there.
   */
  owed(): Promise<ReadonlySet<Owed>>;
  /** Called after a commit of any process that left something to do; latency only, polling alone is always right. */
  onWake(listener: (what: Wake) => void): () => void;
  close(): Promise<void>;
}

/** `leases`: a run was taken out of somebody's hands. */
export type Wake = 'inbox' | 'outbox' | 'queue' | 'leases';

export type { OpsFigures };
