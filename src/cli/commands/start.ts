import { approvalWarnings } from '../approval-warnings.ts';
import type { CliContext } from '../context.ts';
import { inWords } from '../database.ts';
import type { ProgramInput } from '../program-input.ts';
import { Stop } from '../voice/stop.ts';

/** `textops start`: everything in one process. */
export const start = async (context: CliContext): Promise<number> => {
  const input = await programInput(context);
  context.io.outliveReaders?.();
  for (const warning of approvalWarnings(input.config.catalog, input.settings)) {
    context.voice.talk(`warning: ${warning}`);
  }
  // Loaded only here: every other command answers without the channels and the web server.
  const { startProgram } = await import('../../program/program.ts');
  const program = await inWordsOf(input, () => startProgram(input));
  return program.ended;
};

export interface WorkerOptions {
  readonly metricsPort?: number;
}

/** `textops worker`: a worker alone, beside a program that was started with WORKER=separate. */
export const worker = async (context: CliContext, { metricsPort }: WorkerOptions): Promise<number> => {
  const read = await programInput(context);
  const input = { ...read, ...(metricsPort === undefined ? {} : { metricsPort }) };
  context.io.outliveReaders?.();
  const { startWorkerProgram } = await import('../../program/program.ts');
  const program = await inWordsOf(input, () => startWorkerProgram(input));
  return program.ended;
};

/** What keeps a program from starting is mostly one of two things, and people can do something about both. */
const inWordsOf = async <T>({ settings }: ProgramInput, begin: () => Promise<T>): Promise<T> =>
  inWords(settings.database, () =>
    begin().catch((error: unknown) => {
      if (!(error instanceof Error) || !isAboutListening(error)) throw error;
      throw new Stop(
        { code: 'FAILED', message: error.message, hint: 'npx textops doctor looks further.' },
        error,
      );
    }),
  );

const isAboutListening = ({ cause }: Error): boolean =>
  cause instanceof Error && 'syscall' in cause && cause.syscall === 'listen';

const programInput = async ({ io, voice, environment, configuration }: CliContext): Promise<ProgramInput> => {
  const { settings, config, warnings } = await configuration();
  for (const warning of warnings) voice.talk(`warning: ${warning}`);
  const { cwd, stdin, stdout, stderr } = io;
  return { settings, config, cwd, stdin, stdout, stderr, env: environment().values };
};
