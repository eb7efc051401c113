import { CommanderError } from 'commander';
import { commandLine } from './command-line/command-line.ts';
import { packageVersion } from './versions.ts';
import { EXIT } from './voice/exit-codes.ts';
import type { Io } from './voice/io.ts';
import { EXIT_OF, type Problem, Stop } from './voice/stop.ts';
import { createVoice } from './voice/voice.ts';

/** The whole command line: reads the arguments, runs one command, answers with the exit code. Never throws. */
export const runCli = async (io: Io): Promise<number> => {
  let code: number = EXIT.done;
  const program = commandLine(io, (given) => {
    code = given;
  }).version(await packageVersion(), '-V, --version', 'which TextOps this is');
  try {
    const { operands, unknown } = program.parseOptions([...io.argv]);
    // Without a command it starts; whatever else stands there is looked at, so that a slip starts nothing.
    const bare = operands.length === 0 && unknown.length === 0;
    await program.parseAsync(bare ? [...io.argv, 'start'] : [...io.argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    // A group without its command has shown its help already.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage;
    const problem = problemOf(error);
    const json = io.argv.includes('--json');
    createVoice(io, { json, color: true, quiet: false }).fail(problem);
    return EXIT_OF[problem.code];
  }
};

const problemOf = (error: unknown): Problem => {
  if (error instanceof Stop) return error.problem;
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    return { code: 'USAGE', message, hint: 'npx textops --help lists the commands.' };
  }
  // Not foreseen: the stack is what a report of this fault needs.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'FAILED', message: text };
};
