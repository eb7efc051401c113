import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Stop } from '../voice/stop.ts';
import type { Runner } from './runner.ts';

const run = promisify(execFile);

/** A unit of systemd. Workers that are enabled are pulled in by it and stop with it. */
export const systemdRunner = (unit: string): Runner => ({
  kind: 'systemd',
  start: () => systemctl('start', unit),
  stop: () => systemctl('stop', unit),
  isAlive: async () => {
    try {
      await run('systemctl', ['is-active', '--quiet', unit]);
      return true;
    } catch {
      // Anything but 0 says that it does not run, whatever the reason.
      return false;
    }
  },
  lines: async (count) => {
    const args = ['--unit', unit, '--lines', String(count), '--output', 'cat', '--no-pager'];
    try {
      return (await run('journalctl', args)).stdout.trimEnd().split('\n');
    } catch (error) {
      return [`journalctl: ${error instanceof Error ? error.message : String(error)}`];
    }
  },
});

const systemctl = async (verb: 'start' | 'stop', unit: string): Promise<void> => {
  try {
    await run('systemctl', [verb, unit]);
  } catch (error) {
    const said =
      error instanceof Error ? String(Reflect.get(error, 'stderr') ?? error.message) : String(error);
    throw new Stop({ code: 'FAILED', message: `systemctl ${verb} ${unit}: ${said.trim()}` }, error);
  }
};
