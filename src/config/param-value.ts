import type { ParamSpec, ParamValue } from '../core/jobs/job.ts';
import { parseDuration, shortDuration } from '../core/time/duration.ts';
import type { FileParam } from './catalog-schema.ts';
import { patternProblem, wholePattern } from './pattern.ts';
import { notOneOf, quoted } from './suggest.ts';

export type Checked =
  | { readonly ok: true; readonly value: ParamValue }
  | { readonly ok: false; readonly message: string };

/** A value from the file, checked against the parameter and in the one form that the history keeps. */
export const checkValue = (param: FileParam, given: unknown): Checked => {
  const typed = typedValue(param, given);
  if (!typed.ok || param.enum === undefined) return typed;
  const allowed = param.enum
    .map((each) => typedValue(param, each))
    .flatMap((each) => (each.ok ? [each.value] : []));
  return allowed.includes(typed.value) ? typed : refused(notOneOf(String(typed.value), allowed.map(String)));
};

/** The same without the list of allowed values; that list itself is checked with it. */
export const typedValue = (param: FileParam, given: unknown): Checked => {
  switch (param.type) {
    case 'string':
      return textValue(param, given);
    case 'boolean':
      return typeof given === 'boolean'
        ? accepted(given)
        : refused(`expected true or false, got ${shown(given)}`);
    case 'integer':
      if (!Number.isSafeInteger(given)) return refused(`expected a whole number, got ${shown(given)}`);
      return within(param, Number(given), Number(given));
    case 'number': {
      const decimal = typeof given === 'number' ? String(given) : '';
      if (!/^-?\d+(\.\d+)?$/.test(decimal))
        return refused(`expected a plain decimal number, got ${shown(given)}`);
      return within(param, Number(decimal), decimal);
    }
    case 'duration': {
      const ms = typeof given === 'string' ? parseDuration(given) : undefined;
      if (ms === undefined) return refused(`expected a duration such as 30s, got ${shown(given)}`);
      return within(param, ms, shortDuration(ms));
    }
  }
};

/**
 * A bound as the core keeps it: milliseconds for durations, else the number; undefined when it does not fit
 * the type.
 */
export const boundOf = (param: FileParam, bound: string | number | undefined): number | undefined => {
  if (param.type === 'duration') return typeof bound === 'string' ? parseDuration(bound) : undefined;
  if (typeof bound !== 'number') return undefined;
  if (param.type === 'integer') return Number.isSafeInteger(bound) ? bound : undefined;
  return param.type === 'number' && Number.isFinite(bound) ? bound : undefined;
};

export const toParamSpec = (param: FileParam): ParamSpec => {
  const min = boundOf(param, param.min);
  const max = boundOf(param, param.max);
  const values = (given: readonly unknown[]): ParamValue[] =>
    given.map((each) => typedValue(param, each)).flatMap((each) => (each.ok ? [each.value] : []));
  const [preset] = param.default === undefined ? [] : values([param.default]);
  return {
    type: param.type,
    required: param.required ?? preset === undefined,
    ...(preset !== undefined && { default: preset }),
    ...(param.enum && { enum: values(param.enum) }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(param.pattern && { pattern: param.pattern }),
    ...(param.maxLength && { maxLength: param.maxLength }),
    ...(param.allowDash !== undefined && { allowDash: param.allowDash }),
  };
};

/** What chat accepts without a maxLength; a default may not be longer than what a person could write. */
const TEXT_LENGTH_MAX = 1000;

const accepted = (value: ParamValue): Checked => ({ ok: true, value });
const refused = (message: string): Checked => ({ ok: false, message });
const shown = (given: unknown): string => (typeof given === 'string' ? quoted(given) : String(given));

const textValue = (param: FileParam, given: unknown): Checked => {
  if (typeof given !== 'string')
    return refused(`expected text, got ${shown(given)}; write it in quotes: "${shown(given)}"`);
  const longest = param.maxLength ?? TEXT_LENGTH_MAX;
  if (given.length > longest) return refused(`${quoted(given)} is longer than ${longest} characters`);
  if (/\p{Cc}/u.test(given)) return refused(`${quoted(given)} contains a line break or a control character`);
  if (given.startsWith('-') && param.allowDash !== true)
    return refused(`${quoted(given)} begins with "-", which needs allowDash: true`);
  const { pattern } = param;
  // A pattern that is itself refused has been reported already and must not run.
  if (pattern !== undefined && patternProblem(pattern) === undefined && !wholePattern(pattern).test(given))
    return refused(`${quoted(given)} does not match the pattern ${pattern}`);
  return accepted(given);
};

const within = (param: FileParam, size: number, value: ParamValue): Checked => {
  const min = boundOf(param, param.min);
  const max = boundOf(param, param.max);
  if (min !== undefined && size < min) return refused(`${value} is below min ${param.min}`);
  if (max !== undefined && size > max) return refused(`${value} is above max ${param.max}`);
  return accepted(value);
};
