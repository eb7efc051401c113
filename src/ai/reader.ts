import type { AskableJob, IAiIntentParser } from '../core/ports/advisor.ts';
import { COURTESIES, FORBIDDEN, RUN_WORDS } from './words.ts';

/**
 * Reads a polite request: every word has to be one for running something, a courtesy, the one job, or a `name=value` of that
 * job. A word that decides, stops or makes a condition means that nothing is read; one that is only unknown makes the
 * reading a guess.
 */
export const houseReader: IAiIntentParser = {
  read: async ({ text, jobs }) => {
    const words = text.match(WORD) ?? [];
    if (words.length > WORDS_MAX || words.some((word) => FORBIDDEN.has(plain(word)))) return undefined;
    const found = jobIn(words.map(plain), jobs);
    if (found === undefined) return undefined;
    const { job, isName } = found;
    const rest = words.filter((_, at) => !isName(at));
    const given = rest.flatMap((word) => argumentOf(job, word) ?? []);
    const others = rest.filter((word) => argumentOf(job, word) === undefined).map(plain);
    if (!others.some((word) => RUN_WORDS.has(word))) return undefined;
    const sure = others.every((word) => RUN_WORDS.has(word) || COURTESIES.has(word));
    return { read: ['run', job.key, ...given].join(' '), confidence: sure ? SURE : GUESS };
  },
};

const SURE = 0.95;
const GUESS = 0.4;
const WORDS_MAX = 24;

/** Words as people separate them: a mark behind a word does not belong to it, a value goes on to the next space. */
const WORD = /[\p{L}\p{N}_-]+=[^\s"']+|[\p{L}\p{N}][\p{L}\p{N}'’._-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu;

const plain = (word: string): string => word.toLowerCase().replaceAll('’', "'");

interface Found {
  readonly job: AskableJob;
  /** Whether the word at this place belongs to the name of the job. */
  readonly isName: (at: number) => boolean;
}

/** The one job that is named, by its key or by the parts of its key in a row; of two that overlap the longer name counts. */
const jobIn = (words: readonly string[], jobs: readonly AskableJob[]): Found | undefined => {
  const named = jobs.flatMap((job) => placesOf(words, job).map((place) => ({ job, ...place })));
  const widest = named.filter(({ from, to }) =>
    named.every((other) => other.to <= from || other.from >= to || other.to - other.from <= to - from),
  );
  const [first] = widest;
  if (first === undefined || widest.some(({ job }) => job.key !== first.job.key)) return undefined;
  return { job: first.job, isName: (at) => widest.some(({ from, to }) => at >= from && at < to) };
};

const placesOf = (words: readonly string[], { key }: AskableJob) =>
  [[key], key.split(/[-_.]/)].flatMap((parts) =>
    words.flatMap((_, from) =>
      parts.every((part, at) => words[from + at] === part) ? [{ from, to: from + parts.length }] : [],
    ),
  );

/** `DB=Main` for the parameter `db`: the name as the job has it, the value as it was written. */
const argumentOf = ({ params }: AskableJob, word: string): string | undefined => {
  const at = word.indexOf('=');
  const name = params.find((each) => each.toLowerCase() === word.slice(0, at).toLowerCase());
  return at < 1 || name === undefined ? undefined : `${name}${word.slice(at)}`;
};
