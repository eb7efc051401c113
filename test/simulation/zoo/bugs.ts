import type { Misreading } from '../../planting.ts';

/** A mistake that somebody could make: one or two passages of the program as they would then read. */
export interface Bug {
  readonly name: string;
  readonly passages: readonly Misreading[];
}

const bug = (name: string, file: string, from: string, to: string, ...more: Bug['passages']): Bug => ({
  name,
  passages: [{ file, from, to }, ...more],
});

const APPROVE = 'src/core/runs/decide-approve.ts';
const ATTEMPT = 'src/core/runs/decide-attempt.ts';
const DECIDE = 'src/core/runs/decide.ts';
const RECORD = 'src/core/runs/record.ts';
const APPROVALS = 'src/core/runs/approvals.ts';

/** Decisions that should not count. */
const votes: readonly Bug[] = [
  bug(
    'approvals are counted by account, not by person',
    APPROVE,
    '(vote) => vote.personId === by.person.id)',
    '(vote) => vote.identity === by.identity)',
    {
      file: APPROVALS,
      from: 'votes.findIndex((other) => other.personId === vote.personId)',
      to: 'votes.findIndex((other) => other.identity === vote.identity)',
    },
  ),
  bug('the quorum counts messages', APPROVALS, 'const people = distinct(votes);', 'const people = votes;', {
    file: APPROVE,
    from: 'if (earlier !== undefined)',
    to: 'if (earlier !== undefined && false)',
  }),
  bug(
    'the requester may approve',
    APPROVE,
    'if (asked && !state.selfApproval && isOpen',
    'if (false && isOpen',
  ),
  bug(
    'a freeze is looked at before the commit only',
    'src/db/commit/judge.ts',
    'if (decides === true && world.frozen)',
    'if (decides === true && false)',
  ),
  bug(
    'workers claim through a freeze',
    'src/db/queue/claim.ts',
    "select 'queue' from freezes",
    "select 'queue' from freezes where what is null",
  ),
  bug(
    'a freeze stops workers only',
    'src/core/runs/freeze.ts',
    'STOPPED.includes(type) ||',
    "type === 'start' ||",
  ),
  bug('decide-by is ignored', APPROVE, 'if (at > state.decideBy)', 'if (false)'),
  bug('anybody who is known may approve', APPROVE, 'if (!mayDecide(by.person, state))', 'if (false)'),
  bug(
    'a run that was denied can be approved',
    APPROVE,
    "if (state.status !== 'AwaitingApproval') return",
    "if (state.status !== 'AwaitingApproval' && state.status !== 'Denied') return",
  ),
  bug(
    'a button ignores its epoch',
    'src/bot/telegram/button-token.ts',
    '`v1|${verb}|${runId}|${epoch}|${digest}`',
    '`v1|${verb}|${runId}`',
  ),
  bug('a button is judged by an earlier look', DECIDE, 'if (isOutOfDate(state, command))', 'if (false)'),
  bug(
    'a yes of before the question counts',
    APPROVE,
    "state.status === 'AwaitingApproval' && wroteBefore(command, state.askedAt)",
    'wroteBefore(command, 0)',
  ),
  bug(
    'forwarded messages decide',
    'src/core/flows/messages/handle-message.ts',
    "if (disqualified !== undefined && !(disqualified === 'edited' && commands)) return disqualified;",
    '',
  ),
  bug(
    'a bare yes takes one of several runs',
    'src/core/flows/messages/find-target.ts',
    "bare === 'may_count' && waiting.length === 1",
    "bare === 'may_count' && waiting.length >= 1",
  ),
  bug(
    'rights are remembered',
    'src/db/people/people.ts',
    'return async (identity) => (await look([identity]))[0];',
    'const kept = new Map(); return async (identity) => { if (!kept.has(identity)) kept.set(identity, (await look([identity]))[0]); return kept.get(identity); };',
  ),
  bug(
    'votes are not asked about again at the claim',
    ATTEMPT,
    'if (!state.byPolicy && !tally',
    'if (false && !tally',
  ),
  bug(
    'an old epoch lends its votes to the next',
    'src/core/runs/evolve.ts',
    '  votes: [],\n  byPolicy: false,\n  losses: payload.epoch',
    '  byPolicy: false,\n  losses: payload.epoch',
    {
      file: 'src/core/runs/evolve.ts',
      from: 'return { ...state, votes: [] };',
      to: 'return { ...state };',
    },
  ),
  bug(
    'the never-policy holds for heavy jobs',
    DECIDE,
    'command.neverAccepted && !job.spec.heavy)',
    'command.neverAccepted)',
  ),
];

