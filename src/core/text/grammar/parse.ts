import { readRunId } from '../../runs/run-id.ts';
import { HIDDEN_MARKS } from '../printable.ts';
import type { Arguments, Intent, Named } from './intent.ts';
import { nearest } from './nearest.ts';
import { scheduleOf } from './parse-schedule.ts';

export const TEXT_MAX = 4096;

/** The one grammar of every channel: deterministic, with or without a slash, in any case. */
export const parse = (text: string): Intent => {
  if (text.length > TEXT_MAX) return { type: 'Unreadable', why: 'too_long', detail: String(text.length) };
  const hidden = hiddenCharacter(text);
  if (hidden !== undefined) return { type: 'Unreadable', why: 'hidden_characters', detail: hidden };
  const words = wordsOf(straight(text.trim()));
  const [first = '', ...rest] = words;
  const slash = first.startsWith('/');
  // In a group Telegram addresses a command as /run@my_bot.
  const verb = (slash ? first.slice(1).replace(/@.*$/, '') : first).toLowerCase();
  const known = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (known !== undefined) return known(rest, text) ?? { type: 'Chatter' };
  if (!/[\p{L}\p{N}]/u.test(verb) || SMALL_TALK.has(verb.replace(/[.,!?]+$/, ''))) return { type: 'Chatter' };
  // Two letters are near to almost anything, and a decision must not be suggested to somebody who meant none.
  const near = verb.length < 3 ? undefined : nearest(verb, Object.keys(COMMANDS))[0];
  return { type: 'Unknown', word: slash ? `/${verb}` : first, ...(near === undefined ? {} : { near }) };
};

type Reader = (words: readonly string[], text: string) => Intent | undefined;

const COMMANDS: Readonly<Record<string, Reader>> = {
  run: (words) => {
    const [job = '', ...args] = words;
    return { type: 'RunJob', job: job.toLowerCase(), args: argumentsOf(args) };
  },
  // "yes please" is not a decision: a word behind yes has to be an id, and nothing may follow it.
  yes: (words) => {
    const run = named(words[0]);
    if (run.kind === 'not_an_id' && (words.length > 1 || !looksLikeId(run.word))) return undefined;
    return qualified('yes', run, words) ?? { type: 'ApproveRun', run };
  },
  approve: (words) => {
    const run = named(words[0]);
    return qualified('approve', run, words) ?? { type: 'ApproveRun', run };
  },
  no: (words, text) => denial(words, text),
  deny: (words, text) => denial(words, text),
  resume: (words) => {
    const run = named(words[0]);
    return qualified('resume', run, words) ?? { type: 'ResumeRun', run };
  },
  cancel: (words) => ({ type: 'CancelRun', run: named(words[0]) }),
  drop: (words) => ({ type: 'CancelRun', run: named(words[0]) }),
  recover: (words) => {
    const run = named(words[0]);
    return qualified('recover', run, words) ?? { type: 'RecoverRun', run };
  },
  status: (words) => ({ type: 'Status', run: named(words[0]) }),
  // A run has six characters, so a number is one of lines.
  log: ([word]) =>
    word !== undefined && /^\d{1,4}$/.test(word)
      ? { type: 'Ops', page: 'log', about: word }
      : { type: 'Log', run: named(word) },
  why: (words) => ({ type: 'Why', run: named(words[0]) }),
  summary: (words) => ({ type: 'Summary', run: named(words[0]) }),
  jobs: () => ({ type: 'Jobs' }),
  job: ([job = '', page = '']) => ({
    type: 'Job',
    job: job.toLowerCase(),
    ...(page.toLowerCase() === 'history' ? { page: 'history' } : {}),
  }),
  schedules: () => ({ type: 'Schedules' }),
  schedule: (words) => scheduleOf(words, { unquoted, argumentsOf }),
  runs: (words) =>
    words[0] === undefined ? { type: 'Runs' } : { type: 'Runs', filter: words[0].toLowerCase() },
  ops: ([page, about]) => ({
    type: 'Ops',
    ...(page === undefined ? {} : { page: page.toLowerCase() }),
    ...(about === undefined || page?.toLowerCase() !== 'log' ? {} : { about }),
  }),
  // The one command that is spelled like an address.
  'ai/status': () => ({ type: 'Ops', page: 'ai' }),
  help: () => ({ type: 'Help' }),
  menu: () => ({ type: 'Help' }),
  whoami: () => ({ type: 'WhoAmI' }),
  prefs: (words) => prefsOf(words),
  // A code may be typed in groups, as it is shown.
  link: (words) => (words.length === 0 ? { type: 'Link' } : { type: 'Link', code: words.join('') }),
  login: () => ({ type: 'Login' }),
  unlink: ([identity = '']) => ({ type: 'Unlink', identity }),
  admit: (words, text) => admissionOf(words, text),
  revoke: (_, text) => ({ type: 'Revoke', person: afterWords(text, 1) }),
  people: () => ({ type: 'People' }),
  gates: (words) => gatesOf(words),
  pause: (words, text) => {
    const reason = afterWords(text, 2);
    const what = (words[0] ?? '').toLowerCase();
    return { type: 'Pause', what, ...(reason === '' ? {} : { reason }) };
  },
  unpause: (words) => ({ type: 'Unpause', what: (words[0] ?? '').toLowerCase() }),
  freeze: (_, text) => ({ type: 'Freeze', reason: afterWords(text, 1) }),
  unfreeze: (words) => (words.length === 0 ? { type: 'Unfreeze' } : { type: 'Qualified', only: 'unfreeze' }),
  accept: ([job = '', digest = '', ...more]) => {
    const [key, short] = [job.toLowerCase(), digest.toLowerCase()];
    return more.length === 0
      ? { type: 'Accept', job: key, digest: short }
      : { type: 'Qualified', only: `accept ${key} ${short}` };
  },
  unaccept: ([job = '']) => ({ type: 'Unaccept', job: job.toLowerCase() }),
  deadletters: (words, text) => lettersOf(words, text),
  start: (words) => {
    const code = words[0];
    return code?.startsWith('claim_') === true
      ? { type: 'Claim', code: code.slice('claim_'.length) }
      : { type: 'Help' };
  },
};

