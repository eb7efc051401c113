import type { Arguments } from '../text/intent.ts';
import { nearest } from '../text/nearest.ts';
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
    };

/** Checks what a person gave against what the job takes; reports everything that is wrong at once. */
export const checkParams = (specs: Readonly<Record<string, ParamSpec>>, args: Arguments): Checked => {
  const seen = new Map<string, Finding>();
  const problems = args.stray.map((word) => `${quote(word)}: write it as name=value.`);
  for (const { name, value } of args.given) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) {
      const near = nearest(name, Object.keys(specs))[0];
      problems.push(`${name}: unknown parameter.${near === undefined ? '' : ` Did you mean ${near}?`}`);
      const meant = near === undefined ? undefined : specs[near];
      if (near !== undefined && meant !== undefined && !seen.has(near))
        seen.set(near, readValue(near, meant, value));
      continue;
    }
    if (seen.has(name)) problems.push(`${name}: given twice.`);
    seen.set(name, readValue(name, spec, value));
  }
  for (const finding of seen.values()) if (!finding.ok) problems.push(finding.problem);
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.required && spec.default === undefined && !seen.has(name)) {
      problems.push(`${name}: needed${spec.enum === undefined ? '' : ` (${oneOf(spec.enum)})`}.`);
    }
  }
  return problems.length === 0 ? resolved(specs, seen) : refused(specs, seen, problems);
};

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
): Checked => {
  const words: string[] = [];
  for (const [name, spec] of Object.entries(specs)) {
    const finding = seen.get(name);
    const value = finding === undefined ? undefined : finding.ok ? String(finding.value) : finding.near;
    if (value !== undefined) words.push(`${name}=${/[\s"']/.test(value) ? JSON.stringify(value) : value}`);
    else if (finding !== undefined || (spec.required && spec.default === undefined)) {
      const first = spec.enum?.[0];
      if (first === undefined) return { ok: false, problems };
      words.push(`${name}=${first}`);
    }
  }
  return { ok: false, problems, corrected: words };
};

/** Reads one value as its parameter's type. Exported for the guided form and for values that come typed over HTTP. */
export const readValue = (name: string, spec: ParamSpec, text: string): Finding => {
  const typed = typedValue(name, spec, text);
  if (!typed.ok) return typed;
  const { value } = typed;
  if (spec.enum !== undefined && !spec.enum.includes(value)) {
    const near = nearest(text, spec.enum.map(String))[0];
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
      return within(name, spec, Number(text), Number(text), text);
    case 'number':
      if (!/^[+-]?\d{1,15}(\.\d{1,12})?$/.test(text)) return wrong(name, text, 'a number');
      return within(name, spec, Number(text), String(Number(text)), text);
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

const stringValue = (name: string, spec: ParamSpec, text: string): Finding => {
  const max = spec.maxLength ?? 1000;
  if (text.length > max) return no(`${name}: at most ${max} characters; you wrote ${text.length}.`);
  // It could be taken for an option of the program that runs.
  if (text.startsWith('-') && spec.allowDash !== true) return no(`${name}: must not start with "-".`);
  if (/[\u0000-\u001F\u007F]/.test(text))
    return no(`${name}: line breaks and control characters are not allowed.`);
  if (spec.required && text === '') return no(`${name}: must not be empty.`);
  if (spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`, 'u').test(text)) {
    return no(`${name}: ${quote(text)} does not match ${spec.pattern}.`);
  }
  return { ok: true, value: text };
};

const within = (name: string, spec: ParamSpec, size: number, value: ParamValue, text: string): Finding => {
  const show = (bound: number): string => (spec.type === 'duration' ? shortDuration(bound) : String(bound));
  const { min, max } = spec;
  if ((min === undefined || size >= min) && (max === undefined || size <= max)) return { ok: true, value };
  if (min !== undefined && max !== undefined) {
    return no(`${name} must be between ${show(min)} and ${show(max)}; you wrote ${text}.`);
  }
  const bound = min === undefined ? `at most ${show(max ?? 0)}` : `at least ${show(min)}`;
  return no(`${name} must be ${bound}; you wrote ${text}.`);
};

const no = (problem: string): Finding => ({ ok: false, problem });

const wrong = (name: string, text: string, wanted: string): Finding =>
  no(`${name}: ${quote(text)} is not ${wanted}.`);

/** What people wrote, quoted and cut, so that it cannot pass for our own words. */
const quote = (text: string): string => `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`;

const oneOf = (values: readonly ParamValue[]): string =>
  values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
