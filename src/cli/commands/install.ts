import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CliContext } from '../context.ts';
import { compare, type Found, faultOf, unitFor } from '../install/unit.ts';
import { ownFolder } from '../release/manifest.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface InstallOptions {
  readonly prefix: string;
  readonly user: string;
  readonly node: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly force: boolean;
}

interface Unit {
  readonly file: string;
  readonly text: string;
  readonly found: Found;
}

/** `textops install --systemd`: the units of this release, for this machine. All of them or none; what a person changed stays. */
export const installUnits = async (context: CliContext, options: InstallOptions): Promise<ExitCode> => {
  const { voice, io } = context;
  const fault = faultOf(options);
  if (fault !== undefined) throw new Stop({ code: 'USAGE', message: fault });
  const units = await unitsFor(resolve(io.cwd, options.to), options);
  if (options.dryRun) for (const { file, text } of units) voice.data(`# ${file}\n${text}`);
  const changed = units.filter(({ found }) => found === 'changed').map(({ file }) => file);
  if (changed.length > 0 && !options.force) {
    throw new Stop({
      code: 'REFUSED',
      message: `${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} not written by textops install, or changed since; nothing was written.`,
      hint: 'Keep what is yours with systemctl edit, which makes a drop-in, and come back with --force.',
    });
  }
  if (options.dryRun) return EXIT.done;
  for (const unit of units) if (unit.found !== 'same') await write(unit);
  say(context, units);
  return EXIT.done;
};

const unitsFor = async (to: string, options: InstallOptions): Promise<readonly Unit[]> => {
  const shipped = join(ownFolder(), 'deploy', 'systemd');
  const names = (await readdir(shipped)).filter((name) => /\.(?:service|timer)$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const file = join(to, name);
      const text = unitFor(await readFile(join(shipped, name), 'utf8'), options);
      const present = existsSync(file) ? await readFile(file, 'utf8') : undefined;
      return { file, text, found: compare(present, text) };
    }),
  );
};

/** In one step, so that systemd never reads half of one. */
const write = async ({ file, text }: Unit): Promise<void> => {
  try {
    await writeFile(`${file}.part`, text, { mode: 0o644 });
    await rename(`${file}.part`, file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Stop({ code: 'FAILED', message: `${file} cannot be written (${why}).` }, error);
  }
};

const say = ({ voice }: CliContext, units: readonly Unit[]): void => {
  if (voice.json) {
    const told = units.map(({ file, found }) => ({ file, written: found !== 'same' }));
    voice.document('install', told);
    return;
  }
  for (const { file, found } of units) voice.data(`${found === 'same' ? 'unchanged' : 'written  '} ${file}`);
  voice.talk('Next: systemctl daemon-reload && systemctl enable textops.service textops-backup.timer');
};
