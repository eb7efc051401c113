import { z } from 'zod';
import { request } from '../core/flows/request-run.ts';
import type { ApprovalPolicy, JobVersion, Params } from '../core/jobs/job.ts';
import { checkParams } from '../core/jobs/params.ts';
import { mayRequest } from '../core/people/may.ts';
import type { Person } from '../core/people/person.ts';
import type { Inbound } from '../core/ports/channel.ts';
import type { LiveRun } from '../core/runs/run.ts';
import { workingOn } from '../loops/scope.ts';
import { type Asker, askerOf, asRequester } from './asker.ts';
import { mustBe } from './body-words.ts';
import { jobsFor, unknownJob } from './jobs-api.ts';
import { ProblemError } from './problem.ts';
import { readBody } from './read-json.ts';
import { runView } from './run-view.ts';
import type { Route, WebContext, WebDeps } from './web-deps.ts';

export const requestRoutes = (deps: WebDeps): readonly Route[] => [
  { method: 'POST', path: '/runs', access: 'runs.request', handle: requestRun(deps) },
];

const Value = z.union([z.string().max(4096), z.number(), z.boolean()], {
  error: ({ input }) => mustBe('text, a number, true or false', input),
});

const Body = z
  .strictObject({
    job: z.string().min(1).max(100).optional(),
    /** The same by the name that a run shows. */
    jobKey: z.string().min(1).max(100).optional(),
    params: z.record(z.string().max(100), Value).default({}),
  })
  .refine((body) => body.job !== undefined || body.jobKey !== undefined, {
    path: ['job'],
    error: mustBe('text', undefined),
    // Also when something else is wrong, so that everything is said at once.
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  });

interface Wanted {
  readonly job: string;
  readonly params: z.output<typeof Body>['params'];
}

/** Asks for a run. Nothing starts here that would not start for the same words in a chat. */
const requestRun = (deps: WebDeps) => async (c: WebContext) => {
  const key = idempotencyKey(c);
  const wanted = named(await readBody(c, Body));
  const asker = asRequester(await askerOf(deps, c));
  const run = (await earlier(deps, asker, key, wanted)) ?? (await create(deps, asker, key, wanted));
  return c.json({ run: runView(run), said: saidOf(run) }, 201, { location: `/runs/${run.runId}` });
};

/** Whether anybody who could decide hears of it: a client may be the only one who knows. */
const saidOf = (run: LiveRun): string => {
  const { runId, status, approval } = run;
  if (status !== 'AwaitingApproval') return `Run ${runId} waits for nobody.`;
  return approval.escalate === undefined
    ? `Run ${runId} waits for a decision, and no chat shows it: somebody who may decide has to look at /runs waiting.`
    : `Run ${runId} waits for a decision; ${approval.escalate.to} is asked.`;
};

const named = ({ job, jobKey, params }: z.output<typeof Body>): Wanted => {
  if (job !== undefined && jobKey !== undefined && job !== jobKey) {
    const why = '"job" and "jobKey" mean the same, but name two different jobs. Send one of them.';
    throw new ProblemError(422, 'two_jobs', why);
  }
  // The schema takes no body without either.
  return { job: job ?? jobKey ?? '', params };
};

const idempotencyKey = (c: WebContext): string => {
  const key = c.req.header('idempotency-key');
  if (key === undefined || key === '') {
    const why =
      'Send an Idempotency-Key, new for every run you want: a repeat then answers with the same run.';
    throw new ProblemError(400, 'idempotency_key_missing', why);
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new ProblemError(
      400,
      'idempotency_key_invalid',
      'An Idempotency-Key is 1 to 200 visible ASCII characters.',
    );
  }
  return key;
};

const CHANNEL = 'http';

/** The run that this key made before, if the request was the same. */
const earlier = async (
  { rooms }: WebDeps,
  { account }: Asker,
  key: string,
  wanted: Wanted,
): Promise<LiveRun | undefined> => {
  const result = await rooms.store.inbox.resultOf(CHANNEL, account, key);
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

const create = async (deps: WebDeps, asker: Asker, key: string, wanted: Wanted): Promise<LiveRun> => {
  const { rooms } = deps;
  const job = await findJob(deps, asker.person, wanted.job);
  const checked = checkParams(job.spec.params, argumentsOf(wanted));
  if (!checked.ok) {
    throw new ProblemError(422, 'invalid_params', checked.problems.join(' '), { problems: checked.problems });
  }
  const inbound = toInbound(asker, key, wanted.job);
  const { channel, account, eventKey, lane } = inbound;
  const { params, defaulted } = checked;
  const once = { kind: 'first', channel, account, eventKey, lane } as const;
  const heard = { inbound, person: asker.person, at: await rooms.store.now(), once };
  const handled = await workingOn({ actor: `user:${inbound.from.identity}` }, () =>
    request(rooms, heard, 'RunJob', { job, params, defaulted, ...askedElsewhere(rooms, job) }),
  );
  if (handled.refused === 'job_substrate_disabled') {
    const said = handled.outbound[0]?.content.plain ?? 'The queue is switched off.';
    throw new ProblemError(409, 'job_substrate_disabled', said, { refused: handled.refused });
  }
  // The same key came twice at the same moment, and the other one was first.
  const before = handled.outcome === 'seen_before' ? await earlier(deps, asker, key, wanted) : undefined;
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
const toInbound = (
  { account, from }: Asker,
  key: string,
  job: string,
): Extract<Inbound, { kind: 'text' }> => {
  const address = `${CHANNEL}:${account}`;
  return {
    kind: 'text',
    channel: CHANNEL,
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
