import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { CommandTarget } from '../../core/jobs/job.ts';
import { findProgram, workingFolder } from '../../worker/executors/find-program.ts';
import { isPlaceholder } from '../../worker/executors/placeholders.ts';
import type { LoadedCatalog } from '../configuration.ts';
import { bad, type Finding, ok } from '../doctor/finding.ts';

/** Whether what the jobs run is there and may be run, before somebody is asked to approve it. */
export const checkJobs = async (
  { catalog, file }: LoadedCatalog,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> => {
  const baseDir = dirname(file);
  const found = await Promise.all(
    catalog.jobs.map(async ({ key, spec: { target } }) =>
      target.kind === 'command' ? problemOf(key, target, baseDir, environment) : undefined,
    ),
  );
  const problems = found.filter((finding) => finding !== undefined);
  return problems.length > 0 ? problems : [ok('jobs', `${catalog.jobs.length}, and what they run is there`)];
};

const problemOf = async (
  key: string,
  { command, cwd }: CommandTarget,
  baseDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding | undefined> => {
  const what = `job ${key}`;
  const folder = workingFolder(cwd, baseDir);
  if (!(await isFolder(folder)))
    return bad(what, `its folder ${folder} is not there`, 'make it, or correct cwd');
  const [program = ''] = command;
  if (isPlaceholder(program)) return undefined;
  const file = await findProgram(program, baseDir, environment);
  if (file === undefined)
    return bad(what, `${program} is not on the PATH`, 'install it, or name it by its path');
  const shown = relative(baseDir, file).startsWith('..') ? file : relative(baseDir, file);
  if (!(await isFile(file))) return bad(what, `${shown} is not there`, 'put it there, or correct command');
  if (await mayRun(file)) return undefined;
  return bad(what, `${shown} is not executable`, `chmod +x ${shown}`);
};

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const mayRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
