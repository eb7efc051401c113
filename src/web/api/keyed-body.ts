import { z } from 'zod';
import { ProblemError } from '../problem.ts';
import type { KeyedBody } from '../web-deps.ts';
import { checkBody } from './body-words.ts';
import { invalidBody } from './read-json.ts';

const KEY = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** Everything but the key is for the rules of the file to judge. */
export const Fields = z.looseObject({});

type Fields = z.output<typeof Fields>;

const Keyed = z.looseObject({
  key: z
    .string()
    .regex(KEY, 'must have 1 to 63 of a-z, 0-9, "-", "_" and ".", and begin with a letter or digit'),
});

type Judge = (body: KeyedBody) => { readonly ok: boolean; readonly problems?: readonly string[] };

/** A body that names its key. A bad key does not hide what else is wrong. */
export const keyedBody = (fields: Fields, judge: Judge): KeyedBody => {
  const checked = checkBody(Keyed, fields);
  if (checked.ok) return checked.value;
  const { problems = [] } = judge({ ...fields, key: 'KEY' });
  throw invalidBody([...checked.problems, ...problems]);
};

/** A body for the key of its path. */
export const bodyOfPath = (fields: Fields, key: string): KeyedBody => {
  if (fields['key'] === undefined || fields['key'] === key) return { ...fields, key };
  throw new ProblemError(
    422,
    'key_mismatch',
    'The key in the body is not the one in the path; keys never change.',
  );
};
