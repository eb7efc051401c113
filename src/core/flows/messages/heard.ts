import type { JobVersion } from '../../jobs/job.ts';
import type { Person } from '../../people/person.ts';
import { ignoredAs, type Refused, refusedByRules } from '../../people/refused.ts';
import type { Ambient, House } from '../../ports/ambient.ts';
import type { Inbound } from '../../ports/channel.ts';
import type { Once } from '../../ports/commit.ts';
import type { IIntentParser } from '../../ports/interpreter.ts';
import type { Observe } from '../../ports/observe.ts';
import type { Store } from '../../ports/store.ts';
import type { Decision } from '../../runs/decision.ts';
import type { Brief } from '../../text/cards/brief.ts';
import type { Form, OpenableForm } from '../../text/cards/form.ts';
import { plainLines } from '../../text/cards/plain.ts';
import type { Action, Line, Note } from '../../text/cards/rich.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import { PRIORITY } from '../../text/grammar/draft.ts';
import type { Reader } from '../../text/sms/text-words.ts';
import { counted } from '../history/count-refusal.ts';
import type { Directory } from '../people/directory.ts';
import type { Advice } from '../runs/advice.ts';
import type { IRunOrchestrator } from '../runs/orchestrate.ts';

/** Everything the flows of a message lean on. */
export interface Rooms {
  readonly store: Store;
  readonly parser: IIntentParser;
  readonly directory: Directory;
  readonly orchestrator: IRunOrchestrator;
  readonly advice: Advice;
  readonly ambient: Ambient;
  readonly house: House;
  readonly observe: Observe;
}

export type Spoken = Extract<Inbound, { kind: 'text' | 'button' }>;

export type Text = Extract<Inbound, { kind: 'text' }>;

export type Press = Extract<Inbound, { kind: 'button' }>;

/** A message of somebody we know, with the mark that its commit will set. */
export interface Heard<M extends Spoken = Spoken> {
  readonly inbound: M;
  readonly person: Person;
  readonly at: number;
  readonly once: Once;
}

/** What became of a message. */
export interface Handled {
  readonly outcome: 'committed' | 'seen_before';
  readonly intent: string;
  readonly jobKey?: string;
  readonly runId?: string;
  /** Whether this message put the run into the queue. */
  readonly dispatched: boolean;
  /** Messages to the conversation it came from. */
  readonly outbound: readonly Draft[];
  /** The stable code of a no that came from the rules. */
  readonly refused?: string;
  /** As what it was counted, when it came to nothing because it must not. */
  readonly refusal?: Refused;
  /** For a pressed button: what the presser sees for a moment. */
  readonly answer?: { readonly text: string; readonly alert: boolean };
}

/** What is told of a message; how long it took is for whoever has a clock. */
export const handledAs = (channel: string, { intent, runId, refusal }: Handled) => ({
  kind: 'message_handled' as const,
  channel,
  intent,
  ...(runId === undefined ? {} : { runId }),
  ...(refusal?.kind === 'auth_refused' ? { forbidden: true as const } : {}),
});

/** Whoever reads the answer, where it is a text message. */
export const readerOf = (
  { house }: Pick<Rooms, 'house'>,
  { inbound, person }: Pick<Heard, 'inbound' | 'person'>,
): Reader | undefined => {
  if (house.texts?.(inbound.address) !== true) return undefined;
  return person.timezone === undefined ? {} : { timezone: person.timezone };
};

/** A short form for text messages, made only where there are any. */
export const asText = (brief: Brief | undefined): Pick<Said, 'brief'> =>
  brief === undefined ? {} : { brief };

/** Only synchronous doors hear the answer in the answer. */
export const hearsOf = (heard: Pick<Heard, 'once' | 'inbound'>): { readonly hears?: string } =>
  heard.once.kind === 'first' ? { hears: heard.inbound.address } : {};

export interface Said {
  readonly lines: readonly Line[];
  readonly pre?: readonly string[];
  readonly after?: readonly Line[];
  readonly actions?: readonly Action[];
  readonly runId?: string;
  /** Instead of one of this message's own: the same thing is said to a conversation once. */
  readonly key?: string;
  /** The same for a channel where every message is one short text; otherwise the lines are made to fit. */
  readonly brief?: Brief;
  /** It names a one-time code. */
  readonly secret?: true;
  /** The message of ours that it takes the place of. */
  readonly edits?: string;
  /** It is said instead of doing what was wished, or showing what was asked for. */
  readonly refusal?: Refused;
  /** It concerns nobody but whoever wrote: a question back, or a no. */
  readonly aside?: boolean;
  /** The same question as a form. */
  readonly form?: Form;
}

