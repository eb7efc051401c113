import { drawn, readLetters } from '../text/grammar/crockford.ts';

const LENGTH = 6;

/**
 * A new run id. One of its characters is always a digit from 2 to 9, so that no word that people type ("yes please") can
 * ever be read as an id. `chance` is called once per character, and twice more where a digit has to be put in.
 */
export const newRunId = (chance: () => number): string => {
  const letters = [...drawn(LENGTH, chance)];
  if (!letters.some((letter) => /[2-9]/.test(letter))) {
    letters[Math.floor(chance() * LENGTH)] = String(2 + Math.floor(chance() * 8));
  }
  return letters.join('');
};

/** Reads an id as a person types it (`O` is 0, `I` and `L` are 1), or undefined when the word is no id. */
export const readRunId = (word: string): string | undefined =>
  word.length === LENGTH && /[0-9]/.test(word) ? readLetters(word) : undefined;
