import { Argument, Command } from 'commander';
import { PART_NAMES, type PartName } from '../../db/parts.ts';
import { type ChatOptions, chat } from '../commands/chat.ts';
import { check } from '../commands/check.ts';
import { configExplain } from '../commands/config-explain.ts';
import { configSchema } from '../commands/config-schema.ts';
import { doctor } from '../commands/doctor.ts';
import { jobs } from '../commands/jobs.ts';
import { jobsValidate } from '../commands/jobs-validate.ts';
import { type LogsOptions, logs } from '../commands/logs.ts';
import { migrate, migrateDown, migrateStatus } from '../commands/migrate.ts';
import { OPS_FLAGS, type OpsOptions, ops } from '../commands/ops.ts';
import { OPS_PAGES } from '../commands/ops-pages.ts';
import { people } from '../commands/people.ts';
import { replay } from '../commands/replay.ts';
import { type RunsOptions, runs } from '../commands/runs.ts';
import { schedules } from '../commands/schedules.ts';
import { type ShowOptions, show } from '../commands/show.ts';
import { start, type WorkerOptions, worker } from '../commands/start.ts';
import { trace } from '../commands/trace.ts';
import { version } from '../commands/version.ts';
import { type CliContext, createContext } from '../context.ts';
import type { GlobalFlags, Io } from '../voice/io.ts';
import { addAuditCommands } from './audit.ts';
import { EXAMPLES } from './examples.ts';
import { addLinkCommands } from './link.ts';
import { durationMs, logLevel, statuses, wholeNumber } from './option-values.ts';
import { addPhaseCommands } from './phase.ts';
import { addQueueCommands } from './queue.ts';
import { addReleaseCommands } from './release.ts';
import { addScoreCommands } from './score.ts';
import { addTokenCommands } from './tokens.ts';

/** Every command with its flags. `ended` is told the exit code of the one that ran. */
export const commandLine = (io: Io, ended: (code: number) => void): Command => {
  const program = root(io);
  const run = (work: (context: CliContext) => Promise<number>) => async (): Promise<void> => {
    ended(await work(createContext(io, program.opts<GlobalFlags>())));
  };
  addProgramCommands(program, run);
  addReadingCommands(program, run);
  addQueueCommands(program, run);
  addTokenCommands(program, run);
  addLinkCommands(program, run);
  addUpkeepCommands(program, run);
  addPhaseCommands(program, run);
  addAuditCommands(program, run);
  addReleaseCommands(program, run);
  addScoreCommands(program, run);
  for (const command of everyCommand(program)) withExamples(command, io);
  return program;
};

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

const root = ({ stdout, stderr }: Io): Command =>
  new Command('textops')
    .description('Start real work from a phone, with a decision on record.')
    .usage('[command] [options]')
    .option('--config <file>', 'the catalog; TEXTOPS_CONFIG otherwise')
    .option('--env-file <file>', 'variables to read; .env otherwise')
    .option('--db <url>', 'the database; DATABASE_URL otherwise')
    .option('--server <url>', 'a running instance, for chat')
    .option('--json', 'one JSON document on stdout', false)
    .option('--no-color', 'no colours')
    .option('--quiet', 'no hints on stderr', false)
    .helpCommand('help [command]', 'what a command does, with examples')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        stdout.write(text);
      },
      writeErr: (text) => {
        stderr.write(text);
      },
      // `runCli` says it once, in the form that was asked for.
      outputError: () => undefined,
    });

const addProgramCommands = (program: Command, run: Run): void => {
  program.command('start').description('everything in one process (the default)').action(run(start));
  const hands = program
    .command('worker')
    .description('a worker alone')
    .option('--metrics-port <port>', 'serves /metrics and /health there', wholeNumber(0, 65_535));
  hands.action(() => run((context) => worker(context, hands.opts<WorkerOptions>()))());
  const talk = program
    .command('chat')
    .description('a terminal chat against a running instance')
    .option('--as <seat>', 'who speaks', 'ana')
    .option('--conversation <name>', 'where', 'terminal');
  talk.action(() => run((context) => chat(context, talk.opts<ChatOptions>()))());
};