/** Starts that should not happen. */
const starts: readonly Bug[] = [
  bug(
    'an approval starts a heavy run',
    APPROVE,
    'return state.heavy ? [approved] :',
    'return state.heavy && false ? [approved] :',
  ),
  bug(
    'a heavy run starts outside of its window',
    DECIDE,
    'if (command.gates.some((gate) => !gate.met))',
    'if (false)',
  ),
  bug('start-by is ignored', ATTEMPT, 'if (state.startBy !== undefined && at > state.startBy)', 'if (false)'),
  bug('the digest leaves out the parameters', 'src/core/runs/digest.ts', '      params: terms.params,\n', ''),
  bug(
    'the digest is that of another epoch',
    RECORD,
    'digest: digestOf({ ...facts, files }, epoch)',
    'digest: digestOf({ ...facts, files }, 1)',
  ),
  bug(
    'files are not compared before the start',
    ATTEMPT,
    'files: command.files }, state.epoch)',
    'files: state.files }, state.epoch)',
  ),
  bug(
    'the start is recorded after the process',
    'src/worker/work.ts',
    'const start = await startAttempt(rooms, workerId)(held.claimed, read, seen);',
    'await execute(options, held, { job: read.job, params: read.stored.state.params, attempt: held.claimed.entry.attempt }); const start = await startAttempt(rooms, workerId)(held.claimed, read, seen);',
  ),
  bug(
    'every lost run is started again',
    ATTEMPT,
    'const reruns = isHarmless(state) && retry',
    'const reruns = retry',
  ),
  bug(
    'a failed run is tried once too often',
    ATTEMPT,
    'state.attempt < Math.min(',
    'state.attempt <= Math.min(',
  ),
  bug(
    'the next attempt comes at once',
    'src/core/runs/retry.ts',
    'return now + pauseMs(',
    'return now + 0 * pauseMs(',
  ),
  bug(
    'limits of a job are ignored',
    'src/db/queue/claim.ts',
    'running + index < concurrency',
    'running + index < concurrency + 1',
  ),
];

/** Whose run it is. */
const leases: readonly Bug[] = [
  bug(
    'the reaper takes leases that are not over',
    'src/db/queue/queue.ts',
    "'where lease_until < $1 and",
    "'where lease_until < $1 + 20000 and",
  ),
  bug(
    'a result needs no lease',
    'src/core/flows/runs/attempt.ts',
    "lease: { runId, fence, after: 'release' },",
    '',
    {
      file: ATTEMPT,
      from: "if (state.status !== 'Running') return refuse({ why: 'superseded', fence: state.fence });\n  // The lease ran out and somebody else owns the run now: the old owner's report comes too late.\n  if (state.fence !== command.fence)",
      to: "if (state.status !== 'Running') return refuse({ why: 'superseded', fence: state.fence });\n  if (false)",
    },
  ),
  bug(
    'the fence does not grow',
    'src/db/queue/claim.ts',
    'valuesOf({ ...row, fence: row.fence + 1 })',
    'valuesOf({ ...row, fence: row.fence })',
    {
      file: 'src/db/queue/claim.ts',
      from: '    fence: row.fence + 1,\n    waitedMs',
      to: '    fence: row.fence,\n    waitedMs',
    },
  ),
  bug(
    'every worker is taken for dead',
    'src/core/flows/runs/recover-leases.ts',
    'if (holders.has(name) && isGone(place))',
    'if (holders.has(name))',
  ),
  bug('beats are not sent', 'src/worker/leases.ts', 'await within(beat(options), leaseMs / 3);', ''),
  bug('a process outlives its run', 'src/worker/held.ts', 'held.abort.abort(cause)', 'void cause'),
  bug(
    'a cancel leaves the queue as it is',
    'src/core/runs/react.ts',
    "    case 'RunCanceled':\n    case 'ApprovalTimedOut':",
    "    case 'ApprovalTimedOut':",
  ),
];

