import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/core/people/person.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import { decide } from '../../../src/core/runs/decide.ts';
import type { RunEvent } from '../../../src/core/runs/event.ts';
import { fold } from '../../../src/core/runs/evolve.ts';
import { REFUSALS, type Refusal } from '../../../src/core/runs/refusal.ts';
import { RUN_STATUSES } from '../../../src/core/runs/run.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  careful,
  carefulMigrate,
  cho,
  dbMigrate,
  due,
  eve,
  fails,
  minutes,
  nightly,
  noon,
  nudges,
  onePm,
  previewed,
  progresses,
  RUN,
  report,
  says,
  starts,
  succeeds,
  system,
  time,
  urgent,
  vanishes,
  w1,
} from '../../cast.ts';
import { past } from '../../given.ts';
import { cells, type Status } from './cells.ts';

// What every state answers to every command of everybody. A state or a command without its row does not compile.

const someone = { ...cho, id: 'dan', name: 'Dan', roles: ['operator', 'approver'] };

const actors: readonly (readonly [string, Actor])[] = [
  ['a person with the right', by(someone)],
  ['a person without', by(eve)],
  ['a schedule', nightly],
  ['a worker', w1],
  ['the system', system],
];

const histories: Readonly<Record<Status, readonly RunEvent[]>> = {
  absent: [],
  Created: past(asks()).slice(0, 1),
  AwaitingApproval: past(asks(urgent)),
  Approved: past(asks(dbMigrate), says.yes(bob), says.yes(cho)),
  Dispatching: past(asks(), says.yes(bob)),
  Running: past(asks(), says.yes(bob), starts()),
  Succeeded: past(asks(), says.yes(bob), starts(), succeeds()),
  Failed: past(asks(), says.yes(bob), starts(), fails()),
  Denied: past(asks(), says.no(bob)),
  Canceled: past(asks(), says.cancel(ana)),
  Expired: past(asks(), time(onePm)),
};

const commands: Readonly<Record<RunCommand['type'], RunCommand>> = {
  request: asks(),
  approve: says.yes(bob),
  deny: says.no(bob),
  explain: { type: 'explain', by: by(bob), deniedBy: 'bob', reason: 'not today', at: noon },
  resume: says.resume(bob),
  cancel: says.cancel(bob),
  recover: says.recover(bob),
  notify: nudges(noon + minutes(20)),
  preview: previewed(),
  expire: time(onePm),
  start: starts(),
  progress: progresses(),
  finish: succeeds(),
  lose: vanishes(),
};

const explains = (who: typeof bob): RunCommand => ({
  type: 'explain',
  by: by(who),
  deniedBy: 'bob',
  reason: 'not today',
  at: noon,
});

/** Answers that take more than a state and an actor. */
const special: readonly (readonly [string, readonly RunEvent[], RunCommand])[] = [
  ['requester_cannot_approve', histories.AwaitingApproval, says.yes(ana)],
  [
    'asked_anew',
    past(asks(), says.cancel(ana), says.recover(ana)),
    { type: 'approve', by: by(bob), at: noon, seenEpoch: 1 },
  ],
  ['heavy_not_by_sms', past(asks(dbMigrate)), { type: 'approve', by: by(bob, 'sms:+49'), at: noon }],
  ['out_of_date', histories.AwaitingApproval, { ...says.yes(bob), shown: { epoch: 1, digest: 'another' } }],
  ['wrote_before', histories.AwaitingApproval, { ...says.yes(bob), wroteAt: noon - 1000 }],
  ['already_voted', past(asks(dbMigrate), says.yes(bob)), says.yes(bob)],
  ['not_approved_yet', past(asks(dbMigrate)), says.resume(ana)],
  [
    'gates_unmet',
    histories.Approved,
    says.resume(ana, { gates: [{ name: 'freeze', met: false, words: 'freeze ON' }] }),
  ],
  ['ApprovalRecorded', past(asks(dbMigrate)), says.yes(bob)],
  ['ApprovalEscalated ApprovalReminded', past(asks(urgent)), nudges(noon + minutes(25), ['dev:boss'])],
  ['ApprovalVoided ApprovalRequested', histories.Dispatching, starts(backup, { entitled: [] })],
  ['DenialExplained', histories.Denied, explains(bob)],
  ['may_not_decide', histories.Denied, explains(cho)],
  ['already_decided', past(asks(), says.no(bob), explains(bob)), explains(bob)],
  ['preview_pending', past(asks(careful)), says.yes(bob)],
  ['PreviewRecorded', past(asks(careful)), previewed()],
  ['superseded', past(asks(careful), previewed()), previewed({ fence: 2 })],
  [
    'ApprovalVoided ApprovalRequested',
    past(asks(carefulMigrate), previewed(), says.yes(bob), says.yes(cho), says.resume(ana)),
    starts(carefulMigrate, { fence: 2, preview: { ok: true, summary: '', sha256: 'e'.repeat(64) } }),
  ],
  ['ExecutionRetried', past(asks(report), says.yes(bob), starts(report)), fails()],
  ['ExecutionFailed', histories.Running, fails()],
  [
    'RunCreated AiParseUsed RiskFlagged ApprovalRequested',
    [],
    asks(backup, { advice: { read: 'run backup', risk: { score: '0.90', words: 'writes' } } }),
  ],
  ['RunCreated ScheduleTriggered ApprovalRequested', [], asks(backup, { by: nightly, trigger: due() })],
];

