import { asGiven, choicesOf } from '../../jobs/guided.ts';
import type { JobVersion } from '../../jobs/job.ts';
import { checkParams, readValue } from '../../jobs/params.ts';
import { mayRequest } from '../../people/may.ts';
import { noRight } from '../../people/refused.ts';
import type { RequestDraft } from '../../ports/request-drafts.ts';
import {
  ANSWERED_ALREADY,
  badAnswer,
  changedJob,
  closedQuestion,
  GONE_QUESTION,
  notYourQuestion,
  STOPPED,
  settledWords,
} from '../../text/cards/question-words.ts';
import { OUT_OF_DATE } from '../../text/cards/say.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { valueOf } from '../../text/grammar/parse.ts';
import { amendAndSay } from '../runs/amend.ts';
import { askNext, closing, sayAsking } from '../runs/ask-params.ts';
import { mayNotRequest, request, wrongParams } from '../runs/request-run.ts';
import {
  type Handled,
  type Heard,
  type Press,
  type Rooms,
  replyTo,
  type Said,
  sayOnly,
  type Text,
} from './heard.ts';
import { quiet, toast } from './toast.ts';

const INTENT = 'RunJob';

/** A tap on a button of a question: a value, the default, or no more questions. */
export const tapQuestion = async (
  rooms: Rooms,
  heard: Heard<Press>,
  verb: 'pv' | 'pd' | 'px',
  argument: string,
): Promise<Handled> => {
  const { inbound, person, at } = heard;
  const [id = '', name = '', index = ''] = argument.split(':');
  const draft = await rooms.store.requestDrafts.find(inbound.address, id);
  if (draft === undefined) return toast(rooms, heard, INTENT, GONE_QUESTION);
  if (draft.personId !== person.id) {
    const [asked] = await rooms.store.people.holding({ ids: [draft.personId], roles: [], limit: 1 });
    const words = notYourQuestion(asked?.name ?? 'somebody else');
    return toast(rooms, heard, INTENT, words, noRight('may_not_request'));
  }
  if (draft.expiresAt <= at) return toast(rooms, heard, INTENT, closedQuestion(draft.jobKey));
  if (verb === 'px') return quiet(await stop(rooms, heard, draft));
  if (draft.asking !== name) return toast(rooms, heard, INTENT, ANSWERED_ALREADY);
  const job = await jobOf(rooms, heard, draft);
  if ('said' in job) return quiet(await end(rooms, heard, draft, job.said));
  const spec = job.version.spec.params[name];
  const value = spec === undefined || verb === 'pd' ? null : choicesOf(spec)?.[Number(index)];
  if (value === undefined) return toast(rooms, heard, INTENT, OUT_OF_DATE, noRight('forged_data'));
  return quiet(await goOn(rooms, heard, job.version, { draft, value, edits: inbound.messageId }));
};

/**
 * What somebody writes under a question of theirs, or `name=value` for the parameter that was asked about: a value, in
 * whatever words. Undefined when it is neither; a command with its slash stays one.
 */
export const answerQuestion = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Intent,
): Promise<Handled | undefined> => {
  const { inbound, at } = heard;
  if (!inbound.addressed || inbound.disqualified !== undefined || isCommand(inbound.text, intent))
    return undefined;
  const draft = await answered(rooms, heard);
  if (draft === undefined) return undefined;
  if (draft.expiresAt <= at)
    return sayOnly(rooms, heard, INTENT, { lines: [[closedQuestion(draft.jobKey)]] });
  const job = await jobOf(rooms, heard, draft);
  if ('said' in job) return end(rooms, heard, draft, job.said);
  const { version } = job;
  const spec = version.spec.params[draft.asking];
  if (spec === undefined) return undefined;
  const value = valueOf(withoutName(inbound.text, draft.asking));
  const finding = readValue(draft.asking, spec, value);
  if (!finding.ok) {
    return sayAsking(rooms, heard, draft, { lines: [[badAnswer(finding.problem, spec)]] });
  }
  return goOn(rooms, heard, version, { draft, value, edits: undefined });
};

