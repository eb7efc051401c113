import type { DatabaseSettings } from './settings.ts';

/** `file:PATH`, `:memory:` or a postgres address; undefined for anything else. */
export const parseDatabaseUrl = (text: string): DatabaseSettings | undefined => {
  if (text === ':memory:' || text === 'file::memory:') return { dialect: 'sqlite', file: ':memory:' };
  if (/^postgres(ql)?:\/\//.test(text)) return URL.canParse(text) ? { dialect: 'pg', url: text } : undefined;
  // file:///var/lib/textops.db is the same file as file:/var/lib/textops.db.
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  return file === undefined ? undefined : { dialect: 'sqlite', file };
};

/** The way back, as the store is opened. */
export const databaseUrl = (database: DatabaseSettings): string => {
  if (database.dialect === 'pg') return database.url;
  return database.file === ':memory:' ? database.file : `file:${database.file}`;
};

/** For people: the file, or the server without the password. */
export const databaseName = (database: DatabaseSettings): string => {
  if (database.dialect === 'sqlite') return database.file;
  const { host, pathname } = new URL(database.url);
  return `postgres://${host}${pathname}`;
};
