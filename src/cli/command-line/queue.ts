import type { Command } from 'commander';
import {
  deadLetters,
  dropLetterFor,
  type LetterOptions,
  replayLetter,
  showLetter,
} from '../commands/dead-letters.ts';
import { type FlipOptions, flip, gates } from '../commands/gates.ts';
import { freezing, type PauseOptions, pause } from '../commands/pause.ts';
import type { CliContext } from '../context.ts';
import { wholeNumber } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** What is switched, stopped and given up. */
export const addQueueCommands = (program: Command, run: Run): void => {
  addGates(program, run);
  addDeadLetters(program, run);
  addPauses(program, run);
  addFreeze(program, run);
};

const addGates = (program: Command, run: Run): void => {
  const group = program.command('gates').description('what is switched on').action(run(gates));
  for (const [verb, open] of [
    ['open', true],
    ['close', false],
  ] as const) {
    const command = group
      .command(`${verb} <gate>`)
      .description(`${verb} a gate for everybody`)
      .option('--yes <gate>', 'the same name once more')
      .option('--as <person>', 'with the rights of somebody');
    if (open)
      command.option('--value <number>', 'for gates that stand for a number', wholeNumber(0, 999_999));
    command.action((name: string) =>
      run((context) => {
        const { value, ...options } = command.opts<FlipOptions & { value?: number }>();
        return flip(context, { name, open, ...(value === undefined ? {} : { value }) }, options);
      })(),
    );
  }
};

const AS = ['--as <person>', 'with the rights of somebody'] as const;

const addDeadLetters = (program: Command, run: Run): void => {
  const group = program
    .command('dead-letters')
    .description('what was given up on')
    .option(...AS);
  const options = (): LetterOptions => group.opts<LetterOptions>();
  group.action(() => run((context) => deadLetters(context, options()))());
  group
    .command('show <id>')
    .description('one of them')
    .action((id: string) => run((context) => showLetter(context, id, options()))());
  group
    .command('replay <id>')
    .description('a message once more; a run asks again')
    .action((id: string) => run((context) => replayLetter(context, id, options()))());
  group
    .command('drop <id> <reason...>')
    .description('give it up for good')
    .action((id: string, words: readonly string[]) =>
      run((context) => dropLetterFor(context, id, words.join(' '), options()))(),
    );
};

const addPauses = (program: Command, run: Run): void => {
  const stop = program
    .command('pause <what> [reason...]')
    .description('no worker takes runs of a job, or of the whole queue')
    .option(...AS);
  stop.action((what: string, words: readonly string[]) =>
    run((context) =>
      pause(context, { what, paused: true, reason: words.join(' ') }, stop.opts<PauseOptions>()),
    )(),
  );
  const goOn = program
    .command('unpause <what>')
    .description('workers take them again')
    .option(...AS);
  goOn.action((what: string) =>
    run((context) => pause(context, { what, paused: false }, goOn.opts<PauseOptions>()))(),
  );
};

const addFreeze = (program: Command, run: Run): void => {
  const stop = program
    .command('freeze <reason...>')
    .description('nothing is decided or started until unfreeze; what runs goes on')
    .option(...AS);
  stop.action((words: readonly string[]) =>
    run((context) =>
      freezing(context, { frozen: true, reason: words.join(' ') }, stop.opts<PauseOptions>()),
    )(),
  );
  const goOn = program
    .command('unfreeze')
    .description('decisions count and workers take runs again')
    .option(...AS);
  goOn.action(() =>
    run((context) => freezing(context, { frozen: false, reason: '' }, goOn.opts<PauseOptions>()))(),
  );
};
