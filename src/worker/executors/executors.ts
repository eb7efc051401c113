import type { Target } from '../../core/jobs/job.ts';
import type { IWorkerExecutor } from '../../core/ports/executor.ts';
import { type CommandOptions, commandExecutor } from './command-executor.ts';
import { type DemoOptions, demoExecutor } from './demo-executor.ts';
import { type HttpOptions, httpExecutor } from './http-executor.ts';

/** One line per kind of job. */
export const executors = (
  options: CommandOptions & DemoOptions & HttpOptions,
): Readonly<Record<Target['kind'], IWorkerExecutor>> => ({
  command: commandExecutor(options),
  http: httpExecutor(options),
  demo: demoExecutor(options),
});
