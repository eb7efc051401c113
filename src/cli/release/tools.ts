import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Stop } from '../voice/stop.ts';

/** What `git` or `npm` answers in that folder; a failure ends the command with its last words. */
export const ask = async (tool: 'git' | 'npm', args: readonly string[], cwd: string): Promise<string> => {
  try {
    // Below a silent npm, npm would fail without a word.
    const env = { ...process.env, npm_config_loglevel: 'error' };
    const { stdout } = await promisify(execFile)(tool, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const said =
      error instanceof Error ? String(Reflect.get(error, 'stderr') ?? error.message) : String(error);
    const lines = said.trim().split('\n').slice(0, 5);
    throw new Stop(
      { code: 'FAILED', message: `${tool} ${args[0] ?? ''} failed: ${lines[0] ?? ''}`, lines },
      error,
    );
  }
};
