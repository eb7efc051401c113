import { runCli } from '../src/cli/cli.ts';

/** A new database keeps the bridge closed until somebody opens it; without it a separate worker looks twice a second. */
export const openBridge = async (url: string): Promise<void> => {
  const name = 'queue.notify.bridge_enabled';
  const said: string[] = [];
  const code = await runCli({
    argv: ['gates', 'open', name, '--yes', name, '--db', url],
    env: {},
    stdout: { write: (text) => said.push(text) },
    stderr: { write: (text) => said.push(text) },
    stdin: process.stdin,
    cwd: process.cwd(),
    now: Date.now,
  });
  if (code !== 0) throw new Error(`the gate was not opened: ${said.join('')}`);
};
