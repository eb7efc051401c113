import type { Command } from 'commander';
import { auditExport, type ExportOptions } from '../commands/audit-export.ts';
import { auditSeals, type SealsOptions } from '../commands/audit-seals.ts';
import { auditVerify, type VerifyOptions } from '../commands/audit-verify.ts';
import type { CliContext } from '../context.ts';
import { moment, wholeNumber } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** What shows to others that the history is what it was. */
export const addAuditCommands = (program: Command, run: Run): void => {
  const audit = program.command('audit').description('about the history');
  const verify = audit
    .command('verify')
    .description('whether it is whole, unchanged and sealed')
    .option('--seals <file>', 'published seals; those beside SEAL_KEY_FILE otherwise');
  verify.action(() => run((context) => auditVerify(context, verify.opts<VerifyOptions>()))());
  const whole = audit
    .command('export')
    .description('as lines of JSON that anybody can check')
    .option('--since <when>', 'only what happened since 7d ago, or since 2026-11-01', moment)
    .option('--out <file>', 'where to; stdout otherwise');
  whole.action(() => run((context) => auditExport(context, whole.opts<ExportOptions>()))());
  const seals = audit
    .command('seals')
    .description('the newest seals, as they are published')
    .option('-n, --limit <count>', 'how many', wholeNumber(1, 999_999_999), 999_999_999);
  seals.action(() => run((context) => auditSeals(context, seals.opts<SealsOptions>()))());
};