/** Every word that begins a command, for menus and tests. */
export const COMMAND_WORDS: readonly string[] = Object.keys(COMMANDS);

/** "approve K7M2QX only if the tests pass" is a condition that nobody would check, so it decides nothing. */
const qualified = (word: string, run: Named, words: readonly string[]): Intent | undefined =>
  run.kind === 'id' && words.length > 1 ? { type: 'Qualified', only: `${word} ${run.runId}` } : undefined;

const lettersOf = ([verb = '', letter = '']: readonly string[], text: string): Intent => {
  if (verb.toLowerCase() === 'replay') return { type: 'ReplayLetter', letter };
  if (verb.toLowerCase() !== 'drop') return { type: 'DeadLetters' };
  return { type: 'DropLetter', letter, reason: afterWords(text, 3) };
};

/** Anything but a whole flip shows the list, which says how a flip is written. */
const gatesOf = ([verb = '', name, value]: readonly string[]): Intent => {
  const open = { open: true, close: false }[verb.toLowerCase()];
  if (open === undefined || name === undefined) return { type: 'Gates' };
  const number = value !== undefined && /^[0-9]{1,6}$/.test(value) ? { value: Number(value) } : {};
  return { type: 'FlipGate', open, name: name.toLowerCase(), ...number };
};

/** Anything but a whole change shows them, which says how one is written. */
const prefsOf = ([notice, state = '']: readonly string[]): Intent => {
  const on = { on: true, off: false }[state.toLowerCase()];
  return on === undefined || notice === undefined
    ? { type: 'Prefs' }
    : { type: 'Prefs', change: { notice: notice.toLowerCase(), on } };
};

/** Several roles are written with commas between, without spaces. */
const admissionOf = ([code = '', roles = '']: readonly string[], text: string): Intent => {
  const name = afterWords(text, 3);
  return {
    type: 'Admit',
    code,
    roles: roles
      .toLowerCase()
      .split(',')
      .filter((role) => role !== ''),
    ...(name === '' ? {} : { name }),
  };
};

const SMALL_TALK = new Set(['ok', 'okay', 'sure', 'thanks', 'thank', 'yep', 'yeah', 'nope', 'yesterday']);

const denial = (words: readonly string[], text: string): Intent => {
  const run = named(words[0]);
  // Without an id the words behind "no" are the reason; whether they may count at all is for the rules of a bare no.
  const bare = run.kind === 'bare' || (run.kind === 'not_an_id' && !looksLikeId(run.word));
  const reason = afterWords(text, bare ? 1 : 2);
  const target: Named = bare ? { kind: 'bare' } : run;
  return { type: 'DenyRun', run: target, ...(reason === '' ? {} : { reason }) };
};

/** The text behind the first `count` words, as the person wrote it. */
const afterWords = (text: string, count: number): string =>
  text
    .trim()
    .replace(new RegExp(`^(?:\\S+\\s*){${count}}`), '')
    .trim();

const named = (word: string | undefined): Named => {
  if (word === undefined) return { kind: 'bare' };
  const runId = readRunId(word.replace(/^#/, ''));
  return runId === undefined ? { kind: 'not_an_id', word } : { kind: 'id', runId };
};

/** A mistyped id ("K7M2Q", "k7m-2qx") deserves an answer; an ordinary word does not. */
const looksLikeId = (word: string): boolean => /^[#a-z0-9-]{4,8}$/i.test(word) && /[0-9]/.test(word);

/** Phone keyboards write curly quotes where people mean the plain ones. */
const straight = (text: string): string =>
  text.replaceAll(/[\u201C\u201D\u201E\u00AB\u00BB]/g, '"').replaceAll(/[\u2018\u2019\u201A]/g, "'");

/** Splits at white space, keeping quoted parts together: `note="after deploy 41"` is one word. */
const wordsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g), (match) => match[0]);

const argumentsOf = (words: readonly string[]): Arguments => {
  const given: { name: string; value: string }[] = [];
  const stray: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at <= 0) stray.push(word);
    else given.push({ name: word.slice(0, at), value: unquoted(word.slice(at + 1)) });
  }
  return { given, stray };
};

/** Words that are all one value, as the grammar would read it behind `name=`. */
export const valueOf = (text: string): string => unquoted(straight(text.trim()));

const unquoted = (value: string): string => (/^"[^"]*"$|^'[^']*'$/.test(value) ? value.slice(1, -1) : value);

/** Text that shows something else than it says must never reach a card: controls, invisible marks, direction overrides. */
const hiddenCharacter = (text: string): string | undefined => {
  const code = HIDDEN.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
};

// Tab and line ends are ordinary. U+FFFD stands where a channel or the wire lost what was written, a NUL for example.
const HIDDEN = new RegExp(`[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F${HIDDEN_MARKS}\\uFFFD]`, 'u');