const answerOf = (history: readonly RunEvent[], command: RunCommand): string => {
  const decision = decide(fold(history, RUN), command);
  return decision.ok ? decision.events.map((event) => event.type).join(' ') : decision.refusal.why;
};

const statuses = Object.keys(histories) as readonly Status[];
const kinds = Object.keys(cells) as readonly RunCommand['type'][];

describe.each(kinds)('%s', (kind) => {
  test.each(statuses)('%s', (status) => {
    const answers = actors.map(([, actor]) => answerOf(histories[status], { ...commands[kind], by: actor }));
    expect(Object.fromEntries(actors.map(([name], at) => [name, answers[at]]))).toEqual(
      Object.fromEntries(actors.map(([name], at) => [name, cells[kind][status][at]])),
    );
  });
});

test.each(special)('%s', (answer, history, command) => expect(answerOf(history, command)).toBe(answer));

test('each history leads to the state it stands for', () => {
  for (const status of statuses) expect(fold(histories[status], RUN).status).toBe(status);
  expect(statuses.toSorted()).toEqual([...RUN_STATUSES, 'absent'].toSorted());
});

const answers = [
  ...kinds.flatMap((kind) => statuses.flatMap((status) => cells[kind][status])),
  ...special.map(([answer]) => answer),
].flatMap((answer) => answer.split(' '));

// Advisory facts: they may stand beside a request and no rule reads them.
const advisory = [
  { type: 'RiskFlagged', at: noon, actor: 'system:advisor', payload: { score: '0.9', words: 'writes' } },
  { type: 'AiParseUsed', at: noon, actor: 'system:advisor', payload: { read: 'run backup' } },
] as const satisfies readonly RunEvent[];

test('every refusal is given somewhere', () => {
  // A closed gate and a freeze are no matter of the run's own state; what asks for them stands behind these rules.
  const others: readonly Refusal['why'][] = ['job_substrate_disabled', 'frozen'];
  const own = REFUSALS.filter((why) => !others.includes(why));
  expect(own.filter((why) => answers.includes(why))).toEqual(own);
});

test('every event happens somewhere', () => {
  const types: Readonly<Record<RunEvent['type'], true>> = {
    RunCreated: true,
    ScheduleTriggered: true,
    ApprovalRequested: true,
    PreviewRecorded: true,
    ApprovalReminded: true,
    ApprovalEscalated: true,
    ApprovalRecorded: true,
    RunApproved: true,
    RunDenied: true,
    DenialExplained: true,
    ApprovalTimedOut: true,
    ApprovalVoided: true,
    RunResumed: true,
    ExecutionDispatched: true,
    ExecutionStarted: true,
    ExecutionProgressed: true,
    ExecutionRetried: true,
    ExecutionLost: true,
    ExecutionSucceeded: true,
    ExecutionFailed: true,
    RunCanceled: true,
    RunRecovered: true,
    RiskFlagged: true,
    AiParseUsed: true,
  };
  expect(Object.keys(types).filter((type) => !answers.includes(type))).toEqual([]);
});

test.each(advisory)('$type changes no state, but for the words that the card shows', (event) => {
  for (const status of statuses) {
    const before = fold(histories[status], RUN);
    const { unusual, ...after } = { unusual: undefined, ...fold([...histories[status], event], RUN) };
    expect(after).toEqual(before);
    expect(unusual).toBe(event.type === 'RiskFlagged' && status !== 'absent' ? 'writes' : undefined);
  }
});
