import { ignoredAs, noRight } from '../../people/refused.ts';
import type { Inbound } from '../../ports/channel.ts';
import type { Once } from '../../ports/commit.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { dropLetter, findLetter, replayMessage } from '../ops/dead-letters.ts';
import { flipGate } from '../ops/feature-gates.ts';
import { freeze, unfreeze } from '../ops/freeze.ts';
import { pauseWork } from '../ops/pauses.ts';
import { changePeople } from '../people/change-people.ts';
import { claimOwner } from '../people/claim-owner.ts';
import { linkIdentity } from '../people/link-identity.ts';
import { changePrefs } from '../people/prefs.ts';
import { offerSignIn } from '../people/sign-in.ts';
import { amendAndSay } from '../runs/amend.ts';
import { explainDenial } from '../runs/explain-denial.ts';
import { acceptNever, withdrawNever } from '../runs/never.ts';
import { requestRun } from '../runs/request-run.ts';
import { steerRun } from '../runs/steer-run.ts';
import { scheduleWish } from '../schedules/schedule-wish.ts';
import { writerOf } from '../writer.ts';
import { answer } from './answer.ts';
import { answerQuestion } from './answer-question.ts';
import { answerStranger } from './answer-stranger.ts';
import { limitText } from './by-text.ts';
import { heedKeyword } from './consent.ts';
import { type Handled, type Heard, ignore, type Rooms, type Spoken, sayOnly, type Text } from './heard.ts';
import { handlePress } from './press.ts';
import { readFor } from './read-for.ts';
import { takeReceipt } from './receipts.ts';

/** Telegram, the dev door, the terminal: every message arrives here and nowhere else. */
export const handleMessage =
  (rooms: Rooms) =>
  async (inbound: Inbound, once: Once): Promise<Handled> => {
    const at = await rooms.store.now();
    switch (inbound.kind) {
      case 'text':
        return noted(rooms, inbound, await handleText(rooms, inbound, once, at));
      case 'button':
        return noted(rooms, inbound, await handleButton(rooms, inbound, once, at));
      case 'membership':
        await (inbound.state === 'reachable'
          ? rooms.store.outbox.unsuspend(inbound.address, at)
          : rooms.store.outbox.suspend(inbound.address, 'the bot was blocked or removed', at));
        return settled(rooms, once, at, inbound.kind);
      case 'migration':
        await rooms.store.outbox.readdress(inbound.address, inbound.to, at);
        return settled(rooms, once, at, inbound.kind);
      case 'receipt':
        return takeReceipt(rooms, inbound, once);
      case 'unreadable':
        throw new Error(`an unreadable message reached the rules: ${inbound.reason}`);
    }
  };

/** After the commit: what was not committed was not refused either. */
const noted = (rooms: Rooms, { channel, from }: Spoken, handled: Handled): Handled => {
  const { refusal } = handled;
  if (refusal?.kind === 'auth_refused') {
    rooms.observe({ kind: refusal.kind, channel, reason: refusal.reason, actor: from.identity });
  }
  return handled;
};

const settled = async (rooms: Rooms, once: Once, at: number, intent: string): Promise<Handled> => {
  const [outcome] = await rooms.store.runs.commit([{ once, queue: [], outbox: [], at }]);
  return {
    outcome: outcome === 'seen_before' ? outcome : 'committed',
    intent,
    dispatched: false,
    outbound: [],
  };
};

const handleText = async (rooms: Rooms, inbound: Text, once: Once, at: number): Promise<Handled> => {
  const intent = rooms.parser.parse(inbound.text);
  const basics = { inbound, once, at };
  const heeded = await heedKeyword(rooms, basics);
  if (heeded !== undefined) return heeded;
  const texts = rooms.house.texts?.(inbound.address) === true;
  if (intent.type === 'Claim' && !texts) return claimOwner(rooms, basics, intent.code);
  const person = await writerOf(rooms, inbound);
  if (person === undefined) return answerStranger(rooms, basics, intent);
  const earlier =
    (await limitText(rooms, { ...basics, person }, intent)) ??
    (await explainDenial(rooms, { ...basics, person }, intent)) ??
    (await answerQuestion(rooms, { ...basics, person }, intent));
  if (earlier !== undefined) return earlier;
  const silence = reasonForSilence(inbound, intent);
  const read = mayBeRead(intent, silence) ? await readFor(rooms, { ...basics, person }) : undefined;
  if (read !== undefined) return sayOnly(rooms, basics, intent.type, read);
  if (silence !== undefined) return ignore(rooms, basics, intent, silence);
  if (inbound.disqualified === 'edited') {
    const hint = { lines: [['Edits are ignored. Send it again as a new message.']] };
    return sayOnly(rooms, basics, intent.type, hint, ignoredAs(inbound.disqualified));
  }
  return act(rooms, { ...basics, person }, intent);
};

