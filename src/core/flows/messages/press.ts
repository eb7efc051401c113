import { noRight } from '../../people/refused.ts';
import type { Inbound } from '../../ports/channel.ts';
import type { RunCommand } from '../../runs/command.ts';
import type { LiveRun } from '../../runs/run.ts';
import { plainLine } from '../../text/cards/plain.ts';
import { alreadyDecided, OUT_OF_DATE } from '../../text/cards/say.ts';
import { decidedToast, refusedToast } from '../../text/cards/toasts.ts';
import { amendAndSay } from '../runs/amend.ts';
import { detailsOf, logOf } from '../runs/answer-run.ts';
import { listingOf } from '../runs/list-runs.ts';
import { requestAgain, requestRun } from '../runs/request-run.ts';
import { confirmation, recoverCommand, resumeCommand } from '../runs/steer-run.ts';
import { steerSchedule } from '../schedules/steer-schedule.ts';
import { answer } from './answer.ts';
import { tapQuestion } from './answer-question.ts';
import { visibleRun } from './find-target.ts';
import { type Handled, type Heard, type Press, type Rooms, refusedBy, sayOnly, seenBefore } from './heard.ts';
import { quiet, toast } from './toast.ts';

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
      if (run === undefined) return toast(rooms, heard, 'Status', `No run ${runId ?? ''}.`, HIDDEN);
      const said = verb === 'dt' ? await detailsOf(rooms, run) : await logOf(rooms, run);
      return {
        ...(await sayOnly(rooms, heard, verb === 'dt' ? 'Why' : 'Log', said)),
        answer: { text: '', alert: false },
      };
    }
    case 'ra': {
      const run = await visibleRun(rooms, heard.person, runId ?? '');
      if (run === undefined) return toast(rooms, heard, 'RunJob', `No run ${runId ?? ''}.`, HIDDEN);
      return quiet(await requestAgain(rooms, heard, 'RunJob', run));
    }
    case 'rd':
      return askAsRead(rooms, heard, argument ?? '');
    case 'rn':
    case 'jd':
    case 'jb':
    case 'op':
    case 'wt':
    case 'fl':
      return quiet(await spoken(rooms, heard, verb, argument ?? ''));
    case 'rs2': {
      const listing = listingOf(argument ?? '');
      if (listing === undefined) return toast(rooms, heard, 'Runs', OUT_OF_DATE, noRight('forged_data'));
      const said = await answer(rooms, heard, { type: 'Runs', ...listing });
      return quiet(await sayOnly(rooms, heard, 'Runs', said));
    }
    case 'sp':
      return quiet(await pauseSchedule(rooms, heard, argument ?? ''));
    case 'pv':
    case 'pd':
    case 'px':
      return tapQuestion(rooms, heard, verb, argument ?? '');
    case 'fm':
      return askByForm(rooms, heard, argument ?? '');
    case 'no':
      return argument === 'unknown'
        ? toast(rooms, heard, 'Chatter', OUT_OF_DATE, noRight('forged_data'))
        : toast(rooms, heard, 'Chatter', 'Nothing done.');
  }
};

const pauseSchedule = (rooms: Rooms, heard: Heard<Press>, key: string): Promise<Handled> => {
  const by = { person: heard.person, identity: heard.inbound.from.identity };
  const order = { verb: 'pause', key, duration: '', by } as const;
  return amendAndSay(rooms, heard, 'SteerSchedule', steerSchedule(rooms, order));
};

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
    case 'rn':
      return requestRun(rooms, asTyped(heard, `run ${argument}`), {
        type: 'RunJob',
        job: argument,
        args: { given: [], stray: [] },
      });
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

/** The press as the line that the person could have typed instead. */
const asTyped = (heard: Heard<Press>, text: string): Heard<Extract<Inbound, { kind: 'text' }>> => {
  const { press: _, messageId = '', ...rest } = heard.inbound;
  return { ...heard, inbound: { ...rest, kind: 'text', text, addressed: true, messageId } };
};

