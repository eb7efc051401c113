import { mayDecide, maySee } from '../people/may.ts';
import type { Person } from '../people/person.ts';
import type { Inbound } from '../ports/channel.ts';
import { tally } from '../runs/approvals.ts';
import type { LiveRun, RunCommand } from '../runs/run.ts';
import type { Draft } from '../text/draft.ts';
import type { Intent } from '../text/intent.ts';
import type { Action, Line } from '../text/rich.ts';
import { alreadyDecided, clock, explain, needsId, noRun, notAnId } from '../text/say.ts';
import { type Handled, type Heard, hearsOf, type Rooms, replyTo, sayOnly, seenBefore } from './heard.ts';
import type { Verdict } from './orchestrate.ts';

type Text = Extract<Inbound, { kind: 'text' }>;
type Steering = Extract<
  Intent,
  { type: 'ApproveRun' | 'DenyRun' | 'ResumeRun' | 'CancelRun' | 'RecoverRun' }
>;

/** A bare yes counts for a card that is younger than this (PRODUCT 4). */
export const BARE_ANSWER_MS = 10 * 60_000;

/** A typed decision or command about one run. */
export const steerRun = async (rooms: Rooms, heard: Heard<Text>, intent: Steering): Promise<Handled> => {
  const target = await findTarget(rooms, heard, intent);
  if (target.kind === 'say') return sayOnly(rooms, heard, intent.type, target.said);
  if (target.kind === 'silent') return sayOnly(rooms, heard, intent.type, undefined);
  const { run } = target;
  if (intent.type === 'ApproveRun' && wroteBefore(heard, run)) {
    const lines = [[`You wrote that before ${run.runId} was asked. Answer again: yes ${run.runId}`]];
    return sayOnly(rooms, heard, intent.type, { lines, runId: run.runId });
  }
  return command(rooms, heard, run, intent.type, commandOf(rooms, heard, intent));
};

/** Telegram counts whole seconds, so a message of the same second may be newer than it says. */
const wroteBefore = ({ inbound }: Heard<Text>, run: LiveRun): boolean =>
  run.status === 'AwaitingApproval' && inbound.sentAtMs !== undefined && inbound.sentAtMs + 999 < run.askedAt;

type CommandOf = (run: LiveRun) => Promise<RunCommand>;

const commandOf = (rooms: Rooms, { person, inbound, at }: Heard<Text>, intent: Steering): CommandOf => {
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  return async (run) => {
    switch (intent.type) {
      case 'ApproveRun':
        return { type: 'approve', by, at };
      case 'DenyRun':
        return {
          type: 'deny',
          by,
          at,
          ...(intent.reason === undefined ? {} : { reason: intent.reason.slice(0, 500) }),
        };
      case 'ResumeRun':
        return resumeCommand(rooms, run, by, at);
      case 'CancelRun':
        return { type: 'cancel', by, at };
      case 'RecoverRun':
        return recoverCommand(rooms, run, by, at);
    }
  };
};

type ByPerson = { readonly kind: 'person'; readonly person: Person; readonly identity: string };

export const resumeCommand = async (
  rooms: Rooms,
  run: LiveRun,
  by: ByPerson,
  at: number,
): Promise<RunCommand> => ({
  type: 'resume',
  by,
  at,
  gates: await rooms.house.gates(run.jobKey),
  entitled: await rooms.directory.entitled(run),
});

export const recoverCommand = async (
  rooms: Rooms,
  run: LiveRun,
  by: ByPerson,
  at: number,
): Promise<RunCommand> => {
  const expired = run.status === 'Running' ? await rooms.store.queue.expired(at, 1000) : [];
  return { type: 'recover', by, at, leaseExpired: expired.some((lease) => lease.entry.runId === run.runId) };
};

/** Gives a command to a run and answers in the same commit. */
const command = async (
  rooms: Rooms,
  heard: Heard<Text>,
  run: LiveRun,
  intent: Steering['type'],
  build: CommandOf,
): Promise<Handled> => {
  const deciders = await rooms.directory.deciders(run);
  const executed = await rooms.orchestrator.execute({
    runId: run.runId,
    once: heard.once,
    ...hearsOf(heard),
    command: (state) => build(state.status === 'absent' ? run : state),
    replies: (verdict) => reply(rooms, heard, intent, verdict, deciders),
  });
  if (executed.outcome !== 'committed') return seenBefore(intent);
  const { decision, drafts } = executed;
  return {
    outcome: 'committed',
    intent,
    runId: run.runId,
    dispatched: decision.ok && decision.events.some((event) => event.type === 'ExecutionDispatched'),
    outbound: drafts.filter((draft) => draft.address === heard.inbound.address),
  };
};

