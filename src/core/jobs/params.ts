import type { Arguments } from '../text/grammar/intent.ts';
import { nearest } from '../text/grammar/nearest.ts';
import { parseDuration, shortDuration } from '../time/duration.ts';
import type { ParamSpec, Params, ParamValue } from './job.ts';

export type Checked =
  | { readonly ok: true; readonly params: Params; readonly defaulted: readonly string[] }
  | {
      readonly ok: false;
      /** One sentence each. */
      readonly problems: readonly string[];
      /** Arguments with every suggestion applied, ready to copy; undefined when a value is anybody's guess. */
      readonly corrected?: readonly string[];
      /** Something that is needed was not given, and nothing that was given is wrong. */
      readonly incomplete?: true;
    };

/** Resolved values as somebody would write them, to be checked against another version of the job. */
export const asArguments = (params: Params): Arguments => ({
  given: Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
  stray: [],
});

/** Checks what a person gave against what the job takes; reports everything that is wrong at once, in the order given. */
export const checkParams = (specs: Readonly<Record<string, ParamSpec>>, args: Arguments): Checked => {
  const seen = new Map<string, Finding>();
  const problems: string[] = [];
  for (const { name, value } of args.given) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) {
      problems.push(unknown(name, specs));
      continue;
    }
    const finding = readValue(name, spec, value);
    if (seen.has(name)) problems.push(`${name}: given twice.`);
    else if (!finding.ok) problems.push(finding.problem);
    seen.set(name, finding);
  }
  problems.push(...args.stray.map((word) => `${quote(word)}: write it as name=value.`));
  const meant = new Map([...misnamed(specs, args), ...seen]);
  const missing = Object.entries(specs).filter(
    ([name, spec]) => spec.required && spec.default === undefined && !meant.has(name),
  );
  const isWrong = problems.length > 0;
  for (const [name, spec] of missing) {
    problems.push(`${name}: needed${spec.enum === undefined ? '' : ` (${oneOf(spec.enum)})`}.`);
  }
  if (problems.length === 0) return resolved(specs, seen);
  const no = refused(specs, meant, problems, args.stray);
  return isWrong ? no : { ...no, incomplete: true };
};

const unknown = (name: string, specs: Readonly<Record<string, ParamSpec>>): string => {
  const near = nearest(name, Object.keys(specs))[0];
  return `${name.length > 80 ? quote(name) : name}: unknown parameter.${near === undefined ? '' : ` Did you mean ${near}?`}`;
};

/** Values under a mistyped name, read as the parameter that was probably meant; only for the suggestion. */
const misnamed = (
  specs: Readonly<Record<string, ParamSpec>>,
  args: Arguments,
): readonly (readonly [string, Finding])[] =>
  args.given.flatMap(({ name, value }) => {
    const near = Object.hasOwn(specs, name) ? undefined : nearest(name, Object.keys(specs))[0];
    const spec = near === undefined ? undefined : specs[near];
    return near === undefined || spec === undefined ? [] : [[near, readValue(near, spec, value)] as const];
  });

type Finding =
  | { readonly ok: true; readonly value: ParamValue }
  | { readonly ok: false; readonly problem: string; readonly near?: string };

const resolved = (
  specs: Readonly<Record<string, ParamSpec>>,
  seen: ReadonlyMap<string, Finding>,
): Checked => {
  const params: Record<string, ParamValue> = {};
  const defaulted: string[] = [];
  for (const [name, spec] of Object.entries(specs)) {
    const finding = seen.get(name);
    if (finding?.ok === true) params[name] = finding.value;
    else if (spec.default !== undefined) {
      params[name] = spec.default;
      defaulted.push(name);
    }
  }
  return { ok: true, params, defaulted };
};

const refused = (
  specs: Readonly<Record<string, ParamSpec>>,
  seen: ReadonlyMap<string, Finding>,
  problems: readonly string[],
  stray: readonly string[],
): Extract<Checked, { ok: false }> => {
  const words: string[] = [];
  const names = Object.entries(specs);
  for (const [name, spec] of names) {
    const finding = seen.get(name);
    // A lone word can only have been meant for the one parameter there is.
    const lone = names.length === 1 && stray.length === 1 ? stray[0] : undefined;
    const value = finding === undefined ? lone : finding.ok ? String(finding.value) : finding.near;
    const missing = finding !== undefined || (spec.required && spec.default === undefined);
    const meant = value ?? (missing ? spec.enum?.[0] : undefined);
    if (meant === undefined && !missing) continue;
    const word = meant === undefined ? undefined : asTyped(String(meant));
    if (word === undefined) return { ok: false, problems };
    words.push(`${name}=${word}`);
  }
  return { ok: false, problems, corrected: words };
};

