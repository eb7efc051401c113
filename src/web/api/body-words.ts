import type { z } from 'zod';
import { nearest } from '../../core/text/grammar/nearest.ts';

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Holds a body to a schema; whatever is wrong is said at once, a plain sentence each. */
export const checkBody = <S extends z.ZodObject>(schema: S, body: unknown): Checked<z.output<S>> => {
  const parsed = schema.safeParse(body, { error: inWords });
  const fields = Object.keys(schema.shape);
  const issues = parsed.error?.issues ?? [];
  const wrong = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => `${place([...issue.path, name])}: ${unknownKey(name, fields)}`)
      : [`${place(issue.path)}${issue.path.length === 0 ? '' : ':'} ${issue.message}`],
  );
  const problems = [...wrong, ...misspelt(schema, fields, body)];
  return parsed.success && problems.length === 0
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: cut(problems) };
};

/** For schemas that can say better than this what they take. */
export const mustBe = (wanted: string, given: unknown): string =>
  given === undefined ? `is missing; it must be ${wanted}` : `must be ${wanted}, not ${kindOf(given)}`;

const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(KINDS.get(issue.expected) ?? issue.expected, issue.input);
    case 'too_small':
      return 'must not be empty';
    case 'too_big':
      return `must have at most ${issue.maximum} characters`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is no name';
    default:
      return 'is not what belongs here';
  }
};

const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['object', 'a JSON object'],
  ['record', 'a JSON object'],
]);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return 'a JSON object';
  return Number.isFinite(value) ? 'a number' : 'a number that is too large';
};

const place = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'The body'
    : path
        .map((part) => String(part))
        .join('.')
        .slice(0, 120);

const unknownKey = (name: string, fields: readonly string[]): string => {
  const [near] = nearest(name, fields);
  return near === undefined
    ? `unknown key; it takes ${fields.join(', ')}`
    : `unknown key; did you mean "${near}"?`;
};

/**
 * Some bodies may have fields that mean nothing here. But a name that is nearly one of a missing field was meant for
 * it, and to ignore that one would quietly do something else.
 */
const misspelt = (schema: z.ZodObject, fields: readonly string[], body: unknown): readonly string[] => {
  const takesAnything = schema.def.catchall !== undefined;
  if (takesAnything || typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const missing = fields.filter((field) => !Object.hasOwn(body, field));
  return Object.keys(body)
    .filter((name) => !fields.includes(name) && nearest(name, missing).length > 0)
    .map((name) => `${place([name])}: ${unknownKey(name, missing)}`);
};

/** Whoever sends a thousand mistakes learns from the first ones. */
const cut = (problems: readonly string[]): readonly string[] =>
  problems.length <= PROBLEMS_MAX
    ? problems
    : [...problems.slice(0, PROBLEMS_MAX), `and ${problems.length - PROBLEMS_MAX} more`];

const PROBLEMS_MAX = 20;
