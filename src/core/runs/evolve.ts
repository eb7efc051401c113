import type { Payloads, RunEvent } from './event.ts';
import { lostWords } from './lost-words.ts';
import { absent, type Facts, type LiveRun, type RunState, type Vote } from './run.ts';

// A little longer than a room should be: one case per event, beside the states that they make.

/** Facts are never refused. An event that does not fit is a bug upstream, so evolve stays total. */
export const evolve = (state: RunState, event: RunEvent, runId: string): RunState => {
  if (event.type === 'RunCreated') return begun(event.payload, event.at, runId);
  // Only RunCreated can begin a run; anything else before it says nothing about a run that does not exist.
  if (state.status === 'absent') return state;
  const facts = factsOf(state);
  const { at } = event;
  switch (event.type) {
    case 'ScheduleTriggered':
      return { ...state, trigger: event.payload };
    case 'AiParseUsed':
      return state;
    case 'RiskFlagged':
      return { ...state, unusual: event.payload.words };
    case 'RunResumed':
      return state.status === 'Approved' ? { ...state, resumedBy: event.payload.name } : state;
    case 'ApprovalRequested':
      return asked(facts, event.payload, at);
    case 'PreviewRecorded': {
      const { WorkerId: _, fence, ...preview } = event.payload;
      return { ...state, preview, fence };
    }
    case 'ApprovalRecorded':
      return state.status === 'AwaitingApproval'
        ? { ...state, votes: [...state.votes, event.payload.vote] }
        : state;
    case 'ApprovalReminded': {
      if (state.status !== 'AwaitingApproval') return state;
      const { remindAt: _, ...rest } = state;
      return rest;
    }
    case 'ApprovalEscalated':
      return escalated(state, event.payload, at);
    case 'RunApproved':
      return approved(facts, event.payload, at);
    case 'RunDenied': {
      const { name, reason } = event.payload;
      return {
        ...facts,
        status: 'Denied',
        by: name,
        ...(reason === undefined ? {} : { reason }),
        endedAt: at,
      };
    }
    case 'DenialExplained':
      return state.status === 'Denied' ? { ...state, reason: event.payload.reason } : state;
    case 'ApprovalTimedOut': {
      const { clock, since } = event.payload;
      return { ...facts, status: 'Expired', clock, waitedMs: at - since, endedAt: at };
    }
    case 'ApprovalVoided':
    case 'RunRecovered':
      // Only the question that follows moves the run.
      return { ...state, votes: [] };
    case 'ExecutionDispatched':
      return dispatched(state, event.payload, at);
    case 'ExecutionStarted':
      return started(state, event.payload, at);
    case 'ExecutionProgressed':
      return state.status === 'Running' ? { ...state, progress: { ...event.payload, at } } : state;
    case 'ExecutionRetried':
      return retried(state, event.payload, at);
    case 'ExecutionLost':
      return { ...state, losses: facts.losses + 1, lastError: lostWords(event.payload) };
    case 'ExecutionSucceeded': {
      const { Summary, attempt, tookMs } = event.payload;
      return {
        ...facts,
        ...endOf(facts),
        status: 'Succeeded',
        attempt,
        summary: Summary,
        tookMs,
        endedAt: at,
      };
    }
    case 'ExecutionFailed': {
      const { Summary, attempt, reason, tookMs } = event.payload;
      const lastError = Summary;
      return {
        ...facts,
        ...(reason === 'lost' ? {} : endOf(facts)),
        lastError,
        status: 'Failed',
        attempt,
        summary: Summary,
        reason,
        tookMs,
        endedAt: at,
      };
    }
    case 'RunCanceled': {
      const { name } = event.payload;
      return { ...facts, status: 'Canceled', by: name, was: state.status, endedAt: at };
    }
  }
};

/** The state after a whole history. */
export const fold = (events: readonly RunEvent[], runId: string): RunState =>
  events.reduce<RunState>((state, event) => evolve(state, event, runId), absent);

/** A run in its first moment. */
export const begun = (
  terms: Payloads['RunCreated'],
  at: number,
  runId: string,
): LiveRun & { readonly status: 'Created' } => ({
  ...terms,
  runId,
  createdAt: at,
  status: 'Created',
  epoch: 1,
  // Until the question, or the policy, says what there is to approve.
  digest: '',
  votes: [],
  byPolicy: false,
  fence: 0,
  losses: 0,
});

/** Whoever was asked once hears of it from then on. */
const alsoAsked = (
  { origin, alsoAsked: before = [] }: Pick<Facts, 'origin' | 'alsoAsked'>,
  addresses: readonly string[],
): Pick<Facts, 'alsoAsked'> => {
  const all = [...new Set([...before, ...addresses.filter((address) => address !== origin.address)])];
  return all.length === 0 ? {} : { alsoAsked: all };
};

