import { asTyped } from '../../jobs/params.ts';
import type { Intent } from '../grammar/intent.ts';
import type { Action, Line } from './rich.ts';

/**
 * An advisor's words as they may stand in a message of ours: one line of at most `max` characters, with nothing in it that
 * a channel would turn into a link, a mention, or a command to be tapped.
 */
export const tamed = (words: string, max: number): string =>
  Array.from(
    words
      .normalize('NFKC')
      .replaceAll(UNTAMED, ' ')
      .replaceAll(DOT_OF_A_LINK, '. ')
      .replaceAll(/\s+/gu, ' ')
      .trim(),
  )
    .slice(0, max)
    .join('')
    .trim();

/** Whatever is no letter, digit or plain mark; a slash only within a word, because one before it makes a command. */
const UNTAMED = /(?<![\p{L}\p{N}])\/|\/(?![\p{L}\p{N}])|[^\p{L}\p{M}\p{N}/ .,:;()'"%+=!?_-]/gu;

/** A dot stays at the end of a sentence and in "4.1"; in "evil.example" and "10.0.0.1" it would lead somewhere. */
const DOT_OF_A_LINK = /(?<!\p{N})\.(?=\S)|\.(?=[^\p{N}\s])|(?<=\p{N}\.\p{N}+)\.(?=\S)/gu;

/** What may be asked for: jobs by their keys, with the names of their parameters. */
type Askable = readonly { readonly key: string; readonly params: readonly string[] }[];

/**
 * A reading as the line that a person could type, spelled out again from what the grammar made of it, so that what is shown
 * is what would be asked for. Undefined when it is anything but a request for one of these jobs.
 */
export const requestLine = (read: Intent, jobs: Askable): string | undefined => {
  if (read.type !== 'RunJob' || read.args.stray.length > 0) return undefined;
  const job = jobs.find(({ key }) => key === read.job);
  if (job === undefined) return undefined;
  const words = [job.key];
  for (const { name, value } of read.args.given) {
    const typed = asTyped(value);
    if (typed === undefined || !job.params.includes(name)) return undefined;
    words.push(`${name}=${typed}`);
  }
  return words.join(' ');
};

/** Shows a reading. Nothing comes of it before the person presses the button or sends the line. */
export const readingNote = (
  line: string,
): { readonly lines: readonly Line[]; readonly actions: readonly Action[] } => ({
  lines: [
    ['I read this as: ', { code: `run ${line}` }],
    ['Nothing is asked for yet. To ask for it, send that line or press its button.'],
  ],
  actions: [{ verb: 'rd', label: `Ask to run ${line}`.slice(0, LABEL_MAX), argument: line }],
});

const LABEL_MAX = 40;
