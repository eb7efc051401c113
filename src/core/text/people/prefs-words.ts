import { type Consent, NOTICES, type Notice } from '../../people/consent.ts';
import type { Brief } from '../cards/brief.ts';
import type { Line } from '../cards/rich.ts';
import { quoted } from '../cards/run-words.ts';
import { detail, OURS } from '../sms/text-words.ts';
import { shownIdentity } from './people-words.ts';

export interface Prefs {
  readonly muted: readonly Notice[];
  /** Of the accounts of the person that ever said something about messages; empty where others read along. */
  readonly consents: readonly Consent[];
}

const ABOUT: Readonly<Record<Notice, string>> = {
  asks: 'runs of others that you may decide',
  reminders: 'that one of them still waits',
  results: 'how they ended',
};

/** `prefs`: what somebody hears without having asked, on which accounts, and how that is changed. */
export const prefsLines = ({ muted, consents }: Prefs): readonly Line[] => [
  ['You are told in private, unasked:'],
  ...NOTICES.map(
    (notice): Line => [`  ${notice.padEnd(9)}  ${stateOf(notice, muted).padEnd(3)}  ${ABOUT[notice]}`],
  ),
  ...consents.map(
    ({ identity, state, words, at }): Line => [
      `Texts to ${shownIdentity(identity)}: ${state === 'in' ? 'on' : 'off'} since `,
      { time: at, as: 'moment' },
      ` (${quoted(words)})`,
    ],
  ),
  ['Change: ', { code: `/prefs ${NOTICES[2]} ${muted.includes(NOTICES[2]) ? 'on' : 'off'}` }],
];

export const prefsText = ({ muted }: Prefs): Brief => [
  `${OURS}${NOTICES.map((notice) => `${notice} ${stateOf(notice, muted)}`).join(', ')}.`,
  detail(` Change: PREFS ${NOTICES[2]} ${muted.includes(NOTICES[2]) ? 'on' : 'off'}.`, 'again'),
  ' STOP ends all texts, START brings them back.',
];

const stateOf = (notice: Notice, muted: readonly Notice[]): string => (muted.includes(notice) ? 'off' : 'on');

export const noSuchNotice = (word: string): string =>
  `There is no notice ${quoted(word)}, only ${NOTICES.join(', ')}. Nothing changed.`;
