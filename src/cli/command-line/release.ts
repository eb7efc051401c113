import { type Command, Option } from 'commander';
import { type BackupOptions, dbBackup } from '../commands/db-backup.ts';
import { dbCheck } from '../commands/db-check.ts';
import { dbRestore, type RestoreOptions } from '../commands/db-restore.ts';
import { dbVerify } from '../commands/db-verify.ts';
import { type DeployOptions, deploy, type RollbackOptions, rollback } from '../commands/deploy.ts';
import { type InstallOptions, installUnits } from '../commands/install.ts';
import { type PreflightOptions, preflight } from '../commands/preflight.ts';
import { type BuildOptions, releaseBuild } from '../commands/release-build.ts';
import { releaseStood, type StoodOptions } from '../commands/release-stood.ts';
import { releaseTell } from '../commands/release-tell.ts';
import { rollbackConfig } from '../commands/rollback-config.ts';
import { type SelfTestOptions, selfTest } from '../commands/selftest.ts';
import { type UpgradeOptions, upgradeCheck } from '../commands/upgrade.ts';
import type { CliContext } from '../context.ts';
import { AS_SHIPPED } from '../install/unit.ts';
import { durationMs, moment } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** What keeps an installation and brings it to another version. */
export const addReleaseCommands = (program: Command, run: Run): void => {
  addDatabase(program, run);
  addRelease(program, run);
  addDeployment(program, run);
  addInstall(program, run);
  addUpgrade(program, run);
  const look = program
    .command('preflight')
    .description('whether this release may start here: 0, 1 (the machine), 78 (the configuration)')
    .option('--offline', 'without Telegram, Slack, Twilio and the identity provider', false);
  look.action(() => run((context) => preflight(context, look.opts<PreflightOptions>()))());
  const test = program
    .command('selftest')
    .description('one run of its own through queue and worker: 0, 4 (stopped by somebody), 8, 9, 10')
    .option('--wait <duration>', 'until when it has to be over', durationMs, 60_000);
  test.action(() => run((context) => selfTest(context, test.opts<SelfTestOptions>()))());
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
    .command('verify <database>')
    .description('whether a restored copy is whole; then it counts as the newest good backup')
    .action((database: string) => run((context) => dbVerify(context, database))());
  group
    .command('check')
    .description('whether the data is whole, and what is open in it')
    .action(run(dbCheck));
};

const addRelease = (program: Command, run: Run): void => {
  const group = program.command('release').description('what is installed elsewhere');
  const build = group
    .command('build')
    .description('one archive of this commit; a dirty tree or failed tests are refused')
    .option('--out <folder>', 'where to; release/ otherwise')
    .option('--tests <file>', 'the report of the tests; evidence/tests.json otherwise');
  build.action(() => run((context) => releaseBuild(context, build.opts<BuildOptions>()))());
  group
    .command('tell <news>')
    .description('what became of a deployment, to the log and to ops.chat; deploy and rollback call it')
    .action((news: string) => run((context) => releaseTell(context, news))());
  const stood = group
    .command('stood')
    .description('how the release did that was started then; deploy and rollback ask it')
    .requiredOption('--since <when>', 'so long ago: 30m, or a moment: 2026-11-20T14:00:00Z', moment);
  stood.action(() => run((context) => releaseStood(context, stood.opts<StoodOptions>()))());
};

const addDeployment = (program: Command, run: Run): void => {
  const there = installationOptions(
    program
      .command('deploy <file>')
      .description('bring an installation to a release; back again when it does not serve'),
  );
  there.action((file: string) => run((context) => deploy(context, file, there.opts<DeployOptions>()))());
  const back = installationOptions(
    program
      .command('rollback')
      .description('the same steps, back to the last release that is known to be good'),
  )
    .option('--to <id>', 'to this one instead')
    .option('--config-only', 'only textops.yaml, as it was when all was well; --to names its hash', false);
  back.action(() => {
    const options = back.opts<RollbackOptions>();
    return run((context) => (options.configOnly ? rollbackConfig : rollback)(context, options))();
  });
};

const addUpgrade = (program: Command, run: Run): void => {
  const upgrade = program
    .command('upgrade <file>')
    .description('what a release would change here: version, Node, migrations, keys; nothing is touched')
    .requiredOption('--check', 'only look; bringing it here is deploy')
    .option('--prefix <folder>', 'where it is installed', AS_SHIPPED.prefix);
  upgrade.action((file: string) =>
    run((context) => upgradeCheck(context, file, upgrade.opts<UpgradeOptions>()))(),
  );
};

const addInstall = (program: Command, run: Run): void => {
  const install = program
    .command('install')
    .description('the units of this release, for this machine; what a person changed in them stays')
    .requiredOption('--systemd', 'units of systemd, the only kind there is')
    .option('--prefix <folder>', 'where it is installed', AS_SHIPPED.prefix)
    .option('--user <name>', 'whose processes they are; workers are those of NAME-worker', AS_SHIPPED.user)
    .option('--node <file>', 'what runs the program', process.execPath)
    .option('--to <folder>', 'where systemd finds them', '/etc/systemd/system')
    .option('--dry-run', 'print them, write nothing', false)
    .option('--force', 'also over units that a person changed', false);
  install.action(() => run((context) => installUnits(context, install.opts<InstallOptions>()))());
};

const installationOptions = (command: Command): Command =>
  command
    .option('--prefix <folder>', 'where it is installed', '/opt/textops')
    .addOption(
      new Option('--runner <kind>', 'what keeps it running')
        .choices(['systemd', 'process'])
        .default('systemd'),
    )
    .option('--unit <name>', 'its unit of systemd', 'textops.service')
    .option('--message <text>', 'what others read who find it locked')
    .option('--gate <duration>', 'until when it has to serve', durationMs, 60_000);