/** As the grammar reads it back: it knows two kinds of quotes and no escapes, so a value with both cannot be written. */
export const asTyped = (value: string): string | undefined => {
  if (value !== '' && !/[\s"']/.test(value)) return value;
  if (!value.includes('"')) return `"${value}"`;
  return value.includes("'") ? undefined : `'${value}'`;
};

/** Reads one value as its parameter's type. Exported for the guided form and for values that come typed over HTTP. */
export const readValue = (name: string, spec: ParamSpec, text: string): Finding => {
  const typed = typedValue(name, spec, text);
  if (!typed.ok) return typed;
  const { value } = typed;
  if (spec.enum !== undefined && !spec.enum.includes(value)) {
    // Numbers that look alike are no slip of the finger.
    const near = spec.type === 'string' ? nearest(text, spec.enum.map(String))[0] : undefined;
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const problem = `${name}: ${quote(text)} is not one of ${spec.enum.join(', ')}.${hint}`;
    return near === undefined ? { ok: false, problem } : { ok: false, problem, near };
  }
  return typed;
};

const typedValue = (name: string, spec: ParamSpec, text: string): Finding => {
  switch (spec.type) {
    case 'string':
      return stringValue(name, spec, text);
    case 'integer':
      if (!/^[+-]?\d{1,15}$/.test(text)) return wrong(name, text, 'a whole number');
      // Adding 0 turns -0 into 0.
      return within(name, spec, Number(text), Number(text) + 0, text);
    case 'number':
      if (!/^[+-]?\d{1,15}(\.\d{1,12})?$/.test(text)) return wrong(name, text, 'a number');
      return within(name, spec, Number(text), decimalOf(text), text);
    case 'boolean': {
      const word = text.toLowerCase();
      if (['true', 'yes', 'on', '1'].includes(word)) return { ok: true, value: true };
      if (['false', 'no', 'off', '0'].includes(word)) return { ok: true, value: false };
      return wrong(name, text, 'true or false');
    }
    case 'duration': {
      const ms = parseDuration(text);
      return ms === undefined
        ? wrong(name, text, 'a duration such as 30s, 10m or 2h')
        : within(name, spec, ms, shortDuration(ms), text);
    }
  }
};

/** The one text of a decimal number: no plus, no leading or trailing zeros, never an exponent. */
const decimalOf = (text: string): string => {
  const unsigned = text.replace(/^[+-]?0*(?=\d)/, '');
  const digits = unsigned.includes('.') ? unsigned.replace(/\.?0*$/, '') : unsigned;
  return text.startsWith('-') && digits !== '0' ? `-${digits}` : digits;
};

const stringValue = (name: string, spec: ParamSpec, text: string): Finding => {
  const max = spec.maxLength ?? 1000;
  if (text.length > max) return no(`${name}: at most ${max} characters; you wrote ${text.length}.`);
  // It could be taken for an option of the program that runs.
  if (text.startsWith('-') && spec.allowDash !== true) return no(`${name}: must not start with "-".`);
  if (/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/.test(text))
    return no(`${name}: line breaks and control characters are not allowed.`);
  if (spec.required && text === '') return no(`${name}: must not be empty.`);
  if (spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`, 'u').test(text)) {
    return no(`${name}: ${quote(text)} does not match ${spec.pattern}.`);
  }
  return { ok: true, value: text };
};

const within = (name: string, spec: ParamSpec, size: number, value: ParamValue, text: string): Finding => {
  const show = (bound: number): string => showBound(spec, bound);
  const { min, max } = spec;
  if ((min === undefined || size >= min) && (max === undefined || size <= max)) return { ok: true, value };
  if (min !== undefined && max !== undefined) {
    return no(`${name} must be between ${show(min)} and ${show(max)}; you wrote ${text}.`);
  }
  const bounds = [
    ...(min === undefined ? [] : [`at least ${show(min)}`]),
    ...(max === undefined ? [] : [`at most ${show(max)}`]),
  ];
  return no(`${name} must be ${bounds.join(' and ')}; you wrote ${text}.`);
};

/** A bound as somebody would write it. */
export const showBound = ({ type }: Pick<ParamSpec, 'type'>, bound: number): string =>
  type === 'duration' ? shortDuration(bound) : String(bound);

const no = (problem: string): Finding => ({ ok: false, problem });

const wrong = (name: string, text: string, wanted: string): Finding =>
  no(`${name}: ${quote(text)} is not ${wanted}.`);

/** What people wrote, quoted and cut, so that it cannot pass for our own words. */
const quote = (text: string): string => `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;

/** `a, b or c`. */
export const oneOf = (values: readonly ParamValue[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
