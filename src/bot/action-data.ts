import type { ButtonPress, ButtonToken } from '../core/ports/channel.ts';
import type { Action, Verb } from '../core/text/cards/rich.ts';

/**
 * What a verb's third part names: a run, something else (a job, a page), a line in the words of the grammar, a question
 * with its parameter and the number of a value, or nothing.
 */
const NAMES: Readonly<Record<Verb, 'run' | 'argument' | 'line' | 'question' | 'nothing'>> = {
  ap: 'run',
  dn: 'run',
  dt: 'run',
  rs: 'run',
  cx: 'run',
  lg: 'run',
  ra: 'run',
  rc: 'run',
  rn: 'argument',
  rd: 'line',
  jb: 'argument',
  jd: 'argument',
  op: 'argument',
  wt: 'argument',
  fl: 'argument',
  rs2: 'argument',
  sp: 'argument',
  pv: 'question',
  pd: 'question',
  px: 'question',
  fm: 'line',
  no: 'nothing',
};

/**
 * `v1:<verb>[:<run or argument>[:<token>]]`, or undefined when it does not fit into a button of so many bytes. What a
 * channel hands back when the button is pressed.
 */
export const actionData = (action: Action, token: ButtonToken, bytesMax: number): string | undefined => {
  const { verb, runId, bound, argument } = action;
  const secret = bound === undefined || runId === undefined ? [] : [token({ verb, runId, ...bound })];
  const named = runId ?? argument;
  const data = ['v1', verb, ...(named === undefined ? [] : [named]), ...secret].join(':');
  return Buffer.byteLength(data) <= bytesMax ? data : undefined;
};

/** A modified client sends whatever it likes: what does not parse is a button that does nothing. */
export const readActionData = (data: string | undefined, bytesMax: number): Omit<ButtonPress, 'pressId'> =>
  (data === undefined || Buffer.byteLength(data) > bytesMax ? undefined : read(data)) ?? {
    verb: 'no',
    argument: 'unknown',
  };

const read = (data: string): Omit<ButtonPress, 'pressId'> | undefined => {
  const [, name = '', rest] = /^v1:([a-z]{2}2?)(?::(.+))?$/.exec(data) ?? [];
  const [, named, token] = /^([\w.-]{1,58})(?::([\w-]{16}))?$/.exec(rest ?? '') ?? [];
  if (!isVerb(name)) return undefined;
  if (NAMES[name] === 'question') return questionOf(name, rest ?? '');
  if (rest !== undefined && named === undefined && NAMES[name] !== 'line') return undefined;
  switch (NAMES[name]) {
    case 'run':
      if (named === undefined || !/^[0-9A-Z]{6}$/.test(named)) return undefined;
      return { verb: name, runId: named, ...(token === undefined ? {} : { token }) };
    case 'argument':
      if (token !== undefined) return undefined;
      return { verb: name, ...(named === undefined ? {} : { argument: named }) };
    case 'line':
      // Judged by the grammar, like a typed one.
      return rest === undefined ? undefined : { verb: name, argument: rest };
    case 'nothing':
      return named === undefined ? { verb: name } : undefined;
  }
};

const QUESTIONS: Readonly<Partial<Record<Verb, RegExp>>> = {
  pv: /^[0-9A-Z]{6}:[A-Za-z][\w-]{0,40}:\d$/,
  pd: /^[0-9A-Z]{6}:[A-Za-z][\w-]{0,40}$/,
  px: /^[0-9A-Z]{6}$/,
};

const questionOf = (verb: Verb, rest: string): Omit<ButtonPress, 'pressId'> | undefined =>
  QUESTIONS[verb]?.test(rest) === true ? { verb, argument: rest } : undefined;

const isVerb = (name: string): name is Verb => Object.hasOwn(NAMES, name);
