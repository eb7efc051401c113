import type { Command } from 'commander';
import { type FlipOptions, flip, gates } from './commands/gates.ts';
import type { CliContext } from './context.ts';
import { wholeNumber } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

/** What is switched, stopped and given up. */
export const addQueueCommands = (program: Command, run: Run): void => {
  addGates(program, run);
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
