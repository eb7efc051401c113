import { isSelfTest, SELF_TESTED } from '../jobs/self-test.ts';
import { mayDecide, mayRequest } from '../people/may.ts';
import { standing, tally } from './approvals.ts';
import type { RequestCommand, RunCommand } from './command.ts';
import { decideApprove } from './decide-approve.ts';
import { decideFinish, decideLose, decideProgress, decideStart, lost } from './decide-attempt.ts';
import { decideNotify } from './decide-notify.ts';
import { decidePreview } from './decide-preview.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { digestOf } from './digest.ts';
import type { RunEvent } from './event.ts';
import { begun } from './evolve.ts';
import { ask, type Clocked, dispatch, event, steers, timedOut, voided } from './record.ts';
import type { LiveRun, RunState } from './run.ts';
import { termsOf } from './terms.ts';

/** The only place where a run may change its mind. Pure: same state and command, same decision. */
export const decide = (state: RunState, command: RunCommand): Decision => {
  if (command.type === 'request') return decideRequest(state, command);
  if (state.status === 'absent') return refuse({ why: 'unknown_run' });
  if (isOutOfDate(state, command)) return refuse({ why: 'out_of_date' });
  // A typed yes names a run and means the question that stood when it was read.
  if (command.type === 'approve' && (command.seenEpoch ?? state.epoch) !== state.epoch) {
    return refuse({ why: 'asked_anew' });
  }
  switch (command.type) {
    case 'approve':
      return decideApprove(state, command);
    case 'deny':
      return decideDeny(state, command);
    case 'explain':
      return decideExplain(state, command);
    case 'resume':
      return decideResume(state, command);
    case 'cancel':
      return decideCancel(state, command);
    case 'recover':
      return decideRecover(state, command);
    case 'notify':
      return decideNotify(state, command);
    case 'expire':
      return decideExpire(state, command);
    case 'start':
      return decideStart(state, command);
    case 'preview':
      return decidePreview(state, command);
    case 'progress':
      return decideProgress(state, command);
    case 'finish':
      return decideFinish(state, command);
    case 'lose':
      return decideLose(state, command);
  }
};

/** Judged here and not where the button is read, because the run may be asked anew between that look and this one. */
const isOutOfDate = ({ epoch, digest }: LiveRun, command: RunCommand): boolean =>
  'shown' in command &&
  command.shown !== undefined &&
  (command.shown.epoch !== epoch || command.shown.digest !== digest);

const decideRequest = (state: RunState, command: RequestCommand): Decision => {
  if (state.status !== 'absent') return refuse({ why: 'run_exists' });
  const { by, job } = command;
  // The program asks for its own test and for nothing else, and nobody else asks for that.
  const own = isSelfTest(job);
  if (by.kind === 'worker' || (by.kind === 'system') !== own) return refuse({ why: 'only_people_decide' });
  if (by.kind === 'person' && !mayRequest(by.person, job.spec)) return refuse({ why: 'may_not_request' });
  const terms = termsOf(command, by);
  const created = event('RunCreated', command, terms);
  const facts = begun(terms, command.at, command.runId);
  const scheduled =
    command.trigger === undefined ? [] : [event('ScheduleTriggered', command, command.trigger)];
  const began = [created, ...scheduled, ...advised(command)];
  const { approval } = facts;
  if (own || (approval.policy === 'never' && command.neverAccepted && !job.spec.heavy)) {
    const startBy = command.at + approval.startByMs;
    const approved = {
      ...event('RunApproved', command, { epoch: 1, digest: digestOf(facts, 1), startBy }),
      actor: own ? SELF_TESTED : 'policy:never',
    };
    return accept(...began, approved, dispatch(facts, command.at, 1));
  }
  return accept(...began, ask(facts, command.at, 'asked', 1, facts.files, command.asks));
};

/** Advice is written down beside the request, and whatever it says, nothing else follows from it. */
const advised = ({ advice = {}, at }: RequestCommand): readonly RunEvent[] => {
  const signed = { by: { kind: 'system', part: 'advisor' }, at } as const;
  return [
    ...(advice.read === undefined ? [] : [event('AiParseUsed', signed, { read: advice.read })]),
    ...(advice.risk === undefined ? [] : [event('RiskFlagged', signed, advice.risk)]),
  ];
};

