import type { DatabaseSettings } from './settings.ts';

/** `file:PATH`, `:memory:` or a postgres address; undefined for anything else. */
export const parseDatabaseUrl = (text: string): DatabaseSettings | undefined => {
  if (text === ':memory:' || text === 'file::memory:') return { dialect: 'sqlite', file: ':memory:' };
  if (/^postgres(ql)?:\/\//.test(text)) return URL.canParse(text) ? { dialect: 'pg', url: text } : undefined;
  // file:///var/lib/textops.db is the same file as file:/var/lib/textops.db.
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  return file === undefined ? undefined : { dialect: 'sqlite', file };
};
