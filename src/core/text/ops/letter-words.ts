import type { DeadLetter, LetterRef } from '../../runs/dead-letter.ts';
import type { Line } from '../cards/rich.ts';
import { quoted } from '../cards/run-words.ts';
import { clock } from '../cards/say.ts';

const LETTERS = { job: 'j', inbound: 'i', outbound: 'o' } as const;

/** `j12`: short enough to type, and no two letters share one. */
export const letterName = ({ kind, id }: LetterRef): string => `${LETTERS[kind]}${id}`;

/** Which letter is meant; without a first character any kind. */
export const readLetterName = (
  word: string,
): { readonly kind?: LetterRef['kind']; readonly id: number } | undefined => {
  const [, letter = '', digits = ''] = /^([jio]?)(\d{1,15})$/i.exec(word) ?? [];
  if (digits === '') return undefined;
  const kind = KINDS.find((one) => LETTERS[one] === letter.toLowerCase());
  return { id: Number(digits), ...(kind === undefined ? {} : { kind }) };
};

const KINDS = ['job', 'inbound', 'outbound'] as const;

const SHOWN_MAX = 10;

/** `/deadletters`: what was given up on, and what can be done about it. */
export const letterLines = (letters: readonly DeadLetter[]): readonly Line[] => {
  const [first] = letters;
  if (first === undefined) return [['No dead letters.']];
  const count = letters.length === 1 ? '1 dead letter' : `${letters.length} dead letters`;
  const more = letters.length - SHOWN_MAX;
  const name = letterName(first);
  return [
    [count],
    ...letters.slice(0, SHOWN_MAX).map(letterLine),
    ...(more > 0 ? [[`… and ${more} older`]] : []),
    [`Again: /deadletters replay ${name}   Give up: /deadletters drop ${name} REASON`],
  ];
};

const letterLine = (letter: DeadLetter): Line => [
  `${letterName(letter)} ${whatOf(letter)}: ${letter.error.slice(0, 120)} `,
  clock(letter.at),
];

const whatOf = ({ kind, about, jobKey, runId }: DeadLetter): string => {
  if (kind === 'job') return `${about} ${jobKey ?? ''}`.trim();
  return kind === 'inbound' ? `from ${about}` : `to ${about}${runId === undefined ? '' : ` (${runId})`}`;
};

export const noLetter = (word: string): string =>
  word === '' ? 'Which one? See /deadletters' : `No open dead letter ${quoted(word)}. See /deadletters`;

export const severalLetters = (refs: readonly LetterRef[]): string =>
  `That number is ${refs.map(letterName).join(' and ')}. Which one?`;

export const hindered = (letter: DeadLetter): string =>
  letter.hindrance === 'unreadable'
    ? `${letterName(letter)} cannot be read, now or later. Drop it: /deadletters drop ${letterName(letter)} REASON`
    : `${letterName(letter)} shows ${letter.runId ?? 'a run'} as it was before it changed, so it is not sent again. Drop it: /deadletters drop ${letterName(letter)} REASON`;

export const replayed = (letter: DeadLetter): string =>
  letter.kind === 'inbound'
    ? `${letterName(letter)} is handled once more, as if it had just arrived.`
    : `${letterName(letter)} is sent once more to ${letter.about}.`;

export const dropped = (letter: DeadLetter, reason: string): string =>
  `${letterName(letter)} is dropped: ${quoted(reason)}.`;
