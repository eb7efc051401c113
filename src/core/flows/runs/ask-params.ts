import { type Answers, answersOf, nextToAsk } from '../../jobs/guided.ts';
import type { JobVersion, ParamSpec } from '../../jobs/job.ts';
import type { RequestDraft } from '../../ports/request-drafts.ts';
import type { Upkeep } from '../../ports/upkeep.ts';
import { formQuestion } from '../../text/cards/form-words.ts';
import {
  type AnswerBy,
  firstQuestion,
  nextQuestion,
  plainQuestion,
  questionActions,
} from '../../text/cards/question-words.ts';
import type { Arguments } from '../../text/grammar/intent.ts';
import { missingText } from '../../text/sms/text-answers.ts';
import {
  asText,
  type Handled,
  type Heard,
  type Rooms,
  readerOf,
  replyKey,
  type Said,
  sayOnly,
} from '../messages/heard.ts';
import { amendAndSay } from './amend.ts';

/** For how long somebody may think about one question. */
export const QUESTION_MS = 10 * 60_000;

/** Answers to a question that is older than so many others are not read any more. */
const KEYS_MAX = 50;

const INTENT = 'RunJob';

/** Something is missing and nothing is wrong: asks for it. Nothing is created by asking, and nothing decided. */
export const askParams = (
  rooms: Rooms,
  heard: Heard,
  job: JobVersion,
  { args, read }: { readonly args: Arguments; readonly read?: string },
): Promise<Handled> => {
  const { inbound, person } = heard;
  const answers = answersOf(args);
  if (!rooms.house.cards(inbound.address)) {
    const words = plainQuestion(job, answers);
    const brief = asText(readerOf(rooms, heard) && missingText(words));
    return sayOnly(rooms, heard, INTENT, { lines: [[words]], ...brief });
  }
  if (rooms.house.forms?.(inbound.address) === true) {
    return sayOnly(rooms, heard, INTENT, { ...formQuestion(job, answers), aside: true });
  }
  const { name, spec } = questionOf(job, answers);
  return ask(rooms, heard, {
    words: firstQuestion(job.key, name, spec, answerBy(heard)),
    spec,
    draft: {
      id: rooms.ambient.newRunId(),
      address: inbound.address,
      personId: person.id,
      jobKey: job.key,
      jobVersion: job.version,
      answers,
      asking: name,
      messageKeys: [],
      ...(read === undefined ? {} : { read }),
    },
  });
};

/** The same with one answer more; undefined when everything is known. */
export const askNext = (
  rooms: Rooms,
  heard: Heard,
  job: JobVersion,
  { draft, edits }: { readonly draft: RequestDraft; readonly edits?: string },
): Promise<Handled> | undefined => {
  if (nextToAsk(job.spec.params, draft.answers) === undefined) return undefined;
  const { name, spec } = questionOf(job, draft.answers);
  return ask(rooms, heard, {
    words: nextQuestion(draft.answers, name, spec, answerBy(heard)),
    spec,
    draft: { ...draft, asking: name },
    ...(edits === undefined ? {} : { edits }),
  });
};

const questionOf = (
  { spec }: JobVersion,
  answers: Answers,
): { readonly name: string; readonly spec: ParamSpec } => {
  const name = nextToAsk(spec.params, answers);
  const param = name === undefined ? undefined : spec.params[name];
  if (name === undefined || param === undefined) throw new Error('there is nothing left to ask');
  return { name, spec: param };
};

/** A terminal has no message that one could reply to. */
const answerBy = ({ inbound }: Heard): AnswerBy => (inbound.channel === 'terminal' ? 'line' : 'reply');

const ask = (
  rooms: Rooms,
  heard: Heard,
  question: {
    readonly words: string;
    readonly spec: ParamSpec;
    readonly draft: Omit<RequestDraft, 'expiresAt'>;
    readonly edits?: string;
  },
): Promise<Handled> => {
  const { words, spec, draft, edits } = question;
  return sayAsking(rooms, heard, draft, {
    lines: [[words]],
    actions: questionActions(draft.id, draft.asking, spec),
    ...(edits === undefined ? {} : { edits }),
  });
};

/** Says something that may be answered, and gives another ten minutes for it. */
export const sayAsking = (
  rooms: Rooms,
  heard: Heard,
  draft: Omit<RequestDraft, 'expiresAt'>,
  said: Said,
): Promise<Handled> => {
  const messageKeys = [...draft.messageKeys, replyKey(heard.inbound)].slice(-KEYS_MAX);
  const kept = { ...draft, messageKeys, expiresAt: heard.at + QUESTION_MS };
  return amendAndSay(rooms, heard, INTENT, async () => ({
    said,
    upkeep: [{ kind: 'request_draft', draft: kept }],
  }));
};

/** Nothing is asked any more; what is answered late is told so, also by a clock that was set back a little. */
export const closing = (draft: RequestDraft, at: number): Upkeep => ({
  kind: 'request_draft',
  draft: { ...draft, expiresAt: Math.min(draft.expiresAt, at - QUESTION_MS) },
});
