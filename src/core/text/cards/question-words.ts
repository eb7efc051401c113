import { type Answers, choicesOf, isNeeded } from '../../jobs/guided.ts';
import type { JobVersion, ParamSpec } from '../../jobs/job.ts';
import { asTyped, oneOf, showBound } from '../../jobs/params.ts';
import type { Action } from './rich.ts';

/** How an answer is given where the question stands: under it, or as a line of its own. */
export type AnswerBy = 'reply' | 'line';

/** `restart-web needs env. Which one?` */
export const firstQuestion = (key: string, name: string, spec: ParamSpec, by: AnswerBy): string =>
  choicesOf(spec) === undefined
    ? `${key} needs ${name}${inBrackets(spec)}. ${howTo(name, spec, by)}`
    : `${key} needs ${name}. Which one?`;

/** `env staging. hosts? (1 to 8, default 1) Reply to this message with a number.` */
export const nextQuestion = (answers: Answers, name: string, spec: ParamSpec, by: AnswerBy): string => {
  const how = choicesOf(spec) === undefined ? howTo(name, spec, by) : 'Which one?';
  return `${said(answers)}. ${name}?${inBrackets(spec)} ${how}`;
};

/** What was said is shown when the questions are over. */
export const settledWords = (key: string, answers: Answers): string => {
  const words = said(answers);
  return words === '' ? key : `${key}: ${words}`;
};

const VALUE_SHOWN_MAX = 60;

const said = (answers: Answers): string =>
  Object.entries(answers)
    .flatMap(([name, value]) => (value === null ? [] : [`${name} ${shortened(value)}`]))
    .join(', ');

const shortened = (value: string): string =>
  value.length > VALUE_SHOWN_MAX ? `${value.slice(0, VALUE_SHOWN_MAX - 1)}…` : value;

const inBrackets = (spec: ParamSpec): string => {
  const parts = boundsOf(spec);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

const boundsOf = (spec: ParamSpec): readonly string[] => {
  const { min, max, enum: values, default: preset } = spec;
  const range =
    min !== undefined && max !== undefined
      ? [`${showBound(spec, min)} to ${showBound(spec, max)}`]
      : [
          ...(min === undefined ? [] : [`at least ${showBound(spec, min)}`]),
          ...(max === undefined ? [] : [`at most ${showBound(spec, max)}`]),
        ];
  return [
    ...(values === undefined || choicesOf(spec) !== undefined ? [] : [oneOf(values.map(String))]),
    ...range,
    ...(preset !== undefined ? [`default ${preset}`] : isNeeded(spec) ? [] : ['may be left out']),
  ];
};

const WANTED: Readonly<Record<ParamSpec['type'], string>> = {
  string: 'the text',
  integer: 'a number',
  number: 'a number',
  boolean: 'true or false',
  duration: 'a duration such as 30s, 10m or 2h',
};

const howTo = (name: string, spec: ParamSpec, by: AnswerBy): string =>
  by === 'reply'
    ? `Reply to this message with ${spec.enum === undefined ? WANTED[spec.type] : 'one of them'}.`
    : `Type ${name}=${example(spec)}`;

/** Something that the parameter takes, as far as one can know. */
const example = (spec: ParamSpec): string => {
  const { min, max, enum: values, default: preset } = spec;
  const bound = min ?? max;
  const value = values?.[0] ?? preset ?? (bound === undefined ? undefined : showBound(spec, bound));
  return (value === undefined ? undefined : asTyped(String(value))) ?? '…';
};

/** The label of the button that takes the default, or leaves it out; undefined where a value is needed. */
const skipLabel = (spec: ParamSpec): string | undefined =>
  spec.default !== undefined
    ? `Use ${shortened(String(spec.default))}`
    : isNeeded(spec)
      ? undefined
      : 'Leave out';

/** Values by their number, so that any of them fits behind a button. */
export const questionActions = (id: string, name: string, spec: ParamSpec): readonly Action[] => {
  const choices = choicesOf(spec) ?? [];
  const skip = skipLabel(spec);
  return [
    ...choices.map((label, index): Action => ({ verb: 'pv', label, argument: `${id}:${name}:${index}` })),
    ...(skip === undefined ? [] : [{ verb: 'pd', label: skip, argument: `${id}:${name}` } as const]),
    { verb: 'px', label: 'Stop asking', argument: id },
  ];
};

/** `hosts must be between 1 and 8; you wrote 12. Try again or press Use 1.` */
export const badAnswer = (problem: string, spec: ParamSpec): string => {
  const skip = skipLabel(spec);
  const or =
    choicesOf(spec) !== undefined
      ? ' or press one of the buttons'
      : skip === undefined
        ? ''
        : ` or press ${skip}`;
  return `${problem} Try again${or}.`;
};

/** Where nothing can be tapped: everything that is needed, and a line that would do. */
export const plainQuestion = ({ key, spec }: Pick<JobVersion, 'key' | 'spec'>, answers: Answers): string => {
  const missing = Object.entries(spec.params).filter(
    ([name, param]) => isNeeded(param) && !Object.hasOwn(answers, name),
  );
  const needs = missing.map(([name, param]) => {
    const values = param.enum ?? (param.type === 'boolean' ? [true, false] : undefined);
    return values === undefined ? `${name}${inBrackets(param)}` : `${name} (${oneOf(values)})`;
  });
  const given = Object.entries(answers).map(([name, value]) => `${name}=${asTyped(value ?? '') ?? '…'}`);
  const line = ['run', key, ...given, ...missing.map(([name, param]) => `${name}=${example(param)}`)];
  return `${key} needs ${needs.join(', ')}. Send: ${line.join(' ')}`;
};

export const STOPPED = 'Stopped asking; nothing was created.';

export const closedQuestion = (jobKey: string): string =>
  `That question is closed, so nothing was created. Ask again: /run ${jobKey}`;

export const changedJob = (jobKey: string): string =>
  `${jobKey} has changed since I asked, so nothing was created. Ask again: /run ${jobKey}`;

export const GONE_QUESTION = 'That question is closed. Nothing was created.';

export const ANSWERED_ALREADY = 'That is answered already. The newest question counts.';

export const notYourQuestion = (name: string): string => `That question is for ${name}.`;
