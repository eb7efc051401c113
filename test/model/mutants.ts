import type { Mutant } from '../setup/mutant.ts';

export interface Hidden extends Mutant {
  /** Absent: SQLite alone shows it, and is faster. */
  readonly on?: 'sqlite' | 'both';
}

const mutant = (name: string, file: string, from: string, to: string): Hidden => ({ name, file, from, to });

/** What a search that finds nothing would have to explain: each of these breaks a promise, and has to be noticed. */
export const mutants: readonly Hidden[] = [
  mutant(
    'one vote is enough for every quorum',
    'src/core/runs/approvals.ts',
    'satisfied: have === need',
    'satisfied: have > 0 && sitters.size === seats.length',
  ),
  mutant(
    'a needed role may be missing',
    'src/core/runs/approvals.ts',
    'const have = sitters.size + beside;',
    'const have = Math.min(people.length, need);',
  ),
  mutant(
    'a right that was lost after the vote still counts',
    'src/core/runs/approvals.ts',
    'facts.votes.filter((vote) => entitled.includes(vote.personId))',
    'facts.votes.filter((vote) => entitled.includes(vote.personId) || true)',
  ),
  mutant(
    'whoever asked may approve',
    'src/core/runs/decide-approve.ts',
    'if (asked && !state.selfApproval)',
    'if (asked && state.selfApproval && false)',
  ),
  mutant(
    'a yes after the deadline counts',
    'src/core/runs/decide-approve.ts',
    'if (at > state.decideBy) return accept(timedOut(state, at));',
    '',
  ),
  mutant(
    'approving starts a heavy job',
    'src/core/runs/decide-approve.ts',
    'return state.heavy ? [approved] :',
    'return',
  ),
  mutant(
    'swapped files are started',
    'src/core/runs/decide-attempt.ts',
    'if (found !== state.digest)',
    'if (found === "")',
  ),
  mutant(
    'what is not idempotent is started again',
    'src/core/runs/decide-attempt.ts',
    "!heavy && effects === 'idempotent'",
    '!heavy && effects !== undefined',
  ),
  mutant(
    'a heavy job is started again',
    'src/core/runs/decide-attempt.ts',
    "!heavy && effects === 'idempotent'",
    "heavy !== undefined && effects === 'idempotent'",
  ),
  mutant(
    'an approved run may start for ever',
    'src/core/runs/decide-attempt.ts',
    'if (state.startBy !== undefined && at > state.startBy)',
    'if (state.startBy !== undefined && at > state.startBy + 60_000)',
  ),
  mutant(
    'a no to a lost run denies it',
    'src/core/runs/decide.ts',
    "if (state.because === 'lost')",
    'if (state.because === undefined)',
  ),
  mutant(
    'a button answers any question of its run',
    'src/core/runs/decide.ts',
    "if (isOutOfDate(state, command)) return refuse({ why: 'out_of_date' });",
    '',
  ),
  mutant(
    'a fence is given out twice',
    'src/core/runs/queue-entry.ts',
    'Math.max(fence, (epoch - 1) * FENCES_OF_AN_EPOCH)',
    'Math.max(fence, epoch * 0)',
  ),
  mutant(
    'a canceled run stays in the queue',
    'src/core/runs/react.ts',
    "    case 'RunCanceled':\n    case 'ApprovalTimedOut':\n    case 'ApprovalVoided':\n",
    "    case 'ApprovalTimedOut':\n    case 'ApprovalVoided':\n",
  ),
  mutant(
    'nobody is told that a run expired',
    'src/core/text/cards/announce.ts',
    "    case 'ApprovalTimedOut': {",
    "    case 'ApprovalTimedOut': {\n      if (run.epoch > 0) return undefined;",
  ),
  mutant(
    'a bare yes takes the first of several',
    'src/core/flows/messages/find-target.ts',
    'waiting.length === 1 && young',
    'waiting.length >= 1 && young',
  ),
  mutant(
    'an old button still works',
    'src/core/flows/messages/press.ts',
    'if (inbound.press.token !== rooms.ambient.buttonToken({ verb, runId, epoch, digest })) {',
    'if (inbound.press.token === undefined) {',
  ),
  mutant(
    'everybody sees every run',
    'src/core/flows/messages/find-target.ts',
    'run !== undefined && maySee(person, run) ? run : undefined',
    'run !== undefined && (maySee(person, run) || true) ? run : undefined',
  ),
  mutant(
    'a late yes answers what it cannot have seen',
    'src/core/runs/decide-approve.ts',
    'wroteAt + 999 < askedAt',
    'wroteAt + 999 < 0 * askedAt',
  ),
  mutant(
    'a message that comes twice counts twice',
    'src/db/commit/judge.ts',
    "if (once?.kind === 'first' && world.known.has(onceKey(once))) return 'seen_before';",
    '',
  ),
  mutant(
    'a job runs more often at the same time than it allows',
    'src/db/queue/claim.ts',
    'running + index < concurrency',
    'running + index < concurrency + 1',
  ),
  mutant('the most urgent does not go first', 'src/db/queue/rows.ts', '0 - row.priority', '0 * row.priority'),
  mutant(
    'the database has a clock of its own',
    'src/db/sqlite/engine.ts',
    'now: async () => clock(),',
    'now: async () => clock() + 1,',
  ),
  {
    name: 'one of the databases tells the history in other words',
    file: 'src/db/pg/engine.ts',
    from: 'turn = steps.next(rows);',
    to: "turn = steps.next(rows.map((row) => ('actor' in row ? { ...row, actor: 'somebody' } : row)));",
    on: 'both',
  },
];
