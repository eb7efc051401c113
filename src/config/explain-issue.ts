import type { z } from 'zod';
import { configJsonSchema } from './catalog-schema.ts';
import type { Finding, Path } from './problem.ts';
import { didYouMean, notOneOf, quoted } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** What zod found, in the words of the file. `at` is where the checked value stands in the catalog. */
export const explainIssue = (issue: Issue, root: unknown, at: Path = []): Finding[] => {
  const own = issue.path.filter((part) => typeof part !== 'symbol');
  const path = [...at, ...own];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, path), on: 'key' }));
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message, on: 'key' }));
  return [{ path, message: messageOf(issue, valueAt(root, own)) }];
};

const messageOf = (issue: Issue, value: unknown): string => {
  switch (issue.code) {
    case 'invalid_type':
      return wordless(issue) || value === undefined
        ? expectedBut(issue.expected, value)
        : butGot(issue.message, value);
    case 'invalid_value':
      return typeof value === 'string'
        ? notOneOf(value, issue.values.map(String))
        : expectedBut(`one of ${issue.values.map(String).join(', ')}`, value);
    case 'too_small':
      return typeof value === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty';
    case 'too_big':
      return typeof value === 'number'
        ? `must be at most ${issue.maximum}`
        : `is too long; at most ${issue.maximum} ${Array.isArray(value) ? 'entries' : 'characters'}`;
    case 'invalid_union':
      return issue.message === 'Invalid input'
        ? 'expected text, numbers, true, false, lists or mappings'
        : issue.message;
    default:
      return issue.message;
  }
};

/** Whether the schema left the wording to us. */
const wordless = ({ message }: Issue): boolean => message.startsWith('Invalid input');

const butGot = (expected: string, value: unknown): string => `${expected}, got ${kindOf(value)}`;

const expectedBut = (expected: string, value: unknown): string => {
  const words = WORDS.get(expected) ?? expected;
  if (value === undefined) return `missing; expected ${words}`;
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `expected text, got ${value}; write it in quotes: "${value}"`;
  if (expected === 'boolean' && typeof value === 'string')
    return `expected true or false, got ${quoted(value)}`;
  return butGot(`expected ${words}`, value);
};

const WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a mapping of keys to values'],
  ['record', 'a mapping of keys to values'],
]);

const kindOf = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a mapping';
};

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part] // just checked to be there
        : undefined,
    root,
  );

/**
 * A key that belongs one level deeper is told where; otherwise the nearest key of the same level is
 * offered.
 */
const unknownKey = (key: string, path: Path): string => {
  const here = schemaAt(path);
  const home = Object.entries(here?.properties ?? {}).find(
    ([, inner]) => inner.properties !== undefined && Object.hasOwn(inner.properties, key),
  );
  const guess = didYouMean(key, Object.keys(here?.properties ?? {}));
  if (guess === '' && home !== undefined) return `unknown key; it belongs under "${home[0]}"`;
  return `unknown key${guess}`;
};

/** As much of JSON Schema as the walk needs. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

const schemaAt = (path: Path): Schema | undefined =>
  path.reduce<Schema | undefined>((schema, part) => {
    if (typeof part === 'number') return schema?.items;
    if (schema?.properties !== undefined) return schema.properties[part];
    return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  }, SCHEMA);

const SCHEMA = configJsonSchema() as Schema; // written by zod from our own schema, whose shape is known
