import { noRight } from '../../people/refused.ts';
import type { Intent } from '../../text/grammar/intent.ts';
import { NOT_BY_TEXT } from '../../text/sms/text-answers.ts';
import { noteOptIn } from './consent.ts';
import { type Handled, type Heard, type Rooms, readerOf, sayOnly, type Text } from './heard.ts';

/**
 * What is asked of a message because it came from a telephone: whoever wrote has agreed to be answered, and may do only
 * what anybody may be mistaken for doing. Undefined: it goes on like every other.
 */
export const limitText = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Intent,
): Promise<Handled | undefined> => {
  if (readerOf(rooms, heard) === undefined) return undefined;
  await noteOptIn(rooms, heard.inbound, intent.type === 'Link');
  if (isHarmless(intent)) return undefined;
  const said = { lines: [[NOT_BY_TEXT]], brief: [NOT_BY_TEXT], refusal: noRight('not_by_sms') };
  return sayOnly(rooms, heard, intent.type, said);
};

/**
 * The number that a text comes from can be forged. So what starts something heavy, lets something begin again, or changes
 * who may do what is for other channels; asking, looking, saying no and stopping are not.
 */
const isHarmless = (intent: Intent): boolean => {
  switch (intent.type) {
    // A light run starts with its last yes, and that is as far as a text goes.
    case 'ResumeRun':
    case 'MakeSchedule':
    case 'SteerSchedule':
    case 'FlipGate':
    case 'Unpause':
    case 'Unfreeze':
    case 'Accept':
    case 'Unaccept':
    case 'ReplayLetter':
    case 'DropLetter':
    case 'Unlink':
    case 'Admit':
    case 'Revoke':
    case 'People':
    case 'Claim':
    case 'Login':
      return false;
    // A code that was typed here proves nothing; one that was sent here and typed elsewhere does.
    case 'Link':
      return intent.code === undefined;
    case 'RunJob':
    case 'ApproveRun':
    case 'DenyRun':
    case 'CancelRun':
    case 'RecoverRun':
    case 'Pause':
    case 'Freeze':
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
    case 'Prefs':
    case 'Gates':
    case 'DeadLetters':
    case 'Unreadable':
    case 'Qualified':
    case 'Unknown':
    case 'Chatter':
      return true;
  }
};