const decideDeny = (state: LiveRun, command: Extract<RunCommand, { type: 'deny' }>): Decision => {
  const { by } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  if (!mayDecide(by.person, state)) return refuse({ why: 'may_not_decide' });
  if (state.status !== 'AwaitingApproval') return refuse({ why: 'already_decided', status: state.status });
  // A late answer closes the run: silence past the deadline already meant no.
  if (command.at > state.decideBy) return accept(timedOut(state, command.at));
  if (state.because === 'lost') {
    return accept(
      event('ExecutionFailed', command, {
        Summary: `given up by ${by.person.name} after its worker was lost`,
        attempt: state.lastStart?.attempt ?? 0,
        reason: 'lost',
        tookMs: command.at - (state.lastStart?.at ?? command.at),
      }),
    );
  }
  return accept(
    event('RunDenied', command, {
      personId: by.person.id,
      name: by.person.name,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
    }),
  );
};

/** Whoever said no by a button says why afterwards, once. */
const decideExplain = (state: LiveRun, command: Extract<RunCommand, { type: 'explain' }>): Decision => {
  const { by, reason, deniedBy, at } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  if (!mayDecide(by.person, state) || by.person.id !== deniedBy) return refuse({ why: 'may_not_decide' });
  if (state.status !== 'Denied' || state.reason !== undefined)
    return refuse({ why: 'already_decided', status: state.status });
  const { id: personId, name } = by.person;
  return accept(event('DenialExplained', { by, at }, { personId, name, reason }));
};

const decideResume = (state: LiveRun, command: Extract<RunCommand, { type: 'resume' }>): Decision => {
  const { by } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  if (!steers(by.person, state)) return refuse({ why: 'may_not_steer' });
  if (state.status === 'AwaitingApproval' || state.status === 'Created')
    return refuse({ why: state.heavy ? 'not_approved_yet' : 'not_heavy' });
  if (state.status === 'Dispatching' || state.status === 'Running')
    return refuse({ why: 'already_started', status: state.status });
  if (state.status !== 'Approved') return refuse({ why: 'already_over', status: state.status });
  if (command.at > state.startBy) return accept(timedOut(state, command.at));
  if (!tally(state.approval, standing(state, command.entitled)).satisfied) {
    return accept(...voided(state, command.at, 'votes', state.files));
  }
  if (command.gates.some((gate) => !gate.met)) return refuse({ why: 'gates_unmet', gates: command.gates });
  return accept(
    event('RunResumed', command, { epoch: state.epoch, name: by.person.name }),
    dispatch(state, command.at, 1),
  );
};

const decideCancel = (state: LiveRun, command: Extract<RunCommand, { type: 'cancel' }>): Decision => {
  const { by } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  if (!steers(by.person, state)) return refuse({ why: 'may_not_steer' });
  switch (state.status) {
    case 'Created':
    case 'AwaitingApproval':
    case 'Approved':
    case 'Dispatching':
    case 'Running':
      return accept(event('RunCanceled', command, { name: by.person.name, was: state.status }));
    case 'Succeeded':
    case 'Failed':
    case 'Denied':
    case 'Canceled':
    case 'Expired':
      return refuse({ why: 'already_over', status: state.status });
  }
};

const decideRecover = (state: LiveRun, command: Extract<RunCommand, { type: 'recover' }>): Decision => {
  const { by } = command;
  if (by.kind !== 'person') return refuse({ why: 'only_people_decide' });
  if (!steers(by.person, state)) return refuse({ why: 'may_not_steer' });
  switch (state.status) {
    case 'Failed':
    case 'Canceled':
    case 'Expired': {
      const epoch = state.epoch + 1;
      const name = by.person.name;
      return accept(
        event('RunRecovered', command, { epoch, name, was: state.status }),
        ask(state, command.at, 'recovered', epoch),
      );
    }
    case 'Running':
      if (!command.leaseExpired) return refuse({ why: 'already_started', status: state.status });
      return accept(
        ...lost(state, { by, at: command.at }, 'lease_expired', {
          lastBeat: state.progress?.at ?? state.startedAt,
          chance: 0,
          ...(command.retry === undefined ? {} : { retry: command.retry }),
        }),
      );
    case 'Dispatching':
      return refuse({ why: 'already_started', status: state.status });
    case 'Created':
    case 'AwaitingApproval':
    case 'Approved':
    case 'Succeeded':
    case 'Denied':
      return refuse({ why: 'not_recoverable', status: state.status });
  }
};

/** Timeouts only ever deny. Both clocks are rows compared with database time. */
const decideExpire = (state: LiveRun, command: Extract<RunCommand, { type: 'expire' }>): Decision => {
  if (command.by.kind !== 'system') return refuse({ why: 'not_due' });
  if (!ticks(state)) return refuse({ why: 'not_due' });
  const deadline = state.status === 'AwaitingApproval' ? state.decideBy : state.startBy;
  return deadline !== undefined && command.at > deadline
    ? accept(timedOut(state, command.at))
    : refuse({ why: 'not_due' });
};

const ticks = (state: LiveRun): state is Clocked =>
  state.status === 'AwaitingApproval' || state.status === 'Approved' || state.status === 'Dispatching';