/** An advisor read the line; the grammar reads it again, and whoever presses is who asks. */
const askAsRead = async (rooms: Rooms, heard: Heard<Press>, line: string): Promise<Handled> => {
  const read = `run ${line}`;
  const intent = rooms.parser.parse(read);
  if (intent.type !== 'RunJob') return toast(rooms, heard, 'Chatter', OUT_OF_DATE, noRight('forged_data'));
  return quiet(await requestRun(rooms, asTyped(heard, read), intent, read));
};

/** The press opens the form that a moment ago could not be opened any more. */
const askByForm = async (rooms: Rooms, heard: Heard<Press>, line: string): Promise<Handled> => {
  const typed = `run ${line}`;
  const intent = rooms.parser.parse(typed);
  if (intent.type !== 'RunJob') return toast(rooms, heard, 'Chatter', OUT_OF_DATE, noRight('forged_data'));
  return quiet(await requestRun(rooms, asTyped(heard, typed), intent));
};

/** The run is not there, or not for this person; a button leads there only when it was shown to others, or made up. */
const HIDDEN = noRight('may_not_see');

const steer = async (
  rooms: Rooms,
  heard: Heard<Press>,
  verb: SteeringVerb,
  runId: string,
): Promise<Handled> => {
  const { person, at, inbound } = heard;
  const intent = INTENTS[verb];
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  const { epoch, digest } = run ?? { epoch: 0, digest: '' };
  const isReal = inbound.press.token === rooms.ambient.buttonToken({ verb, runId, epoch, digest });
  // Whoever may not see the run learns nothing from a button that they cannot have before their eyes.
  if (run === undefined || (!isReal && (await visibleRun(rooms, person, runId)) === undefined))
    return toast(rooms, heard, intent, 'You may not decide this run. Nothing changed.', HIDDEN);
  if (!isReal) return toast(rooms, heard, intent, staleButton(run), noRight('wrong_token'));
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  // The run may ask anew before this is committed, and the button is not for that question.
  const executed = await rooms.orchestrator.execute({
    runId,
    once: heard.once,
    command: async (state): Promise<RunCommand> => {
      const now = state.status === 'absent' ? run : state;
      const shown = { epoch, digest };
      if (verb === 'ap') return { type: 'approve', by, shown, at };
      if (verb === 'dn') return { type: 'deny', by, shown, at };
      if (verb === 'cx') return { type: 'cancel', by, shown, at };
      const command = verb === 'rs' ? resumeCommand : recoverCommand;
      return { ...(await command(rooms, now, by, at)), shown };
    },
  });
  if (executed.outcome !== 'committed') return seenBefore(intent);
  const { decision, after, drafts } = executed;
  const basics = { outcome: 'committed', intent, runId } as const;
  if (after.status === 'absent') return { ...basics, dispatched: false, outbound: [] };
  if (!decision.ok) {
    const deciders = await rooms.directory.deciders(after);
    const text = refusedToast(decision.refusal, after, { name: person.name, deciders });
    const no = { ...basics, ...refusedBy(decision) };
    return { ...no, dispatched: false, outbound: [], answer: { text, alert: true } };
  }
  return {
    ...basics,
    dispatched: decision.events.some((event) => event.type === 'ExecutionDispatched'),
    outbound: drafts.filter((draft) => draft.address === inbound.address),
    answer: { text: toastOf(verb, after, inbound.channel), alert: false },
  };
};

const toastOf = (verb: SteeringVerb, run: LiveRun, channel: string): string =>
  (verb === 'ap' || verb === 'dn') && run.status !== 'Expired'
    ? decidedToast(verb, run, { replies: channel !== 'terminal' && channel !== 'dev' })
    : plainLine(confirmation(INTENTS[verb], run));

/** The run has moved on since this button was shown: another epoch, or other bytes to run. */
const staleButton = (run: LiveRun): string =>
  run.status === 'AwaitingApproval' ? OUT_OF_DATE : plainLine(alreadyDecided(run));
