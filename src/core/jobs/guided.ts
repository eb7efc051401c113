import type { Arguments } from '../text/grammar/intent.ts';
import type { ParamSpec } from './job.ts';

/** What was said so far, as it was written; null where the default, or nothing at all, was chosen. */
export type Answers = Readonly<Record<string, string | null>>;

type Specs = Readonly<Record<string, ParamSpec>>;

/** More values than this are read, not tapped. */
const CHOICES_MAX = 6;

/** The values that can be tapped, as one would write them; undefined where there are too many, or no list. */
export const choicesOf = ({ type, enum: values }: ParamSpec): readonly string[] | undefined => {
  const all = values ?? (type === 'boolean' ? [true, false] : []);
  return all.length === 0 || all.length > CHOICES_MAX ? undefined : all.map(String);
};

export const isNeeded = ({ required, default: preset }: ParamSpec): boolean =>
  required && preset === undefined;

/** A default that comes with limits is offered, because people vary it; any other default is taken without a word. */
const isAsked = ({ default: preset, enum: values, min, max }: ParamSpec): boolean =>
  preset === undefined || values !== undefined || min !== undefined || max !== undefined;

/** The parameter that is asked about next: what is needed before what may be left out, otherwise in the job's order. */
export const nextToAsk = (specs: Specs, answers: Answers): string | undefined => {
  const open = Object.entries(specs).filter(([name, spec]) => isAsked(spec) && !Object.hasOwn(answers, name));
  const [name] = open.find(([, spec]) => isNeeded(spec)) ?? open[0] ?? [];
  return name;
};

export const answersOf = ({ given }: Arguments): Answers =>
  Object.fromEntries(given.map(({ name, value }) => [name, value]));

export const asGiven = (answers: Answers): Arguments => ({
  given: Object.entries(answers).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
  stray: [],
});