/** The reply to a message, threaded under it. */
export const replyTo = (inbound: Spoken, said: Said): Draft => {
  const { lines, pre = [], after = [], actions = [], runId, key, brief, secret, edits, form } = said;
  const note: Note = {
    lines,
    ...(pre.length === 0 ? {} : { pre }),
    ...(after.length === 0 ? {} : { after }),
    actions,
  };
  const plain = [...plainLines(lines), ...pre, ...plainLines(after)].join('\n');
  return {
    key: key ?? replyKey(inbound),
    address: inbound.address,
    ...(runId === undefined ? {} : { runId }),
    priority: PRIORITY.reply,
    content: { kind: 'note', note, plain, ...(brief === undefined ? {} : { brief }) },
    ...(inbound.messageId === undefined ? {} : { replyTo: { messageId: inbound.messageId } }),
    ...(secret === undefined ? {} : { secret }),
    ...(edits === undefined ? {} : { edits }),
    ...(isAside(inbound, said) ? { onlyFor: inbound.from.identity } : {}),
    ...(form === undefined ? {} : { form: openable(inbound, form) }),
  };
};

/** For the eyes of whoever wrote, where others read along and the channel can show it to one of them alone. */
const isAside = ({ aside, chat }: Spoken, said: Said): boolean =>
  aside !== undefined && chat === 'group' && (said.aside === true || said.refusal !== undefined);

const openable = ({ trigger, chat }: Spoken, form: Form): OpenableForm => ({
  form,
  chat,
  ...(trigger === undefined ? {} : { trigger }),
});

/** Of the answer to a message. */
export const replyKey = ({ channel, account, eventKey }: Spoken): string =>
  `reply:${channel}:${account}:${eventKey}`;

/** Says something and changes nothing else; the message is done with it. */
export const sayOnly = async (
  rooms: Rooms,
  heard: Pick<Heard, 'inbound' | 'once' | 'at'>,
  intent: string,
  said: Said | undefined,
  refusal: Refused | undefined = said?.refusal,
  elsewhere: readonly Draft[] = [],
): Promise<Handled> => {
  const aside = said?.aside ?? heard.inbound.aside === 'always';
  const draft = said === undefined ? [] : [replyTo(heard.inbound, { ...said, aside })];
  const answers = heard.once.kind === 'first' ? draft.map((d) => ({ ...d, delivered: true })) : draft;
  const { once, at } = heard;
  const outbox = [...answers, ...elsewhere];
  const [outcome] = await rooms.store.runs.commit([{ once, queue: [], outbox, ...counted(refusal), at }]);
  if (outcome === 'seen_before') return seenBefore(intent);
  if (outcome !== 'committed') throw new Error(`a reply was answered with ${String(outcome)}`);
  return {
    outcome,
    intent,
    dispatched: false,
    outbound: answers,
    ...(said?.runId === undefined ? {} : { runId: said.runId }),
    ...(refusal === undefined ? {} : { refusal }),
  };
};

/** What a no of the rules adds to what became of a message. */
export const refusedBy = (decision: Decision): Pick<Handled, 'refused' | 'refusal'> => {
  if (decision.ok) return {};
  const { why } = decision.refusal;
  return { refused: why, refusal: refusedByRules(why) };
};

export const seenBefore = (intent: string): Handled => ({
  outcome: 'seen_before',
  intent,
  dispatched: false,
  outbound: [],
});

/** A job, as far as its visibility goes. */
export const rightsOf = (
  job: JobVersion,
): { requesters: readonly string[]; approval: JobVersion['spec']['approval'] } => ({
  requesters: job.spec.requesters,
  approval: job.spec.approval,
});

/** Says nothing and says in the log why. */
export const ignore = async (
  rooms: Rooms,
  heard: Pick<Heard<Text>, 'inbound' | 'once' | 'at'>,
  intent: { readonly type: string },
  reason: string,
): Promise<Handled> => {
  const handled = await sayOnly(rooms, heard, intent.type, undefined, ignoredAs(reason));
  rooms.observe({ kind: 'message_ignored', channel: heard.inbound.channel, reason });
  return handled;
};
