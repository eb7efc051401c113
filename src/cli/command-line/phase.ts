import { Argument, type Command } from 'commander';
import { NOTED_BOXES, type NotedBox } from '../../core/flows/ops/phase-notes.ts';
import { PHASE_NUMBERS, type PhaseNumber } from '../../db/watch/phases.ts';
import { phaseNote, phaseReport, phaseStatus } from '../commands/phase.ts';
import type { CliContext } from '../context.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

const NUMBER = (): Argument => new Argument('<number>', 'which').choices(PHASE_NUMBERS);

/** The steps on which the queue came into the house, and how far each of them is. */
export const addPhaseCommands = (program: Command, run: Run): void => {
  const group = program.command('phase').description('the steps on which the queue came into the house');
  group
    .command('report')
    .description('what one of them brought, what is in it, and what is switched on')
    .addArgument(NUMBER())
    .action((number: PhaseNumber) => run((context) => phaseReport(context, number))());
  group
    .command('status')
    .description('the seven boxes of one of them, and who ticked them')
    .addArgument(NUMBER())
    .action((number: PhaseNumber) => run((context) => phaseStatus(context, number))());
  const note = group
    .command('note')
    .description('tick a box that is somebody’s word')
    .addArgument(NUMBER())
    .addArgument(new Argument('<box>', 'which').choices([...NOTED_BOXES]))
    .argument('<words...>', 'what came of it')
    .option('--as <person>', 'whose word it is');
  note.action((number: PhaseNumber, box: NotedBox, words: readonly string[]) =>
    run((context) =>
      phaseNote(context, { number, box, note: words.join(' ') }, note.opts<{ readonly as?: string }>()),
    )(),
  );
};
