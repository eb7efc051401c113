import { type Command, InvalidArgumentError } from 'commander';
import { type DrillOptions, drillConsistency } from '../commands/drill.ts';
import { makeScorecard, type ScorecardOptions } from '../commands/scorecard.ts';
import type { CliContext } from '../context.ts';
import { durationMs, wholeNumber } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

const EVIDENCE = [
  '--evidence <folder>',
  'what was tried out beside the program; ./evidence otherwise',
] as const;

/** Whether the program did what it has to do, judged from what it left behind. */
export const addScoreCommands = (program: Command, run: Run): void => {
  const card = program
    .command('scorecard')
    .description('the gate over a window, line by line: 0 only when everything passes')
    .option('--days <count>', 'so many days up to now', wholeNumber(1, 90), 7)
    .option('--minutes <count>', 'so many minutes instead', wholeNumber(1, 129_600))
    .option('--markdown <file>', 'the page into a file')
    .option(...EVIDENCE);
  card.action(() => run((context) => makeScorecard(context, card.opts<ScorecardOptions>()))());
  const drill = program.command('drill').description('tries that the scorecard needs');
  const consistency = drill
    .command('consistency <job> [params...]')
    .description('the same request five times; people decide about each')
    .option('--timeout <duration>', 'stop waiting after 30m, 2h', durationMs, 30 * 60_000)
    .option('--token-file <file>', 'with a token of the HTTP interface')
    .option(...EVIDENCE);
  consistency.action((job: string, words: readonly string[]) =>
    run((context) => drillConsistency(context, job, named(words), consistency.opts<DrillOptions>()))(),
  );
};

const named = (words: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new InvalidArgumentError(`Expected name=value, not ${word}.`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
