import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import { sha256Hex } from '../../core/runs/hash.ts';
import { hindered, letterName, readLetterName } from '../../core/text/ops/letter-words.ts';
import { ProblemError } from '../problem.ts';

/** What the field of a mark begins with; then comes the name of its letter. */
export const MARK = 'letter-';

/** The letter as somebody saw it; another one when anything about it has changed. */
export const stampOf = ({ about, attempts, error, at, hindrance }: DeadLetter): string =>
  sha256Hex(JSON.stringify([about, attempts, error, at, hindrance ?? ''])).slice(0, 16);

export interface Mark {
  readonly name: string;
  readonly stamp: string;
}

/** No more than a page shows. */
const MARKS_MAX = 100;

export const marksOf = (fields: Readonly<Record<string, string>>): readonly Mark[] => {
  const marks = Object.entries(fields).flatMap(([field, stamp]) => {
    const name = field.startsWith(MARK) ? field.slice(MARK.length) : '';
    return readLetterName(name) === undefined ? [] : [{ name, stamp }];
  });
  if (marks.length <= MARKS_MAX) return marks;
  throw new ProblemError(400, 'invalid_query', `At most ${MARKS_MAX} at once. Nothing changed.`);
};

export type Deed = 'replay' | 'drop';

/** Why a letter is left alone although it is there. */
export const whyNot = (letter: DeadLetter, { stamp }: Mark, deed: Deed): string | undefined => {
  const name = letterName(letter);
  if (stampOf(letter) !== stamp) return `${name} has changed since you saw it. Look at it again.`;
  return deed === 'replay' && letter.hindrance !== undefined ? hindered(letter) : undefined;
};
