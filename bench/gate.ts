import { runCli } from '../src/cli/cli.ts';

/** A new database keeps some gates closed until an operator opens them, as one does with `textops gates open NAME`. */
export const openGate = async (url: string, name: string): Promise<void> => {
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
  if (code !== 0) throw new Error(`${name} was not opened: ${said.join('')}`);
};

/** PostgreSQL wakes other processes; without it a separate worker looks twice a second. */
export const BRIDGE = 'queue.notify.bridge_enabled';