/** What comes in and what goes out. */
const messages: readonly Bug[] = [
  bug(
    'messages are told apart by a watermark',
    'src/db/messages/inbox.ts',
    'yield* many(ARRIVAL, arrivals.map(arrivalRow))',
    'yield* many(ARRIVAL, (yield* above(arrivals)).map(arrivalRow))',
    {
      file: 'src/db/messages/inbox.ts',
      from: 'const arrivalRow =',
      to: "function* above(arrivals) { const top = yield* first('select max(cast(event_key as integer)) as n from inbox'); return arrivals.filter(({ inbound }) => !(Number(inbound.eventKey) <= (top?.n ?? 0))); }\n\nconst arrivalRow =",
    },
  ),
  bug(
    'handled messages are forgotten too early',
    'src/db/commit/apply.ts',
    'yield* many(FIRST, accepted.flatMap(firstRow));',
    'yield* rows("delete from inbox where state = \'done\' and closed_at < $1", Math.max(...accepted.map(({ at }) => at)) - 500); yield* many(FIRST, accepted.flatMap(firstRow));',
  ),
  bug(
    'a message may be handled twice at a time',
    'src/db/commit/judge.ts',
    "if (once?.kind === 'mark' && !world.open.has(once.inboxId))",
    'if (false)',
  ),
  bug(
    'an update is confirmed before it is stored',
    'src/db/messages/inbox.ts',
    'const fresh = await engine.write((after) => insert(arrivals, after));',
    'const writing = engine.write((after) => insert(arrivals, after)); writing.catch(() => undefined); const fresh = arrivals.map(() => true);',
  ),
  bug(
    'replies are not part of the commit',
    'src/core/flows/messages/heard.ts',
    'once, queue: [], outbox, ...counted(refusal), at',
    'once, queue: [], outbox: [], ...counted(refusal), at',
  ),
  bug(
    'a message counts as sent before it is sent',
    'src/bot/sender.ts',
    'await settler.add(await desk(outgoing));',
    "await settler.add({ outboxId: outgoing.outboxId, k: 'sent' }); await desk(outgoing);",
  ),
  bug(
    'a lost answer counts as an ordinary failure',
    'src/core/flows/messages/send-pending.ts',
    'attempt: true, ambiguous, error: reason }',
    'attempt: true, ambiguous: false, error: reason }',
  ),
  bug(
    'an expired send is taken over without a note',
    'src/db/messages/outbox-claim.ts',
    '"update outbox set ambiguous = ambiguous + case when state = \'sending\' then 1 else 0 end, " +',
    "'update outbox set ' +",
  ),
  bug(
    'messages of a conversation overtake each other',
    'src/db/messages/outbox-claim.ts',
    '(yield* rows<{ id: number | null }>(HEAD_IDS))',
    "(yield* rows<{ id: number | null }>(\"select id from outbox where state in ('open', 'sending')\"))",
  ),
  bug(
    'the newest card is left out',
    'src/db/messages/outbox-claim.ts',
    "and n.kind = 'card' and n.id > o.id)",
    "and n.kind = 'card' and n.id >= o.id)",
  ),
  bug(
    'only a nudge finds work',
    'src/loops/loop.ts',
    'const timer = setTimeout(resolve, ms);',
    'const timer = setTimeout(resolve, ms + 86_400_000);',
  ),
  bug(
    'silence is told to nobody',
    'src/core/flows/ops/watch-silence.ts',
    'if (tell.length + forget.length > 0)',
    'if (false)',
  ),
];

/** What is stored. */
const history: readonly Bug[] = [
  bug('the chain leaves out who did it', 'src/core/runs/chain.ts', '"actor":${canonical(actor)},', ''),
  bug(
    'a version of a job is edited in place',
    'src/db/catalog/catalog.ts',
    'const version = (job?.version ?? 0) + 1;',
    'const version = job?.version ?? 1;',
    {
      file: 'src/db/catalog/catalog.ts',
      from: "'insert into job_versions (key",
      to: "'insert or replace into job_versions (key",
    },
  ),
  bug(
    'deadlines pass too early',
    DECIDE,
    'return deadline !== undefined && command.at > deadline',
    'return deadline !== undefined',
    {
      file: 'src/db/runs/runs.ts',
      from: "dueIds('due_at < $1'",
      to: "dueIds('due_at < $1 + 10000'",
    },
    {
      file: 'src/db/messages/owed.ts',
      from: 'where due_at <= ${NOW}',
      to: 'where due_at <= ${NOW} + 10000',
    },
  ),
  bug(
    'deadlines are forgotten',
    'src/db/queue/due.ts',
    "    case 'Approved':\n    case 'Dispatching':\n      return state.startBy;",
    '',
  ),
];

/** Who comes and goes. */
const people: readonly Bug[] = [
  bug(
    'a code counts as often as it is written',
    'src/core/people/code.ts',
    'code.purpose === purpose && !code.used && at < code.until',
    'code.purpose === purpose && at < code.until',
  ),
  bug(
    'whoever is revoked keeps a role and an account',
    'src/db/people/people-changes.ts',
    'yield* revoke(change.personId, at);',
    'yield* closeCode(change.personId, at);',
  ),
  bug(
    'a reload of the file wipes out who came in chat',
    'src/db/people/file-people.ts',
    '"delete from people where source = \'file\' and id <> all($1)"',
    '"delete from people where source <> \'\' and id <> all($1) and id not in (select person_id from identities)"',
    {
      file: 'src/db/people/file-people.ts',
      from: '"delete from identities where source = \'file\' "',
      to: '"delete from identities where source <> \'\' "',
    },
  ),
];

export const BUGS: readonly Bug[] = [...people, ...votes, ...starts, ...leases, ...messages, ...history];
