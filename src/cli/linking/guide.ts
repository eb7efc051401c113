import { relative, resolve } from 'node:path';
import { Env, type EnvName } from '../../config/env-schema.ts';
import type { DatabaseSettings, Settings } from '../../config/settings.ts';
import type { Store } from '../../core/ports/store.ts';
import { readSettings } from '../configuration.ts';
import type { CliContext } from '../context.ts';
import { isThere, withDatabase } from '../database.ts';
import type { Inquiry } from '../providers/inquiry.ts';
import { harmless } from '../voice/plain-text.ts';
import { Stop } from '../voice/stop.ts';
import type { AskOptions } from './ask.ts';
import { prepareEnvFile } from './save-env.ts';

export interface LinkOptions extends AskOptions {
  readonly takeOver?: boolean;
}

/** Variables by name: what a guide was told, and means to keep. */
export type Given = Readonly<Partial<Record<EnvName, string>>>;

/** The real environment wins over the file, so what the guide would write there had no effect. */
export const assertFree = ({ environment }: CliContext, names: readonly EnvName[]): void => {
  const { sources } = environment();
  const taken = names.filter((name) => sources[name] === 'env' || sources[name] === 'flag');
  if (taken.length === 0) return;
  const message = `${taken.join(', ')}: set in the environment, which wins over the file; nothing changed.`;
  throw new Stop({ code: 'REFUSED', message, hint: 'Take it out there, or set it there yourself.' });
};

/** The settings that a start would have with these values, held against the rules of every start. */
export const settingsWith = ({ environment, io }: CliContext, given: Given): Settings => {
  for (const [name, value] of Object.entries(given)) {
    // Entries forget which names they came from.
    const parsed = Env.shape[name as EnvName].safeParse(value);
    if (parsed.success) continue;
    const message = `${name}: ${parsed.error.issues[0]?.message ?? 'not usable'}; nothing changed.`;
    throw new Stop({ code: 'USAGE', message });
  }
  return readSettings({ values: { ...environment().values, ...given }, cwd: io.cwd });
};

/** What the provider told, or the end of the guide. */
export const proven = <T>(inquiry: Inquiry<T>): T => {
  if (inquiry.ok) return inquiry.value;
  const { trouble, words, cure } = inquiry;
  throw new Stop({
    code: trouble === 'unreachable' ? 'SERVER_UNREACHABLE' : 'REFUSED',
    message: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}; nothing changed.`,
    hint: `${cure[0]?.toUpperCase() ?? ''}${cure.slice(1)}.`,
  });
};

export interface Kept {
  /** As people know it. */
  readonly file: string;
  readonly written: readonly string[];
  readonly replaced: readonly string[];
}

/** The last step: what changes at the provider, then the file in use, both or neither. */
export const keep = async (
  { io, flags, voice }: CliContext,
  given: Given,
  atProvider: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Kept> => {
  const path = resolve(io.cwd, flags.envFile ?? '.env');
  const file = nameOf(io.cwd, path);
  const values = Object.fromEntries(Object.entries(given));
  const change = await prepareEnvFile(path, file, values);
  const { replaced } = change;
  if (replaced.length > 0) voice.talk(`${file} has another ${replaced.join(', ')}: that is replaced now.`);
  try {
    await atProvider();
    await change.commit();
  } catch (error) {
    await change.discard();
    throw error;
  }
  return { file, written: Object.keys(values), replaced };
};

const nameOf = (cwd: string, path: string): string => {
  const inside = relative(cwd, path);
  return inside.startsWith('..') ? path : inside;
};

/** A guide may come before the first start, which makes the database; then there is nobody to look for. */
export const withStoreIfThere = <T>(
  database: DatabaseSettings,
  work: (store: Store | undefined) => Promise<T>,
): Promise<T> => (isThere(database) ? withDatabase(database, work) : work(undefined));

/** The answer of a guide: what is kept now, and what to do next, step by step. */
export const tell = (
  { voice }: CliContext,
  found: { readonly channel: string; readonly words: string; readonly kept: Kept; readonly more: object },
  steps: readonly string[],
): void => {
  const { channel, words, kept, more } = found;
  if (voice.json) {
    voice.document('link', { channel, ...more, ...kept, next: steps });
    return;
  }
  voice.data(
    `${voice.paint('green', '✔')} ${harmless(words)}; ${kept.file} has ${kept.written.join(', ')} now.`,
  );
  for (const [at, step] of steps.entries()) voice.data(harmless(`${at + 1}. ${step}`));
};

export const START_STEP = 'Start TextOps (anew, if it runs): npx textops start';
