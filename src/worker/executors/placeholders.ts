import type { JsonValue, ParamSpec, Params, ParamValue } from '../../core/jobs/job.ts';

/** What `{name}` as a whole text stands for, or that it stands only for itself. */
export type Placeholder =
  | { readonly kind: 'literal' }
  | { readonly kind: 'value'; readonly name: string; readonly value: ParamValue }
  | { readonly kind: 'missing'; readonly name: string };

type ParamSpecs = Readonly<Record<string, ParamSpec>>;

/** Braces around a name that the job does not declare are ordinary text, such as a program for awk. */
export const placeholder = (text: string, specs: ParamSpecs, params: Params): Placeholder => {
  const name = WHOLE.exec(text)?.[1];
  if (name === undefined) return { kind: 'literal' };
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value !== undefined) return { kind: 'value', name, value };
  return Object.hasOwn(specs, name) ? { kind: 'missing', name } : { kind: 'literal' };
};

export const isPlaceholder = (text: string): boolean => WHOLE.test(text);

const WHOLE = /^\{([A-Za-z_][A-Za-z0-9_-]*)\}$/;

/** A reason why the attempt cannot be started, in words for people. */
export interface Unfilled {
  readonly why: string;
}

export const noValue = (name: string): Unfilled => ({ why: `parameter "${name}" has no value` });

export const fillText = (text: string, specs: ParamSpecs, params: Params): string | Unfilled => {
  const found = placeholder(text, specs, params);
  if (found.kind === 'literal') return text;
  return found.kind === 'value' ? String(found.value) : noValue(found.name);
};

/** Fills whole string values; the value keeps its type, and nothing inside a value is read again. */
export const fillJson = (
  json: JsonValue,
  specs: ParamSpecs,
  params: Params,
): { json: JsonValue } | Unfilled => {
  const missing = new Set<string>();
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string') {
      const found = placeholder(value, specs, params);
      if (found.kind === 'missing') missing.add(found.name);
      return found.kind === 'value' ? typed(found.name, found.value, specs) : value;
    }
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map(fill);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  const filled = fill(json);
  const [name] = missing;
  return name === undefined ? { json: filled } : noValue(name);
};

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** A number is kept as its decimal text; on the wire it is a number. */
const typed = (name: string, value: ParamValue, specs: ParamSpecs): JsonValue =>
  specs[name]?.type === 'number' ? Number(value) : value;
