import type { Command } from 'commander';
import { backupVerify } from './commands/backup-verify.ts';
import type { CliContext } from './context.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** Making a backup is the business of whoever has the host; whether it is one can be tried here. */
export const addBackupCommands = (program: Command, run: Run): void => {
  program
    .command('backup')
    .description('about copies of the database')
    .command('verify <database>')
    .description('whether a restored copy is whole; then it counts as the newest good backup')
    .action((database: string) => run((context) => backupVerify(context, database))());
};
