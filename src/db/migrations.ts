import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

export interface Applied {
  readonly name: string;
  readonly checksum: string;
}

export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** The table that remembers what was applied; it exists before the first migration. */
export const MIGRATIONS_TABLE =
  'create table if not exists schema_migrations ' +
  '(name text primary key, checksum text not null, applied_at bigint not null)';

/** The files of drizzle/<dialect>, in the order of their numbers. */
export const readMigrations = async (dialect: 'sqlite' | 'pg'): Promise<readonly Migration[]> => {
  // Relative to this file, so it holds from src/ and from dist/ whatever the working directory is.
  const folder = new URL(`../../drizzle/${dialect}/`, import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (file) => {
      const text = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n');
      return {
        name: file.slice(0, -'.sql'.length),
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: text.split('--> statement-breakpoint').filter((statement) => statement.trim() !== ''),
      };
    }),
  );
};

/**
 * By the end of its name a migration says that programs which do not know it may go on working with the database: it only adds
 * what they neither read nor have to write. That is what makes a step back to the release before it possible.
 */
export const isExpansion = (name: string): boolean => name.endsWith('_expand');

/** Whether a statement adds and takes nothing away that somebody may count on. */
export const isAdditive = (statement: string): boolean => {
  const text = statement.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').trim().toLowerCase();
  if (/^alter table \S+ add (?:column )?/.test(text)) return !/not null/.test(text) || /default/.test(text);
  return /^create (?:unique )?(?:table|index|view)\b/.test(text) || /^insert into\b/.test(text);
};

/** What is still to be applied. Throws one sentence when the database is not one of ours, or is ahead of us. */
export const pendingOf = (files: readonly Migration[], applied: readonly Applied[]): readonly Migration[] => {
  for (const { name, checksum } of applied) {
    const file = files.find((one) => one.name === name);
    if (file === undefined) {
      if (isExpansion(name) && files.every((known) => known.name < name)) continue;
      throw new MigrationRefused(`The database was migrated by a newer TextOps (${name}); use that one.`);
    }
    if (file.checksum !== checksum) {
      throw new MigrationRefused(`Migration ${name} was changed after it was applied; restore the file.`);
    }
  }
  const names = new Set(applied.map(({ name }) => name));
  return files.filter(({ name }) => !names.has(name));
};

export const stateOf = (files: readonly Migration[], applied: readonly Applied[]): MigrationState => ({
  applied: applied.map(({ name }) => name),
  pending: pendingOf(files, applied).map(({ name }) => name),
});

/** The database and this program do not fit together; trying again does not help. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}
