import type { Answers } from '../../jobs/guided.ts';
import { isNeeded, nextToAsk } from '../../jobs/guided.ts';
import type { JobVersion, ParamSpec } from '../../jobs/job.ts';
import { asTyped } from '../../jobs/params.ts';
import type { Field, Form } from './form.ts';
import type { Action, Line } from './rich.ts';

/** `restart-web needs env.`, with the form itself, and with a button that opens it later. */
export const formQuestion = (
  { key, spec }: Pick<JobVersion, 'key' | 'spec'>,
  answers: Answers,
): { readonly lines: readonly Line[]; readonly actions: readonly Action[]; readonly form: Form } => {
  const given = Object.entries(answers).flatMap(([name, value]) => {
    const typed = value === null ? undefined : asTyped(value);
    return typed === undefined ? [] : [`${name}=${typed}`];
  });
  const open: Action = {
    verb: 'fm',
    label: 'Fill in',
    style: 'primary',
    argument: [key, ...given].join(' '),
  };
  const fields = Object.entries(spec.params).map(([name, param]) => fieldOf(name, param, answers));
  return {
    lines: [[`${key} needs ${nextToAsk(spec.params, answers) ?? 'more'}.`]],
    actions: [open],
    form: { jobKey: key, fields },
  };
};

const fieldOf = (name: string, spec: ParamSpec, answers: Answers): Field => {
  const { type, enum: values, default: preset, min, max, maxLength } = spec;
  const value = answers[name];
  const choices = values ?? (type === 'boolean' ? [true, false] : undefined);
  const limits =
    type === 'duration'
      ? {}
      : { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return {
    name,
    type,
    needed: isNeeded(spec),
    ...(value === null || value === undefined ? {} : { value }),
    ...(preset === undefined ? {} : { preset: String(preset) }),
    ...(choices === undefined ? {} : { choices: choices.map(String) }),
    ...limits,
    ...(maxLength === undefined ? {} : { lengthMax: maxLength }),
  };
};
