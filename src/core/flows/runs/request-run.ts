import type { ApprovalPolicy, JobVersion, Params } from '../../jobs/job.ts';
import { asArguments, checkParams } from '../../jobs/params.ts';
import { uncatalogued } from '../../jobs/self-test.ts';
import { mayRequest } from '../../people/may.ts';
import { noRight } from '../../people/refused.ts';
import type { Upkeep } from '../../ports/upkeep.ts';
import type { Caller, LiveRun } from '../../runs/run.ts';
import type { Line } from '../../text/cards/rich.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { explain } from '../../text/cards/say.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { wrongParamsText } from '../../text/sms/text-answers.ts';
import {
  asText,
  type Handled,
  type Heard,
  hearsOf,
  type Rooms,
  readerOf,
  refusedBy,
  replyTo,
  type Said,
  sayOnly,
  seenBefore,
  type Text,
} from '../messages/heard.ts';
import { askedAtOnce } from '../messages/reachable.ts';
import { isOfThisMachine } from '../writer.ts';
import { askParams } from './ask-params.ts';
import { filesOf } from './files-of.ts';
import { findJob } from './find-job.ts';
import { asksAllTheSame, mayRunUnasked } from './never.ts';
import { requestFacts } from './request-facts.ts';

/** A request that was waiting at the provider for longer than this is asked for again (CHANNELS 1.5). */
export const STALE_REQUEST_MS = 10 * 60_000;

/** `run JOB name=value …` */
export const requestRun = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Extract<Intent, { type: 'RunJob' }>,
  /** The line that was read for this person, when that is what they asked for. */
  read?: string,
): Promise<Handled> => {
  const { inbound } = heard;
  if (intent.job === '')
    return sayOnly(rooms, heard, intent.type, { lines: [['Run what? See /jobs. Try: run hello']] });
  const minutes = minutesLate(heard);
  if (minutes !== undefined) {
    const words = `I was away when you wrote this ${minutes} min ago, so I did nothing. Send it again: ${inbound.text}`;
    return sayOnly(rooms, heard, intent.type, { lines: [[words.slice(0, 400)]] });
  }
  const job = await findJob(rooms, heard, intent.job);
  if (job.kind === 'say') return sayOnly(rooms, heard, intent.type, job.said);
  const { version } = job;
  if (!mayRequest(heard.person, version.spec)) {
    return sayOnly(rooms, heard, intent.type, await mayNotRequest(rooms, heard, version.key));
  }
  const checked = checkParams(
    version.spec.params,
    version.version === 0 ? { given: [], stray: [] } : intent.args,
  );
  if (!checked.ok && checked.incomplete) {
    return askParams(rooms, heard, version, { args: intent.args, ...(read === undefined ? {} : { read }) });
  }
  if (!checked.ok) {
    const brief =
      readerOf(rooms, heard) && wrongParamsText(version.spec.params, intent.args, checked.problems);
    return sayOnly(rooms, heard, intent.type, { ...wrongParams(version.key, checked), ...asText(brief) });
  }
  return request(rooms, heard, intent.type, {
    job: version,
    params: checked.params,
    defaulted: checked.defaulted,
    ...(read === undefined ? {} : { read }),
  });
};

/** How late a wish reaches us that was waiting for too long; undefined for one that is fresh. */
export const minutesLate = ({ inbound, at }: Pick<Heard<Text>, 'inbound' | 'at'>): number | undefined =>
  inbound.sentAtMs !== undefined && at - inbound.sentAtMs > STALE_REQUEST_MS
    ? Math.round((at - inbound.sentAtMs) / 60_000)
    : undefined;

interface Wanted {
  readonly job: JobVersion;
  readonly params: Params;
  readonly defaulted: readonly string[];
  readonly read?: string;
  /** What ends with it, when it comes of questions. */
  readonly asked?: { readonly upkeep: readonly Upkeep[]; readonly outbox: readonly Draft[] };
  /** Replaces the job's own. */
  readonly escalate?: ApprovalPolicy['escalate'];
  readonly caller?: Caller;
}