const asked = (facts: Facts, payload: Payloads['ApprovalRequested'], at: number): RunState => ({
  ...(payload.because === 'recovered' ? asNew(facts) : facts),
  ...(payload.files === undefined ? {} : { files: payload.files }),
  ...alsoAsked(facts, payload.addresses ?? []),
  epoch: payload.epoch,
  digest: payload.digest,
  votes: [],
  byPolicy: false,
  losses: payload.epoch === facts.epoch ? facts.losses : 0,
  status: 'AwaitingApproval',
  because: payload.because,
  askedAt: at,
  decideBy: payload.decideBy,
  ...(payload.remindAt === undefined ? {} : { remindAt: payload.remindAt }),
  ...(payload.escalate === undefined ? {} : { escalate: payload.escalate }),
});

/** Whoever was asked once goes on seeing how it ends, also when the run asks anew. */
const escalated = (
  state: LiveRun,
  { to, addresses }: Payloads['ApprovalEscalated'],
  at: number,
): RunState => {
  const known = { ...state, ...alsoAsked(state, addresses) };
  if (known.status !== 'AwaitingApproval') return known;
  const { escalate: _, ...rest } = known;
  return { ...rest, escalated: { at, to } };
};

/** What was unusual about the request is old news when somebody brings the run back. */
const asNew = ({ unusual: _, ...facts }: Facts): Facts => facts;

const approved = (facts: Facts, payload: Payloads['RunApproved'], at: number): RunState => ({
  ...facts,
  digest: payload.digest,
  votes: withVote(facts.votes, payload.vote),
  byPolicy: payload.vote === undefined,
  status: 'Approved',
  approvedAt: at,
  startBy: payload.startBy,
});

const withVote = (votes: readonly Vote[], vote: Vote | undefined): readonly Vote[] =>
  vote === undefined ? votes : [...votes, vote];

const dispatched = (state: LiveRun, payload: Payloads['ExecutionDispatched'], at: number): RunState => ({
  ...factsOf(state),
  status: 'Dispatching',
  attempt: payload.attempt,
  notBefore: payload.notBefore,
  approvedAt: state.status === 'Approved' ? state.approvedAt : at,
  since: at,
  ...(state.status === 'Approved' ? { startBy: state.startBy } : {}),
  ...resumed(state),
});

const started = (state: LiveRun, payload: Payloads['ExecutionStarted'], at: number): RunState => {
  const { WorkerId: workerId, attempt, epoch, fence } = payload;
  return {
    ...factsOf(state),
    fence,
    lastStart: { epoch, attempt, at, workerId },
    status: 'Running',
    attempt,
    workerId,
    startedAt: at,
    approvedAt: 'approvedAt' in state ? state.approvedAt : at,
    ...resumed(state),
  };
};

const retried = (state: LiveRun, payload: Payloads['ExecutionRetried'], at: number): RunState => ({
  ...factsOf(state),
  ...(payload.reason === 'lost' ? {} : endOf(state)),
  lastError: payload.Summary,
  status: 'Dispatching',
  attempt: payload.attempt,
  notBefore: payload.notBefore,
  approvedAt: 'approvedAt' in state ? state.approvedAt : at,
  since: at,
  ...resumed(state),
});

/** The newest attempt reported its end. */
const endOf = ({ lastStart }: Pick<Facts, 'lastStart'>): Pick<Facts, 'lastStart'> =>
  lastStart === undefined ? {} : { lastStart: { ...lastStart, ended: true } };

const resumed = (state: LiveRun): { readonly resumedBy?: string } =>
  'resumedBy' in state && state.resumedBy !== undefined ? { resumedBy: state.resumedBy } : {};

/** What survives every change of status. */
const factsOf = (state: LiveRun): Facts => ({
  runId: state.runId,
  jobKey: state.jobKey,
  jobVersion: state.jobVersion,
  title: state.title,
  willRun: state.willRun,
  params: state.params,
  defaulted: state.defaulted,
  heavy: state.heavy,
  effects: state.effects,
  retry: state.retry,
  approval: state.approval,
  selfApproval: state.selfApproval,
  requesters: state.requesters,
  priority: state.priority,
  ...(state.concurrency === undefined ? {} : { concurrency: state.concurrency }),
  requester: state.requester,
  origin: state.origin,
  specHash: state.specHash,
  files: state.files,
  createdAt: state.createdAt,
  ...(state.previews === undefined ? {} : { previews: state.previews }),
  ...(state.preview === undefined ? {} : { preview: state.preview }),
  ...(state.trigger === undefined ? {} : { trigger: state.trigger }),
  epoch: state.epoch,
  digest: state.digest,
  votes: state.votes,
  byPolicy: state.byPolicy,
  fence: state.fence,
  losses: state.losses,
  ...(state.lastStart === undefined ? {} : { lastStart: state.lastStart }),
  ...(state.lastError === undefined ? {} : { lastError: state.lastError }),
  ...(state.unusual === undefined ? {} : { unusual: state.unusual }),
  ...(state.alsoAsked === undefined ? {} : { alsoAsked: state.alsoAsked }),
});