const act = async (rooms: Rooms, heard: Heard<Text>, intent: Intent): Promise<Handled> => {
  switch (intent.type) {
    case 'RunJob':
      return requestRun(rooms, heard, intent);
    case 'ApproveRun':
    case 'DenyRun':
    case 'ResumeRun':
    case 'CancelRun':
    case 'RecoverRun':
      return steerRun(rooms, heard, intent);
    case 'Unreadable':
      return sayOnly(rooms, heard, intent.type, { lines: [[unreadable(intent)]] });
    case 'Qualified': {
      const words = `Nothing was decided, because more was written than that. Write only: ${intent.only}`;
      return sayOnly(rooms, heard, 'Unknown', { lines: [[words]] });
    }
    case 'Claim':
    case 'Chatter':
      return ignore(rooms, heard, intent, 'chatter');
    case 'ReplayLetter':
    case 'DropLetter':
      return handleLetter(rooms, heard, intent);
    case 'Pause':
    case 'Unpause': {
      const by = { person: heard.person, identity: heard.inbound.from.identity };
      const order = { ...intent, paused: intent.type === 'Pause', by };
      return amendAndSay(rooms, heard, intent.type, pauseWork(rooms, order));
    }
    case 'Freeze':
    case 'Unfreeze': {
      const by = { person: heard.person, identity: heard.inbound.from.identity };
      const judge = intent.type === 'Freeze' ? freeze(rooms, by, intent.reason) : unfreeze(rooms, by);
      return amendAndSay(rooms, heard, intent.type, judge);
    }
    case 'Accept':
    case 'Unaccept': {
      const by = { person: heard.person, identity: heard.inbound.from.identity };
      const judge =
        intent.type === 'Accept'
          ? acceptNever(rooms, { ...intent, by })
          : withdrawNever(rooms, { ...intent, by });
      return amendAndSay(rooms, heard, intent.type, judge);
    }
    case 'Prefs':
      return changePrefs(rooms, heard, intent);
    case 'Link':
      return linkIdentity(rooms, heard, intent.code);
    case 'Login':
      return offerSignIn(rooms, heard);
    case 'Unlink':
    case 'Admit':
    case 'Revoke':
    case 'People':
      return changePeople(rooms, heard, intent);
    case 'MakeSchedule':
    case 'SteerSchedule':
      return amendAndSay(rooms, heard, intent.type, scheduleWish(rooms, heard, intent));
    case 'FlipGate':
      return amendAndSay(
        rooms,
        heard,
        intent.type,
        flipGate(rooms.store, {
          ...intent,
          by: { person: heard.person, identity: heard.inbound.from.identity },
        }),
      );
    case 'Status':
    case 'Log':
    case 'Why':
    case 'Summary':
    case 'Jobs':
    case 'Job':
    case 'Schedules':
    case 'Runs':
    case 'Ops':
    case 'Help':
    case 'WhoAmI':
    case 'Gates':
    case 'DeadLetters':
    case 'Unknown':
      return sayOnly(rooms, heard, intent.type, await answer(rooms, heard, intent));
  }
};

/** Replaying a run is recovering it, so it goes the way of every command about a run. */
const handleLetter = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Extract<Intent, { type: 'ReplayLetter' | 'DropLetter' }>,
): Promise<Handled> => {
  const by = { person: heard.person, identity: heard.inbound.from.identity };
  const { letter } = intent;
  if (intent.type === 'DropLetter') {
    return amendAndSay(rooms, heard, intent.type, dropLetter(rooms, by, letter, intent.reason));
  }
  const found = await findLetter(rooms, heard.person, letter);
  if ('letter' in found && found.run !== undefined) {
    return steerRun(rooms, heard, { type: 'RecoverRun', run: { kind: 'id', runId: found.run.runId } });
  }
  return amendAndSay(rooms, heard, intent.type, replayMessage(rooms, by, letter));
};

const unreadable = (intent: Extract<Intent, { type: 'Unreadable' }>): string =>
  intent.why === 'too_long'
    ? `Your message has ${intent.detail} characters and the limit is 4096, so I did nothing.`
    : `Your message contains a hidden character (${intent.detail}), so I did nothing. Type it again without it.`;

/** Messages that must have no effect and deserve no answer. */
const reasonForSilence = (inbound: Text, intent: Intent): string | undefined => {
  const { disqualified, chat, addressed, aside } = inbound;
  if (!addressed) return 'not_addressed';
  const commands = intent.type !== 'Chatter' && intent.type !== 'Unknown';
  if (disqualified !== undefined && !(disqualified === 'edited' && commands)) return disqualified;
  // A group has other conversations and other bots; only what is clearly meant for us gets a hint there.
  const heardByMany = chat === 'group' && aside !== 'always';
  if (heardByMany && intent.type === 'Unknown' && intent.near === undefined) return UNKNOWN_IN_GROUP;
  return undefined;
};

/** Advisors are asked about words that mean us and that no grammar knows; a slash is the beginning of somebody's command. */
const mayBeRead = (intent: Intent, silence: string | undefined): boolean =>
  intent.type === 'Unknown' &&
  !intent.word.startsWith('/') &&
  (silence === undefined || silence === UNKNOWN_IN_GROUP);

const UNKNOWN_IN_GROUP = 'unknown_in_group';

const handleButton = async (
  rooms: Rooms,
  inbound: Extract<Spoken, { kind: 'button' }>,
  once: Once,
  at: number,
): Promise<Handled> => {
  const person = inbound.disqualified === undefined ? await writerOf(rooms, inbound) : undefined;
  if (person === undefined) {
    const { disqualified = '' } = inbound;
    const refusal = ignoredAs(disqualified) ?? noRight('stranger');
    const handled = await sayOnly(rooms, { inbound, once, at }, 'Unknown', undefined, refusal);
    return { ...handled, answer: { text: 'I do not know you, so nothing changed.', alert: true } };
  }
  return handlePress(rooms, { inbound, once, at, person });
};
