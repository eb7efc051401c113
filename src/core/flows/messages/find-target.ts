import { mayDecide, maySee } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import { noRight } from '../../people/refused.ts';
import { hasAsked } from '../../runs/approvals.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Action, Line } from '../../text/cards/rich.ts';
import { asker } from '../../text/cards/run-words.ts';
import { clock, needsId, noRun, notAnId } from '../../text/cards/say.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import type { Heard, Rooms, Said, Text } from './heard.ts';

/** What is meant for one run. */
export type Steering = Extract<
  Intent,
  { type: 'ApproveRun' | 'DenyRun' | 'ResumeRun' | 'CancelRun' | 'RecoverRun' }
>;

/** A bare yes counts for a card that is younger than this (PRODUCT 4). */
export const BARE_ANSWER_MS = 10 * 60_000;

/** Which run a typed command means, or what to say when that is not clear. */
export type Target =
  | { readonly kind: 'run'; readonly run: LiveRun }
  | {
      readonly kind: 'say';
      readonly said: Pick<Said, 'lines' | 'actions' | 'refusal' | 'brief' | 'aside'>;
    }
  | { readonly kind: 'silent' };

export const WORD: Readonly<Record<Steering['type'], string>> = {
  ApproveRun: 'yes',
  DenyRun: 'no',
  ResumeRun: 'resume',
  CancelRun: 'cancel',
  RecoverRun: 'recover',
};

export const findTarget = async (rooms: Rooms, heard: Heard<Text>, intent: Steering): Promise<Target> => {
  const named = await byName(rooms, heard, intent);
  if (named !== undefined) return named;
  const replied = await byReply(rooms, heard);
  if (replied !== undefined) return replied;
  if (intent.type !== 'ApproveRun' && intent.type !== 'DenyRun') {
    return { kind: 'say', said: { lines: [[needsId(WORD[intent.type])]] } };
  }
  // "no problem, later" in the middle of a talk is not a denial.
  if (intent.type === 'DenyRun' && intent.reason !== undefined) return { kind: 'silent' };
  // A reply to anything but a card points at something; reading it as a bare answer would be guessing.
  const { replyTo, quotes = false } = heard.inbound;
  const pointsElsewhere = quotes || replyTo !== undefined;
  return onlyOneWaiting(rooms, heard, intent.type, pointsElsewhere ? 'list' : 'may_count');
};

export const byName = async (
  rooms: Rooms,
  { person }: Heard<Text>,
  intent: Steering,
): Promise<Target | undefined> => {
  const { run } = intent;
  if (run.kind === 'bare') return undefined;
  if (run.kind === 'not_an_id') {
    return { kind: 'say', said: { lines: [[notAnId(run.word, WORD[intent.type])]] } };
  }
  return seenBy(rooms, person, run.runId);
};

const seenBy = async (rooms: Rooms, person: Person, runId: string): Promise<Target> => {
  const found = await lookedAt(rooms, person, runId);
  return 'run' in found ? { kind: 'run', run: found.run } : { kind: 'say', said: found };
};

/** The run, if it exists and this person may know of it. */
export const visibleRun = async (
  rooms: Rooms,
  person: Person,
  runId: string,
): Promise<LiveRun | undefined> => {
  const found = await lookedAt(rooms, person, runId);
  return 'run' in found ? found.run : undefined;
};

/** The same; otherwise what is said, which does not tell a run that is hidden from one that is not there. */
export const lookedAt = async (
  rooms: Rooms,
  person: Person,
  runId: string,
): Promise<{ readonly run: LiveRun } | Pick<Said, 'lines' | 'refusal'>> => {
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  if (run !== undefined && maySee(person, run)) return { run };
  return { lines: [[noRun(runId)]], ...(run === undefined ? {} : { refusal: noRight('may_not_see') }) };
};

/** A reply to a card names its run, and no other: where that run may not be seen, nothing else is meant. */
const byReply = async (rooms: Rooms, { inbound, person }: Heard<Text>): Promise<Target | undefined> => {
  if (inbound.replyTo === undefined) return undefined;
  const runId = await rooms.store.runs.runOfCard(inbound.address, inbound.replyTo);
  return runId === undefined ? undefined : seenBy(rooms, person, runId);
};

/** A bare answer never guesses: exactly one run that waits here for this person, asked a moment ago, or a list. */
const onlyOneWaiting = async (
  rooms: Rooms,
  { inbound, person, at }: Heard<Text>,
  intent: 'ApproveRun' | 'DenyRun',
  bare: 'may_count' | 'list',
): Promise<Target> => {
  const waiting = (await rooms.store.runs.waitingIn(inbound.address, 20))
    .map((stored) => stored.state)
    .filter((run) => run.status === 'AwaitingApproval' && mayDecide(person, run) && canAnswer(person, run));
  const [only] = waiting;
  if (only === undefined) {
    return { kind: 'say', said: { lines: [['No run waits for you here.']], aside: true } };
  }
  const young = only.status === 'AwaitingApproval' && at - only.askedAt < BARE_ANSWER_MS;
  if (bare === 'may_count' && waiting.length === 1 && young) return { kind: 'run', run: only };
  return { kind: 'say', said: choices(waiting, intent, bare) };
};

export const canAnswer = (person: Person, run: LiveRun): boolean =>
  run.selfApproval || !hasAsked(run, person);

const choices = (
  waiting: readonly LiveRun[],
  intent: 'ApproveRun' | 'DenyRun',
  bare: 'may_count' | 'list',
): Pick<Said, 'lines' | 'actions' | 'aside'> => {
  const [verb, label] = intent === 'ApproveRun' ? (['ap', 'Approve'] as const) : (['dn', 'Deny'] as const);
  const many = waiting.length > 1;
  const first = many
    ? `${waiting.length} runs are waiting for you, so I did nothing. Which one?`
    : bare === 'list'
      ? 'What you replied to is no card, so I did nothing. Do you mean this one?'
      : 'That was asked a while ago, so I did nothing. Do you mean this one?';
  const actions = waiting.slice(0, 5).map((run): Action => {
    const bound = { epoch: run.epoch, digest: run.digest };
    return { verb, label: `${label} ${run.runId}`, runId: run.runId, bound };
  });
  const word = intent === 'ApproveRun' ? 'yes' : 'no';
  return {
    lines: [
      [first],
      ...waiting.map(
        (run, index): Line => [
          `${index + 1}  ${run.runId}  ${run.jobKey}  ${run.requester.kind === 'schedule' ? run.requester.key : asker(run)} `,
          clock(run.createdAt),
        ],
      ),
      [`Answer with the id: ${word} ${waiting[0]?.runId ?? ''}`],
    ],
    actions: [...actions, { verb: 'no', label: 'Neither' }],
    aside: true,
  };
};
