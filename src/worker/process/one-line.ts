import { stripVTControlCharacters } from 'node:util';

export const SUMMARY_CHARS_MAX = 200;

/** One line that is safe to show anywhere: no escape sequences, no control characters, at most 200 characters. */
export const oneLine = (text: string): string => {
  const plain = stripVTControlCharacters(text).replaceAll(CONTROLS, ' ').replaceAll(/\s+/g, ' ').trim();
  if (plain.length <= SUMMARY_CHARS_MAX) return plain;
  // A cut through a surrogate pair would leave half a character behind.
  return `${plain.slice(0, SUMMARY_CHARS_MAX - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

const CONTROLS = /\p{Cc}/gu;
