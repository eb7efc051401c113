import type { Command } from 'commander';
import { type BackupOptions, dbBackup } from './commands/db-backup.ts';
import { dbCheck } from './commands/db-check.ts';
import { dbRestore, type RestoreOptions } from './commands/db-restore.ts';
import { type PreflightOptions, preflight } from './commands/preflight.ts';
import type { CliContext } from './context.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** What keeps an installation and brings it to another version. */
export const addReleaseCommands = (program: Command, run: Run): void => {
  addDatabase(program, run);
  const look = program
    .command('preflight')
    .description('whether this release may start here: 0, 1 (the machine), 78 (the configuration)')
    .option('--offline', 'without Telegram, Slack, Twilio and the identity provider', false);
  look.action(() => run((context) => preflight(context, look.opts<PreflightOptions>()))());
};

const addDatabase = (program: Command, run: Run): void => {
  const group = program.command('db').description('the database: copies of it, and the way back');
  const copy = group
    .command('backup')
    .description('one consistent copy, while everything goes on')
    .option('--to <folder>', 'where to; backups/ beside the database otherwise')
    .option('--verify', 'restore it beside and open it; only that counts as a backup', false)
    .option('--prune', 'keep the newest of seven days and of four weeks', false);
  copy.action(() => run((context) => dbBackup(context, copy.opts<BackupOptions>()))());
  const back = group
    .command('restore <file>')
    .description('the database as it was, frozen until somebody unfreezes it')
    .option('--yes <name>', 'the name of the file once more');
  back.action((file: string) => run((context) => dbRestore(context, file, back.opts<RestoreOptions>()))());
  group
    .command('check')
    .description('whether the data is whole, and what is open in it')
    .action(run(dbCheck));
};
