import type { Inbound } from '../ports/channel.ts';
import type { RunCommand, Wish } from '../runs/command.ts';
import type { LiveRun } from '../runs/run.ts';
import { plainLine } from '../text/plain.ts';
import { alreadyDecided, explain } from '../text/say.ts';
import { answer } from './answer.ts';
import { detailsOf, logOf } from './answer-run.ts';
import { visibleRun } from './find-target.ts';
import { type Handled, type Heard, type Rooms, sayOnly, seenBefore } from './heard.ts';
import { requestAgain, requestRun } from './request-run.ts';
import { confirmation, recoverCommand, resumeCommand } from './steer-run.ts';

type Press = Extract<Inbound, { kind: 'button' }>;

const INTENTS = {
  ap: 'ApproveRun',
  dn: 'DenyRun',
  rs: 'ResumeRun',
  cx: 'CancelRun',
  rc: 'RecoverRun',
} as const;
type SteeringVerb = keyof typeof INTENTS;

const steers = (verb: string): verb is SteeringVerb => Object.hasOwn(INTENTS, verb);

/** A tapped button means exactly what the typed word means; every tap gets one answer, whatever came of it. */
export const handlePress = async (rooms: Rooms, heard: Heard<Press>): Promise<Handled> => {
  const { verb, runId, argument } = heard.inbound.press;
  if (steers(verb)) return steer(rooms, heard, verb, runId ?? '');
  switch (verb) {
    case 'dt':
    case 'lg': {
      const run = await visibleRun(rooms, heard.person, runId ?? '');
      if (run === undefined) return toast(rooms, heard, 'Status', `No run ${runId ?? ''}.`);
      const said = verb === 'dt' ? await detailsOf(rooms, run) : await logOf(rooms, run);
      return {
        ...(await sayOnly(rooms, heard, verb === 'dt' ? 'Why' : 'Log', said)),
        answer: { text: '', alert: false },
      };
    }
    case 'ra': {
      const run = await visibleRun(rooms, heard.person, runId ?? '');
      if (run === undefined) return toast(rooms, heard, 'RunJob', `No run ${runId ?? ''}.`);
      return quiet(await requestAgain(rooms, heard, 'RunJob', run));
    }
    case 'rn':
    case 'jd':
    case 'jb':
    case 'op':
    case 'wt':
    case 'fl':
      return quiet(await spoken(rooms, heard, verb, argument ?? ''));
    case 'no':
      return toast(
        rooms,
        heard,
        'Chatter',
        argument === 'unknown' ? 'This button is out of date. Nothing changed.' : 'Nothing done.',
      );
  }
};

const quiet = (handled: Handled): Handled => ({ ...handled, answer: { text: '', alert: false } });

/** Buttons that stand for a typed line. */
const spoken = async (
  rooms: Rooms,
  heard: Heard<Press>,
  verb: 'rn' | 'jd' | 'jb' | 'op' | 'wt' | 'fl',
  argument: string,
): Promise<Handled> => {
  const ask = async (intent: Parameters<typeof answer>[2]): Promise<Handled> =>
    sayOnly(rooms, heard, intent.type, await answer(rooms, heard, intent));
  switch (verb) {
    case 'rn': {
      const { press, ...rest } = heard.inbound;
      const inbound = {
        ...rest,
        kind: 'text',
        text: `run ${press.argument ?? ''}`,
        addressed: true,
        messageId: rest.messageId ?? '',
      } as const;
      return requestRun(
        rooms,
        { ...heard, inbound },
        { type: 'RunJob', job: argument, args: { given: [], stray: [] } },
      );
    }
    case 'jd':
      return ask({ type: 'Job', job: argument });
    case 'jb':
      return ask({ type: 'Jobs' });
    case 'op':
      return ask({ type: 'Ops' });
    case 'wt':
      return ask({ type: 'Runs', filter: 'waiting' });
    case 'fl':
      return ask({ type: 'Runs', filter: 'failed' });
  }
};

const toast = async (
  rooms: Rooms,
  heard: Heard<Press>,
  intent: string,
  text: string,
  alert = true,
): Promise<Handled> => ({
  ...(await sayOnly(rooms, heard, intent, undefined)),
  answer: { text, alert },
});

const steer = async (
  rooms: Rooms,
  heard: Heard<Press>,
  verb: SteeringVerb,
  runId: string,
): Promise<Handled> => {
  const { person, at, inbound } = heard;
  const intent = INTENTS[verb];
  const run = await visibleRun(rooms, person, runId);
  // Somebody who sees the card in a group but may not see the run learns nothing more from tapping it.
  if (run === undefined) return toast(rooms, heard, intent, 'You may not decide this run. Nothing changed.');
  const { epoch, digest } = run;
  if (inbound.press.token !== rooms.ambient.buttonToken({ verb, runId, epoch, digest })) {
    return toast(rooms, heard, intent, staleButton(run));
  }
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  // The run may ask anew before this is committed, and the button is not for that question.
  const wish = { by, at, seenEpoch: epoch };
  const deciders = await rooms.directory.deciders(run);
  const executed = await rooms.orchestrator.execute({
    runId,
    once: heard.once,
    command: (state) => commandOf(rooms, verb, state.status === 'absent' ? run : state, wish),
  });
  if (executed.outcome !== 'committed') return seenBefore(intent);
  const { decision, after, drafts } = executed;
  const basics = { outcome: 'committed', intent, runId } as const;
  if (after.status === 'absent') return { ...basics, dispatched: false, outbound: [] };
  if (!decision.ok) {
    const text = plainLine(explain(decision.refusal, after, deciders));
    return { ...basics, dispatched: false, outbound: [], answer: { text, alert: true } };
  }
  return {
    ...basics,
    dispatched: decision.events.some((event) => event.type === 'ExecutionDispatched'),
    outbound: drafts.filter((draft) => draft.address === inbound.address),
    answer: { text: plainLine(confirmation(intent, after)), alert: false },
  };
};

const commandOf = async (rooms: Rooms, verb: SteeringVerb, run: LiveRun, wish: Wish): Promise<RunCommand> => {
  switch (verb) {
    case 'ap':
      return { type: 'approve', ...wish };
    case 'dn':
      return { type: 'deny', ...wish };
    case 'cx':
      return { type: 'cancel', ...wish };
    case 'rs':
      return resumeCommand(rooms, run, wish);
    case 'rc':
      return recoverCommand(rooms, run, wish);
  }
};

/** The run has moved on since this button was shown: another epoch, or other bytes to run. */
const staleButton = (run: LiveRun): string =>
  run.status === 'AwaitingApproval'
    ? 'This button is out of date; use the newest card. Nothing changed.'
    : plainLine(alreadyDecided(run));
