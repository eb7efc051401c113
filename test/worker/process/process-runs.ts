import { type ProcessSpec, runProcess } from '../../../src/worker/process/run-process.ts';
import { listening, type workbench } from '../workbench.ts';

let starts = 0;

/** Starts node on scripts of the workbench, with deadlines that suit a test. */
export const processRuns = (bench: Awaited<ReturnType<typeof workbench>>) => {
  const specOf = (args: readonly string[], given: Partial<ProcessSpec> = {}): ProcessSpec => {
    starts += 1;
    const mark = `test-${process.pid}-${starts}`;
    const common = { cwd: bench.folder, env: {}, stdin: '', timeoutMs: 20_000, graceMs: 3000 };
    return { file: process.execPath, args, ...common, mark, ...given };
  };
  const run = async (source: string, given: Partial<ProcessSpec> = {}) => {
    const { hooks, progress } = listening();
    const outcome = await runProcess(specOf([await bench.script(source)], given), hooks);
    return { outcome, progress };
  };
  return { specOf, run };
};
