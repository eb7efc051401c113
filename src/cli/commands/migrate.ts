import { databaseName, databaseUrl } from '../../config/database-url.ts';
import { migrateStore, migrationState, takeDownPart } from '../../db/open.ts';
import type { PartName } from '../../db/parts.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/** `textops migrate`: brings the database up to date and says what it took. */
export const migrate = async ({ voice, settings }: CliContext): Promise<ExitCode> => {
  const { database } = settings();
  const applied = await inWords(database, () => migrateStore(databaseUrl(database)));
  if (voice.json) voice.document('migrations', { applied, pending: [] });
  else if (applied.length === 0) voice.data(`${databaseName(database)} is up to date.`);
  else voice.data(applied.map((name) => `applied ${name}`).join('\n'));
  return EXIT.done;
};

/** `textops migrate status`: what would be done. */
export const migrateStatus = async ({ voice, settings }: CliContext): Promise<ExitCode> => {
  const { database } = settings();
  assertThere(database);
  const state = await inWords(database, () => migrationState(databaseUrl(database)));
  if (voice.json) voice.document('migrations', state);
  else {
    voice.table(
      ['MIGRATION', 'STATE'],
      [...state.applied.map((name) => [name, 'applied']), ...state.pending.map((name) => [name, 'pending'])],
    );
  }
  return EXIT.done;
};

/** `textops migrate down PART`: takes one phase of the schema back while it holds nothing. */
export const migrateDown = async ({ voice, settings }: CliContext, part: PartName): Promise<ExitCode> => {
  const { database } = settings();
  assertThere(database);
  const taken = await inWords(database, () => takeDownPart(databaseUrl(database), part));
  if (taken.kind === 'held') {
    const holds = Object.entries(taken.counts).map(([words, count]) => `${count} ${words}`);
    const message = `${part} is not taken down, because something would be lost: ${holds.join(', ')}.`;
    throw new Stop({ code: 'REFUSED', message });
  }
  if (voice.json) voice.document('migrations', { part, was: taken.kind === 'gone' ? 'there' : 'absent' });
  else if (taken.kind === 'absent') voice.data(`${databaseName(database)} has no ${part}.`);
  else voice.data(`took ${part} down; textops migrate, and every start of this version, brings it back`);
  return EXIT.done;
};