const isCommand = (text: string, intent: Intent): boolean =>
  intent.type === 'Unreadable' || (text.startsWith('/') && intent.type !== 'Unknown');

const withoutName = (text: string, name: string): string => {
  const words = text.trim();
  return words.startsWith(`${name}=`) ? words.slice(name.length + 1) : words;
};

/** The question of this person that the message answers. */
const answered = async (
  { store }: Rooms,
  { inbound, person, at }: Heard<Text>,
): Promise<RequestDraft | undefined> => {
  const { address, replyTo: replied, quotes = false, text } = inbound;
  const named = /^\s*[A-Za-z][\w-]*=/.test(text);
  if (quotes || (replied === undefined && !named)) return undefined;
  const draft = await store.requestDrafts.of(address, person.id);
  if (draft === undefined) return undefined;
  if (replied !== undefined)
    return (await store.requestDrafts.isQuestion(draft, replied)) ? draft : undefined;
  const isMeant = text.trim().startsWith(`${draft.asking}=`);
  return isMeant && draft.expiresAt > at ? draft : undefined;
};

/** The job as it was when the questions began, for somebody who may still ask for it. */
const jobOf = async (
  rooms: Rooms,
  heard: Heard,
  draft: RequestDraft,
): Promise<{ readonly version: JobVersion } | { readonly said: Said }> => {
  const version = await rooms.store.catalog.find(draft.jobKey);
  if (version?.version !== draft.jobVersion) return { said: { lines: [[changedJob(draft.jobKey)]] } };
  return mayRequest(heard.person, version.spec)
    ? { version }
    : { said: await mayNotRequest(rooms, heard, version.key) };
};

/** The questions end without a request. */
const end = (rooms: Rooms, heard: Heard, draft: RequestDraft, said: Said): Promise<Handled> =>
  amendAndSay(rooms, heard, INTENT, async () => ({
    said,
    ...(said.refusal === undefined ? {} : { refused: said.refusal.reason }),
    upkeep: [closing(draft, heard.at)],
  }));

const stop = (rooms: Rooms, heard: Heard<Press>, draft: RequestDraft): Promise<Handled> => {
  const { messageId: edits } = heard.inbound;
  return end(rooms, heard, draft, { lines: [[STOPPED]], ...(edits === undefined ? {} : { edits }) });
};

interface Answer {
  readonly draft: RequestDraft;
  /** Null: the default, or nothing. */
  readonly value: string | null;
  /** The message that the question stands in, where it was tapped. */
  readonly edits: string | undefined;
}

/** The next question, or the request that everything was asked for. */
const goOn = async (rooms: Rooms, heard: Heard, job: JobVersion, answer: Answer): Promise<Handled> => {
  const { value, edits } = answer;
  const { asking } = answer.draft;
  const draft = { ...answer.draft, answers: { ...answer.draft.answers, [asking]: value } };
  const next = askNext(rooms, heard, job, { draft, ...(edits === undefined ? {} : { edits }) });
  if (next !== undefined) return next;
  const checked = checkParams(job.spec.params, asGiven(draft.answers));
  if (!checked.ok) return end(rooms, heard, draft, wrongParams(job.key, checked));
  const { params, defaulted } = checked;
  return request(rooms, heard, INTENT, {
    job,
    params,
    defaulted,
    ...(draft.read === undefined ? {} : { read: draft.read }),
    asked: { upkeep: [closing(draft, heard.at)], outbox: withoutButtons(heard, draft, edits) },
  });
};

/** The question as it stands when it has been answered for good. */
const withoutButtons = (heard: Heard, { jobKey, answers }: RequestDraft, tapped: string | undefined) => {
  const { inbound } = heard;
  const edits = tapped ?? (inbound.kind === 'text' ? inbound.replyTo : undefined);
  return edits === undefined ? [] : [replyTo(inbound, { lines: [[settledWords(jobKey, answers)]], edits })];
};
