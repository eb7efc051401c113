import { z } from 'zod';
import type { LiveRun } from '../../core/runs/run.ts';
import { askerOf, asRequester } from '../access/asker.ts';
import { ProblemError } from '../problem.ts';
import type { Route, WebContext, WebDeps } from '../web-deps.ts';
import { askForRun, type Wanted } from './ask-for-run.ts';
import { mustBe } from './body-words.ts';
import { readBody } from './read-json.ts';
import { runView } from './run-view.ts';
import { readTraceparent } from './traceparent.ts';

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

/** Asks for a run. Nothing starts here that would not start for the same words in a chat. */
const requestRun = (deps: WebDeps) => async (c: WebContext) => {
  const key = idempotencyKey(c);
  const wanted = named(await readBody(c, Body));
  const asker = asRequester(await askerOf(deps, c));
  const caller = readTraceparent(c.req.header('traceparent'));
  const run = await askForRun(deps, {
    channel: 'http',
    asker,
    key,
    wanted,
    ...(caller === undefined ? {} : { caller }),
  });
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
