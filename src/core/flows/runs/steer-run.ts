import type { Person } from '../../people/person.ts';
import type { RunCommand } from '../../runs/command.ts';
import type { LiveRun } from '../../runs/run.ts';
import type { Line } from '../../text/cards/rich.ts';
import { countedWords, firstAsked } from '../../text/cards/run-words.ts';
import { alreadyDecided, explain } from '../../text/cards/say.ts';
import type { Draft } from '../../text/grammar/draft.ts';
import { doneText, refusedText } from '../../text/sms/text-answers.ts';
import { findTarget, type Steering } from '../messages/find-target.ts';
import {
  asText,
  type Handled,
  type Heard,
  hearsOf,
  type Rooms,
  readerOf,
  refusedBy,
  replyTo,
  sayOnly,
  seenBefore,
  type Text,
} from '../messages/heard.ts';
import { findTextTarget } from '../messages/text-target.ts';
import { retryLeave } from '../ops/feature-gates.ts';
import type { Verdict } from './orchestrate.ts';

/** A typed decision or command about one run. */
export const steerRun = async (rooms: Rooms, heard: Heard<Text>, intent: Steering): Promise<Handled> => {
  const find = readerOf(rooms, heard) === undefined ? findTarget : findTextTarget;
  const target = await find(rooms, heard, intent);
  if (target.kind === 'say') return sayOnly(rooms, heard, intent.type, target.said);
  if (target.kind === 'silent') return sayOnly(rooms, heard, intent.type, undefined);
  const { run } = target;
  return command(rooms, heard, run, intent.type, commandOf(rooms, heard, intent, run));
};

type CommandOf = (run: LiveRun) => Promise<RunCommand>;

const commandOf = (
  rooms: Rooms,
  { person, inbound, at }: Heard<Text>,
  intent: Steering,
  seen: LiveRun,
): CommandOf => {
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  return async (run) => {
    switch (intent.type) {
      case 'ApproveRun':
        return {
          type: 'approve',
          by,
          at,
          // The run may ask anew before this is committed, and nobody has said yes to that question.
          seenEpoch: seen.epoch,
          ...(inbound.sentAtMs === undefined ? {} : { wroteAt: inbound.sentAtMs }),
        };
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
): Promise<Extract<RunCommand, { type: 'resume' }>> => ({
  type: 'resume',
  by,
  at,
  gates: await rooms.house.gates(run),
  entitled: await rooms.directory.entitled(run),
});

export const recoverCommand = async (
  rooms: Rooms,
  run: LiveRun,
  by: ByPerson,
  at: number,
): Promise<Extract<RunCommand, { type: 'recover' }>> => {
  const expired = run.status === 'Running' ? await rooms.store.queue.expired(at, 1000) : [];
  const leaseExpired = expired.some((lease) => lease.entry.runId === run.runId);
  return { type: 'recover', by, at, leaseExpired, retry: await retryLeave(rooms, run) };
};

/** Gives a command to a run and answers in the same commit. */
const command = async (
  rooms: Rooms,
  heard: Heard<Text>,
  run: LiveRun,
  intent: Steering['type'],
  build: CommandOf,
): Promise<Handled> => {
  const executed = await rooms.orchestrator.execute({
    runId: run.runId,
    once: heard.once,
    ...hearsOf(heard),
    command: (state) => build(state.status === 'absent' ? run : state),
    replies: (verdict, announced) => {
      // A plain conversation has its answer in the run's own words, where there are any. A card is edited without a
      // sound, so there the person also gets a short reply that names the run.
      const said = announced.some(({ address }) => address === heard.inbound.address);
      const heardIt = verdict.decision.ok && said && !rooms.house.cards(heard.inbound.address);
      return heardIt ? [] : reply(rooms, heard, intent, verdict);
    },
  });
  if (executed.outcome !== 'committed') return seenBefore(intent);
  const { decision, drafts } = executed;
  return {
    outcome: 'committed',
    intent,
    runId: run.runId,
    ...refusedBy(decision),
    dispatched: decision.ok && decision.events.some((event) => event.type === 'ExecutionDispatched'),
    outbound: drafts.filter((draft) => draft.address === heard.inbound.address),
  };
};

const reply = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Steering['type'],
  { decision, after }: Verdict,
): Promise<readonly Draft[]> => {
  if (after.status === 'absent') return [];
  const reader = readerOf(rooms, heard);
  // Names of other people are worth a card's room, and not that of a text.
  const deciders = decision.ok || reader !== undefined ? [] : await rooms.directory.deciders(after);
  const line = decision.ok ? confirmation(intent, after) : explain(decision.refusal, after, deciders);
  const brief =
    reader && (decision.ok ? doneText(DONE[intent], after) : refusedText(decision.refusal, after, reader));
  const aside = !decision.ok;
  return [replyTo(heard.inbound, { lines: [line], runId: after.runId, aside, ...asText(brief) })];
};

const DONE: Readonly<Record<Steering['type'], Parameters<typeof doneText>[0]>> = {
  ApproveRun: 'approve',
  DenyRun: 'deny',
  CancelRun: 'cancel',
  ResumeRun: 'other',
  RecoverRun: 'other',
};

/** What just happened, naming the run, because the person may have answered without an id. */
export const confirmation = (intent: Steering['type'], run: LiveRun): Line => {
  const name = `${run.runId} (${run.jobKey})`;
  if (run.status === 'Expired') return alreadyDecided(run);
  switch (intent) {
    case 'ApproveRun': {
      if (run.status === 'Dispatching') return [`Approved ${name}. Starting.`];
      if (run.status === 'Approved') return [`Approved ${name}. Not started: /resume ${run.runId}`];
      return [`${countedWords(run, `for ${name}`)}. Nothing starts yet.`];
    }
    case 'DenyRun':
      if (run.status === 'Failed') return [`${name} ends as failed.`];
      return [`${firstAsked(run) === undefined ? 'Denied' : 'Skipped'} ${name}.`];
    case 'ResumeRun':
      return run.status === 'Dispatching' ? [`Starting ${name}.`] : [`${name} has to be approved again.`];
    case 'CancelRun':
      return [`Canceled ${name}.`];
    case 'RecoverRun':
      return run.status === 'Dispatching' ? [`${name} is started again.`] : [`${name} asks again.`];
  }
};
