import type { Backoff } from './backoff.ts';

/** How one kind of call is tried again. Everything that tries again takes its figures from here and nowhere else. */
export interface Retry extends Backoff {
  readonly what: string;
  /** After what it is tried again. */
  readonly after: string;
  /** The most that one try may take, and that connecting may take of it, where we set a limit. */
  readonly tryMsMax?: number;
  readonly connectMsMax?: number;
  /** Whichever ends first; for ever where there is neither. */
  readonly triesMax?: number;
  readonly budgetMs?: number;
  /** What becomes of it then; where there is no end, who is told. */
  readonly inTheEnd: string;
  /** Who tries. */
  readonly by: string;
}

const steady = (ms: number): Backoff => ({ pauseMsMin: ms, pauseMsMax: ms, jitter: 'none' });
const doubling = (pauseMsMin: number, pauseMsMax: number, jitter: Backoff['jitter'] = 'none'): Backoff => ({
  pauseMsMin,
  pauseMsMax,
  jitter,
});

const database = {
  ...doubling(10, 500, 'half'),
  connectMsMax: 5_000,
  tryMsMax: 7_000,
  budgetMs: 5_000,
  by: 'src/db/commit/persist.ts',
};

const toDatabase = {
  databaseBusy: {
    ...database,
    what: 'a database operation',
    after: 'the database is locked, or a statement took too long',
    triesMax: 60,
    inTheEnd: 'whoever asked tries again by its own row',
  },
  databaseUndone: {
    ...database,
    what: 'a database operation',
    after: 'the server undid it (serialization, deadlock)',
    triesMax: 20,
    inTheEnd: 'whoever asked tries again by its own row',
  },
  databaseGone: {
    ...database,
    what: 'a database operation',
    after: 'the connection broke; during COMMIT the next try first looks for its own work',
    triesMax: 30,
    inTheEnd: 'whoever asked tries again by its own row',
  },
  databaseTaken: {
    ...database,
    what: 'a database operation',
    after: 'another one took the same key',
    triesMax: 3,
    inTheEnd: 'whoever asked tries again by its own row',
  },
  databaseListening: {
    ...steady(1_000),
    what: 'the connection that listens',
    after: 'it broke, or did not answer its beat',
    connectMsMax: 5_000,
    inTheEnd: 'polling goes on',
    by: 'src/db/pg/notify.ts',
  },
  conflict: {
    ...steady(0),
    what: 'a decision about a run, or a change beside runs',
    after: 'another one was committed in between',
    triesMax: 12,
    inTheEnd: 'a fault; a message comes again by its own row',
    by: 'src/core/flows/runs/orchestrate.ts',
  },
} as const satisfies Readonly<Record<string, Retry>>;

const toTelegram = {
  poll: {
    ...steady(2_000),
    what: 'Telegram: a poll',
    after: 'anything but 401, 404 and 409 (after 429 as long as Telegram says)',
    tryMsMax: 45_000,
    inTheEnd: 'degraded at once; exit 1 when no poll has ended for 90 s',
    by: 'src/bot/telegram/start.ts',
  },
  polling: {
    ...doubling(5_000, 30_000),
    what: 'Telegram: polling begins anew',
    after: '409, an inbox that cannot be written, a bot that cannot introduce itself',
    tryMsMax: 15_000,
    inTheEnd: 'a conflict is down after a minute; 401 and 404 end it',
    by: 'src/bot/telegram/start.ts',
  },
  send: {
    ...doubling(1_000, 60_000, 'half'),
    what: 'a message that goes out',
    after: 'a server that fails (5xx), an edit without an answer',
    tryMsMax: 15_000,
    triesMax: 8,
    inTheEnd: 'dead letter',
    by: 'src/core/flows/messages/send-pending.ts',
  },
  sendAgain: {
    ...steady(30_000),
    what: 'a message that goes out',
    after: 'an answer that was lost: it may have arrived (ambiguous)',
    tryMsMax: 15_000,
    triesMax: 2,
    inTheEnd: 'dead letter',
    by: 'src/core/flows/messages/send-pending.ts',
  },
  sendUnreachable: {
    ...steady(5_000),
    what: 'a channel that goes out',
    after: 'nothing left this machine (no connection); no try of a message is counted',
    inTheEnd: 'the oldest unsent message shows on the board after 5 min',
    by: 'src/bot/telegram/errors.ts',
  },
  slackSession: {
    ...doubling(1_000, 30_000),
    what: 'Slack: a connection begins anew',
    after: 'a socket that could not be opened, a bot that cannot introduce itself',
    tryMsMax: 15_000,
    inTheEnd: 'degraded at once; a refused token ends it',
    by: 'src/bot/slack/start.ts',
  },
  sendRefused: {
    ...steady(60_000),
    what: 'a channel that goes out',
    after: 'a token that was refused (401, 404)',
    inTheEnd: 'the channel is down',
    by: 'src/bot/telegram/errors.ts',
  },
} as const satisfies Readonly<Record<string, Retry>>;