const addReadingCommands = (program: Command, run: Run): void => {
  const catalog = program.command('jobs').description('what can be run').action(run(jobs));
  catalog
    .command('validate [file]')
    .description('a configuration file alone, offline: 0, or 78 and all that is wrong')
    .action((file: string | undefined) => run((context) => jobsValidate(context, file))());
  program.command('schedules').description('what is asked for by the clock').action(run(schedules));
  program.command('people').description('who is known, as what, and who said so').action(run(people));
  const list = program
    .command('runs')
    .description('what was asked for, newest first')
    .option('-n, --limit <count>', 'how many', wholeNumber(1, 100), 20)
    .option('--status <status>', 'only these, separated by commas', statuses)
    .option('--job <job>', 'only of this job')
    .option('--since <duration>', 'only the last 30m, 12h, 7d', durationMs);
  list.action(() => run((context) => runs(context, list.opts<RunsOptions>()))());
  const one = program
    .command('show <id>')
    .description('one run with its history')
    .option('--wait', 'until it is over; the exit code says how it ended', false)
    .option('--timeout <duration>', 'stop waiting after 30s, 5m', durationMs);
  one.action((id: string) => run((context) => show(context, id, one.opts<ShowOptions>()))());
  program
    .command('replay <id>')
    .description('a run made again from its events alone')
    .action((id: string) => run((context) => replay(context, id))());
  program
    .command('trace <id>')
    .description('one run as a tree of spans, from the message to the end')
    .action((id: string) => run((context) => trace(context, id))());
  const board = program.command('ops [page]').description('what is going on and what is wrong');
  for (const flag of OPS_FLAGS) board.option(`--${flag}`, OPS_PAGES[flag], false);
  board.action((page?: string) => run((context) => ops(context, page, board.opts<OpsOptions>()))());
  const log = program
    .command('logs [id]')
    .description('the newest log records')
    .option('-n, --limit <count>', 'how many', wholeNumber(1, 10_000), 50)
    .option('--run <id>', 'only of this run')
    .option('--event <event>', 'only of this event')
    .option('--level <level>', 'only this level and above', logLevel)
    .option('--since <duration>', 'only the last 30m, 12h, 7d', durationMs)
    .option('-f, --follow', 'go on with what comes', false);
  log.action((id: string | undefined) =>
    run((context) => {
      const { run: named, ...options } = log.opts<LogsOptions>();
      const runId = id ?? named;
      return logs(context, { ...options, ...(runId !== undefined && { run: runId }) });
    })(),
  );
};

const addUpkeepCommands = (program: Command, run: Run): void => {
  program
    .command('check')
    .description('the configuration, as start would check it: 0 or 78')
    .action(run(check));
  program.command('doctor').description('what is wrong, and what to do about it').action(run(doctor));
  const schema = program.command('migrate').description('bring the database up to date').action(run(migrate));
  schema.command('status').description('what would be done').action(run(migrateStatus));
  schema
    .command('down')
    .description('take one phase of the schema back, while it holds nothing')
    .addArgument(new Argument('<part>', 'which').choices(PART_NAMES))
    .action((part: PartName) => run((context) => migrateDown(context, part))());
  const config = program.command('config').description('about the configuration');
  config.command('schema').description('JSON Schema of the file').action(run(configSchema));
  config.command('explain').description('every setting and who said so').action(run(configExplain));
  const about = program
    .command('version')
    .description('which TextOps this is')
    .option('--full', 'and what it runs on', false);
  about.action(() => run((context) => version(context, about.opts<{ full: boolean }>()))());
};

const everyCommand = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap((each) => everyCommand(each)),
];

/** `--help` shows how a command is used; `-h` is the short form. */
const withExamples = (command: Command, { argv }: Io): void => {
  const examples = EXAMPLES[pathOf(command)];
  if (examples === undefined || argv.includes('-h')) return;
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
};

const pathOf = (command: Command): string =>
  command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
