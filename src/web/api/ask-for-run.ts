import { request } from '../../core/flows/runs/request-run.ts';
import type { ApprovalPolicy, JobVersion, Params } from '../../core/jobs/job.ts';
import { checkParams } from '../../core/jobs/params.ts';
import { mayRequest } from '../../core/people/may.ts';
import type { Person } from '../../core/people/person.ts';
import type { Inbound } from '../../core/ports/channel.ts';
import type { Caller, LiveRun } from '../../core/runs/run.ts';
import { workingOn } from '../../loops/scope.ts';
import type { Asker } from '../access/asker.ts';
import { ProblemError } from '../problem.ts';
import type { WebDeps } from '../web-deps.ts';
import { jobsFor, unknownJob } from './jobs.ts';

export interface Wanted {
  readonly job: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
}

interface Request {
  /** A program that calls, or a person with a browser. */
  readonly channel: 'http' | 'web';
  readonly asker: Asker;
  /** New for every run that is wanted; a repeat answers with the same run. */
  readonly key: string;
  readonly wanted: Wanted;
  /** The trace that the caller is in. A repeat makes no run, so its trace is not asked about. */
  readonly caller?: Caller;
}

/** A run for a caller who has no conversation: the one that this key made before, or a new one. */
export const askForRun = async (deps: WebDeps, asked: Request): Promise<LiveRun> =>
  (await earlier(deps, asked)) ?? create(deps, asked);

/** The run that this key made before, if the request was the same. */
const earlier = async (
  { rooms }: WebDeps,
  { channel, asker: { account }, key, wanted }: Request,
): Promise<LiveRun | undefined> => {
  const result = await rooms.store.inbox.resultOf(channel, account, key);
  if (result === undefined) return undefined;
  if (result.runId === undefined) {
    const why = 'This Idempotency-Key was answered with a refusal. Ask again with a new one.';
    throw new ProblemError(409, 'refused_before', why);
  }
  const run = await madeRun(rooms, result.runId);
  const version = await rooms.store.catalog.version(run.jobKey, run.jobVersion);
  if (version === undefined || !sameRequest(version, run, wanted)) {
    const why = `This Idempotency-Key asked for something else before (run ${run.runId}).`;
    throw new ProblemError(422, 'idempotency_key_reused', why);
  }
  return run;
};

/** A key is only used up by the commit that makes its run, so anything else is a fault of ours. */
const madeRun = async ({ store }: WebDeps['rooms'], runId = ''): Promise<LiveRun> => {
  const run = (await store.runs.find([runId])).get(runId)?.state;
  if (run === undefined) throw new Error(`an Idempotency-Key was used up without a run (${runId})`);
  return run;
};

/** The run keeps what was asked for, read by the rules of its own version; so that is what a repeat is held against. */
const sameRequest = (version: JobVersion, run: LiveRun, wanted: Wanted): boolean => {
  const checked = checkParams(version.spec.params, argumentsOf(wanted));
  return (
    wanted.job === run.jobKey &&
    checked.ok &&
    sameParams(checked.params, run.params) &&
    checked.defaulted.length === run.defaulted.length &&
    checked.defaulted.every((name) => run.defaulted.includes(name))
  );
};

const sameParams = (a: Params, b: Params): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, value]) => Object.hasOwn(b, name) && b[name] === value);

const create = async (deps: WebDeps, asked: Request): Promise<LiveRun> => {
  const { rooms } = deps;
  const { asker, wanted, caller } = asked;
  const job = await findJob(deps, asker.person, wanted.job);
  const checked = checkParams(job.spec.params, argumentsOf(wanted));
  if (!checked.ok) {
    throw new ProblemError(422, 'invalid_params', checked.problems.join(' '), { problems: checked.problems });
  }
  const inbound = toInbound(asked);
  const { channel, account, eventKey, lane } = inbound;
  const { params, defaulted } = checked;
  const once = { kind: 'first', channel, account, eventKey, lane } as const;
  const heard = { inbound, person: asker.person, at: await rooms.store.now(), once };
  const handled = await workingOn({ actor: `user:${inbound.from.identity}` }, () =>
    request(rooms, heard, 'RunJob', {
      job,
      params,
      defaulted,
      ...askedElsewhere(rooms, job),
      ...(caller === undefined ? {} : { caller }),
    }),
  );
  if (handled.refused === 'job_substrate_disabled') {
    const said = handled.outbound[0]?.content.plain ?? 'The queue is switched off.';
    throw new ProblemError(409, 'job_substrate_disabled', said, { refused: handled.refused });
  }
  // The same key came twice at the same moment, and the other one was first.
  const before = handled.outcome === 'seen_before' ? await earlier(deps, asked) : undefined;
  return before ?? madeRun(rooms, handled.runId);
};

const findJob = async ({ rooms }: WebDeps, person: Person, key: string): Promise<JobVersion> => {
  const sight = jobsFor(person, await rooms.store.catalog.list());
  const job = sight.visible.find((each) => each.key === key);
  if (job === undefined) throw unknownJob(key, sight);
  if (!mayRequest(person, job.spec)) {
    throw new ProblemError(403, 'may_not_request', `You may not ask for ${job.key}.`);
  }
  return job;
};

/**
 * Nobody reads the conversation that a client has, so the question is put to somebody else at once: to whom the job would
 * put it after a while, or to the chat of the operators.
 */
const askedElsewhere = (
  { house }: WebDeps['rooms'],
  { spec: { approval } }: JobVersion,
): { readonly escalate?: ApprovalPolicy['escalate'] } => {
  const to = approval.escalate?.to ?? house.opsChat?.();
  return to === undefined ? {} : { escalate: { afterMs: 0, to } };
};

const argumentsOf = ({ params }: Wanted) => ({
  given: Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
  stray: [],
});

/** A client has no conversation, but its runs need a place of their own. */
const toInbound = ({
  channel,
  asker: { account, from },
  key,
  wanted: { job },
}: Request): Extract<Inbound, { kind: 'text' }> => {
  const address = `${channel}:${account}`;
  return {
    kind: 'text',
    channel,
    account,
    eventKey: key,
    address,
    lane: address,
    from,
    chat: 'private',
    addressed: true,
    text: `run ${job}`,
    messageId: key,
  };
};