const inside = {
  inbound: {
    ...doubling(1_000, 60_000),
    what: 'a message that came in',
    after: 'any fault; its conversation waits, and no other',
    triesMax: 5,
    inTheEnd: 'dead letter',
    by: 'src/bot/inbox-pump.ts',
  },
  settlement: {
    ...doubling(1_000, 30_000),
    what: 'what became of a message that went out',
    after: 'the database did not take it',
    inTheEnd: 'the sender logs each; after a stop it counts as ambiguous',
    by: 'src/bot/settler.ts',
  },
  loop: {
    ...doubling(1_000, 30_000),
    what: 'any loop without a row of its own',
    after: 'a fault of one turn',
    inTheEnd: 'its heartbeat is silent after 5 min',
    by: 'src/loops/loop.ts',
  },
  row: {
    ...doubling(1_000, 60_000),
    what: 'one run of a turn: an overdue question, a reminder, a lost lease',
    after: 'any fault of that run; the others of the turn go on without it',
    inTheEnd: 'the log names each',
    by: 'src/core/flows/messages/set-aside.ts',
  },
  namedLease: {
    ...steady(500),
    what: 'what one process at a time does: its lease',
    after: 'any fault',
    inTheEnd: 'without a renewal for 5.5 s the work ends here, and another process may do it',
    by: 'src/loops/only-one.ts',
  },
  seal: {
    ...doubling(60_000, 300_000),
    what: 'a seal over the history',
    after: 'any fault, also a history that must not be signed',
    inTheEnd: 'its heartbeat is silent after 5 min',
    by: 'src/scheduler/seal.ts',
  },
  claim: {
    ...doubling(200, 10_000),
    what: 'a worker looks for work',
    after: 'any fault',
    inTheEnd: 'its heartbeat is silent after 5 min',
    by: 'src/worker/claims.ts',
  },
  beat: {
    ...doubling(100, 5_000),
    what: 'a worker keeps its leases; never later than the next beat would come',
    after: 'any fault',
    inTheEnd: 'half a lease after the last one its jobs are ended',
    by: 'src/worker/leases.ts',
  },
  report: {
    ...doubling(100, 5_000),
    what: 'the result of an attempt',
    after: 'the database did not take it',
    budgetMs: 600_000,
    inTheEnd: 'the lease runs out: rerun, or a person is asked',
    by: 'src/worker/work.ts',
  },
  guardian: {
    ...steady(200),
    what: 'the guardian of running jobs',
    after: 'somebody killed it',
    inTheEnd: 'for as long as jobs run',
    by: 'src/worker/process/guardian.ts',
  },
  attempt: {
    ...doubling(10_000, 300_000, 'half'),
    what: 'an attempt of a job; all figures per job',
    after: 'it failed',
    triesMax: 1,
    inTheEnd: 'Failed, and a dead letter',
    by: 'src/core/jobs/job.ts',
  },
  lost: {
    ...doubling(1_000, 30_000, 'half'),
    what: 'an attempt of a light, idempotent job',
    after: 'its worker was lost; at once when it was handed back',
    triesMax: 3,
    inTheEnd: 'a person is asked',
    by: 'src/core/runs/decide-attempt.ts',
  },
} as const satisfies Readonly<Record<string, Retry>>;

export const RETRIES = { ...toDatabase, ...toTelegram, ...inside };