/** Asks for a run: a new request with a decision of its own, whoever asked before. */
export const request = async (
  rooms: Rooms,
  heard: Heard,
  intent: string,
  wanted: Wanted,
): Promise<Handled> => {
  const { inbound, person, at } = heard;
  const { job, params, defaulted, read, asked, escalate, caller } = wanted;
  const { channel, address, chat } = inbound;
  const dev = rooms.house.profile === 'dev' && isOfThisMachine(inbound);
  const files = await filesOf(rooms.ambient, job.spec);
  const asks = await askedAtOnce(rooms, address, job.spec, person);
  const risk = await rooms.advice.risk({ personId: person.id, at }, () =>
    requestFacts(rooms.store.runs, heard, wanted),
  );
  const executed = await rooms.orchestrator.execute({
    runId: rooms.ambient.newRunId,
    once: heard.once,
    ...hearsOf(heard),
    ...(asked === undefined ? {} : { upkeep: asked.upkeep }),
    command: async (_state, runId) => ({
      type: 'request',
      runId,
      job,
      params,
      defaulted,
      by: { kind: 'person', person, identity: inbound.from.identity },
      origin: {
        channel,
        address,
        chat,
        ...(inbound.messageId === undefined ? {} : { messageId: inbound.messageId }),
        ...(caller === undefined ? {} : { caller }),
      },
      selfApproval: job.spec.approval.self ?? dev,
      neverAccepted: await mayRunUnasked(rooms, { job, files, at }),
      files,
      ...(asks.length === 0 ? {} : { asks }),
      ...(escalate === undefined ? {} : { escalate }),
      advice: { ...(read === undefined ? {} : { read }), ...(risk === undefined ? {} : { risk }) },
      at,
    }),
    replies: async ({ decision, after }) => [
      ...(asked?.outbox ?? []),
      ...(await asksAllTheSame(rooms, { job, files, at }, after)),
      ...(decision.ok ? [] : [replyTo(inbound, { lines: [explain(decision.refusal, after)], aside: true })]),
    ],
  });
  if (executed.outcome !== 'committed') return seenBefore(intent);
  const { after, decision, drafts } = executed;
  return {
    outcome: 'committed',
    intent,
    jobKey: job.key,
    ...(after.status === 'absent' ? {} : { runId: after.runId }),
    ...refusedBy(decision),
    dispatched: decision.ok && decision.events.some((event) => event.type === 'ExecutionDispatched'),
    outbound: drafts.filter((draft) => draft.address === address),
  };
};

/** The same job with the same parameters once more, in its present version, which may ask for more than the run had. */
export const requestAgain = async (
  rooms: Rooms,
  heard: Heard,
  intent: string,
  run: LiveRun,
): Promise<Handled> => {
  const job = run.jobVersion === 0 ? uncatalogued(run.jobKey) : await rooms.store.catalog.find(run.jobKey);
  if (job === undefined) {
    return sayOnly(rooms, heard, intent, {
      lines: [[`There is no job called ${quoted(run.jobKey)} any more.`]],
    });
  }
  if (!mayRequest(heard.person, job.spec)) {
    return sayOnly(rooms, heard, intent, await mayNotRequest(rooms, heard, job.key));
  }
  const { given, stray } = asArguments(run.params);
  const chosen = given.filter(({ name }) => !run.defaulted.includes(name));
  const checked = checkParams(job.spec.params, { given: chosen, stray });
  if (!checked.ok && checked.incomplete)
    return askParams(rooms, heard, job, { args: { given: chosen, stray } });
  if (!checked.ok) return sayOnly(rooms, heard, intent, wrongParams(job.key, checked));
  return request(rooms, heard, intent, { job, params: checked.params, defaulted: checked.defaulted });
};

/** What they may do instead, and whom to ask. */
export const mayNotRequest = async (rooms: Rooms, { person }: Heard, key: string): Promise<Said> => {
  const jobs = (await rooms.store.catalog.list()).filter((job) => mayRequest(person, job.spec));
  const may =
    jobs.length === 0
      ? 'You may run nothing yet.'
      : `You may run: ${jobs
          .slice(0, 6)
          .map((job) => job.key)
          .join(', ')}.`;
  const owners = await rooms.store.people.holding({ ids: [], roles: ['owner'], limit: 3 });
  const whom = owners.map(({ name }) => name);
  const ask = whom.length === 0 ? '' : ` Ask an owner: ${whom.join(', ')}.`;
  return { lines: [[`You may not ask for ${key}. ${may}${ask}`]], refusal: noRight('may_not_request') };
};

/** Everything that is wrong at once, and a line that would do. */
export const wrongParams = (
  key: string,
  checked: { readonly problems: readonly string[]; readonly corrected?: readonly string[] },
): Said => {
  const { problems, corrected } = checked;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines: Line[] = [
    [`${count}, nothing was created:`],
    ...problems.map((problem): Line => [`• ${problem}`]),
  ];
  if (corrected !== undefined) lines.push(['Copy: ', { code: ['/run', key, ...corrected].join(' ') }]);
  return { lines, aside: true };
};
