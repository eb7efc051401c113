import { databaseName } from '../../config/database-url.ts';
import type { DatabaseSettings } from '../../config/settings.ts';
import type { Store } from '../../core/ports/store.ts';
import { contentsOf } from '../../db/sqlite/copy.ts';
import { backupVerifiedAt } from '../../program/verified-backup.ts';
import type { CliContext } from '../context.ts';
import { assertThere, inWords } from '../database.ts';
import { bad, type Finding, ok, warning } from '../doctor/finding.ts';
import { checksFailed, isSick, sayFindings } from '../doctor/say.ts';
import { judgeBackup } from '../preflight/judge-backup.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops db check`: whether the data is whole, and what a person has to know before it goes on after a restore. */
export const dbCheck = async (context: CliContext): Promise<ExitCode> => {
  const { voice, io } = context;
  const { database } = context.settings();
  assertThere(database);
  const whole = await inWords(database, () => wholeness(database));
  const findings = [
    ...whole,
    // What a damaged file says of its runs is not to be relied on, if it can be read at all.
    ...(isSick(whole) ? [] : await context.withStore(whatIsOpen)),
    judgeBackup(await backupVerifiedAt(database, io.cwd), io.now()),
  ];
  if (voice.json) voice.document('db-check', findings);
  else {
    sayFindings(voice, findings);
    voice.talk(isSick(findings) ? checksFailed(findings) : `${databaseName(database)} is sound.`);
  }
  return isSick(findings) ? EXIT.failed : EXIT.done;
};

const wholeness = async (database: DatabaseSettings): Promise<readonly Finding[]> => {
  // A server checks its own pages; what we could ask it would only be whether it answers.
  if (database.dialect === 'pg') return [];
  const { faults, runs, events } = contentsOf(database.file);
  const cure = 'stop TextOps, keep the file, and restore the newest backup';
  return faults.length === 0
    ? [ok('integrity', `${runs} runs, ${events} events, every page and key in order`)]
    : faults.slice(0, FAULTS_MAX).map((words) => bad('integrity', words, cure));
};

const FAULTS_MAX = 10;
const RUNS_MAX = 50;

/** Runs that were under way and messages that were not out yet: what has happened since, a backup does not know. */
const whatIsOpen = async (store: Store): Promise<readonly Finding[]> => {
  const freeze = await store.freeze.current();
  const { runs } = await store.runs.list({ status: ['Running', 'Dispatching'], limit: RUNS_MAX });
  const { openOutbox, openInbox } = await store.reader.figures(await store.now());
  const frozen: Finding =
    freeze === undefined
      ? ok('freeze', 'nothing is frozen')
      : warning('freeze', `frozen by ${freeze.by}: ${freeze.reason}`, 'textops unfreeze when it may go on');
  const open = runs.map(({ state }) => {
    const words = `${state.runId} (${state.jobKey}) is ${state.status}`;
    return freeze === undefined
      ? ok('run', words)
      : warning('run', words, `look whether it ran, then cancel ${state.runId} or let it go on`);
  });
  const waiting = `${openOutbox} to be sent, ${openInbox} to be handled`;
  const messages =
    freeze === undefined || openOutbox === 0
      ? ok('messages', waiting)
      : warning('messages', waiting, 'those to be sent may have been sent already, and will be once more');
  return [frozen, ...open, messages];
};