const reply = (
  rooms: Rooms,
  { inbound }: Heard<Text>,
  intent: Steering['type'],
  { decision, after }: Verdict,
  deciders: readonly string[],
): readonly Draft[] => {
  if (after.status === 'absent') return [];
  const { runId } = after;
  if (!decision.ok) return [replyTo(inbound, { lines: [explain(decision.refusal, after, deciders)], runId })];
  // Where the run's own card or plain wording appears in this conversation, it is the answer; a card is edited without a
  // sound, so there the person also gets a short reply that names the run.
  const shown = after.origin.address === inbound.address;
  if (shown && !rooms.house.cards(inbound.address)) return [];
  return [replyTo(inbound, { lines: [confirmation(intent, after)], runId })];
};

/** What just happened, naming the run, because the person may have answered without an id. */
export const confirmation = (intent: Steering['type'], run: LiveRun): Line => {
  const name = `${run.runId} (${run.jobKey})`;
  if (run.status === 'Expired') return alreadyDecided(run);
  switch (intent) {
    case 'ApproveRun': {
      if (run.status === 'Dispatching') return [`Approved ${name}. Starting.`];
      if (run.status === 'Approved') return [`Approved ${name}. Not started: /resume ${run.runId}`];
      const { have, need } = tally(run.approval, run.votes);
      return [`Counted: ${have} of ${need} for ${name}. Nothing starts yet.`];
    }
    case 'DenyRun':
      return run.status === 'Failed' ? [`${name} ends as failed.`] : [`Denied ${name}.`];
    case 'ResumeRun':
      return run.status === 'Dispatching' ? [`Starting ${name}.`] : [`${name} has to be approved again.`];
    case 'CancelRun':
      return [`Canceled ${name}.`];
    case 'RecoverRun':
      return run.status === 'Dispatching' ? [`${name} is started again.`] : [`${name} asks again.`];
  }
};

type Target =
  | { readonly kind: 'run'; readonly run: LiveRun }
  | {
      readonly kind: 'say';
      readonly said: { readonly lines: readonly Line[]; readonly actions?: readonly Action[] };
    }
  | { readonly kind: 'silent' };

const WORD: Readonly<Record<Steering['type'], string>> = {
  ApproveRun: 'yes',
  DenyRun: 'no',
  ResumeRun: 'resume',
  CancelRun: 'cancel',
  RecoverRun: 'recover',
};

const findTarget = async (rooms: Rooms, heard: Heard<Text>, intent: Steering): Promise<Target> => {
  const named = await byName(rooms, heard, intent);
  if (named !== undefined) return named;
  const replied = await byReply(rooms, heard);
  if (replied !== undefined) return replied;
  if (intent.type !== 'ApproveRun' && intent.type !== 'DenyRun') {
    return { kind: 'say', said: { lines: [[needsId(WORD[intent.type])]] } };
  }
  // "no problem, later" in the middle of a talk is not a denial.
  if (intent.type === 'DenyRun' && intent.reason !== undefined) return { kind: 'silent' };
  return onlyOneWaiting(rooms, heard, intent.type);
};

const byName = async (
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
  const run = await visibleRun(rooms, person, runId);
  return run === undefined ? { kind: 'say', said: { lines: [[noRun(runId)]] } } : { kind: 'run', run };
};

/** The run, if it exists and this person may know of it. */
export const visibleRun = async (
  rooms: Rooms,
  person: Person,
  runId: string,
): Promise<LiveRun | undefined> => {
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  return run !== undefined && maySee(person, run) ? run : undefined;
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
): Promise<Target> => {
  const waiting = (await rooms.store.runs.waitingIn(inbound.address, 20))
    .map((stored) => stored.state)
    .filter((run) => run.status === 'AwaitingApproval' && mayDecide(person, run) && canAnswer(person, run));
  const [only] = waiting;
  if (only === undefined) {
    return { kind: 'say', said: { lines: [['No run waits for you here.']] } };
  }
  if (waiting.length === 1 && only.status === 'AwaitingApproval' && at - only.askedAt < BARE_ANSWER_MS) {
    return { kind: 'run', run: only };
  }
  return { kind: 'say', said: choices(waiting, intent) };
};

const canAnswer = (person: Person, run: LiveRun): boolean =>
  run.selfApproval || run.requester.kind !== 'person' || run.requester.personId !== person.id;

const choices = (
  waiting: readonly LiveRun[],
  intent: 'ApproveRun' | 'DenyRun',
): { readonly lines: readonly Line[]; readonly actions: readonly Action[] } => {
  const [verb, label] = intent === 'ApproveRun' ? (['ap', 'Approve'] as const) : (['dn', 'Deny'] as const);
  const many = waiting.length > 1;
  const first = many
    ? `${waiting.length} runs are waiting for you, so I did nothing. Which one?`
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
          `${index + 1}  ${run.runId}  ${run.jobKey}  ${run.requester.kind === 'person' ? run.requester.name : run.requester.key} `,
          clock(run.createdAt),
        ],
      ),
      [`Answer with the id: ${word} ${waiting[0]?.runId ?? ''}`],
    ],
    actions: [...actions, { verb: 'no', label: 'Neither' }],
  };
};
