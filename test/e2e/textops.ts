import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ENTRY = fileURLToPath(new URL('../../bin/textops.js', import.meta.url));

/** A command in that folder, on that database. */
export const textops = async (folder: string, url: string, ...argv: readonly string[]) => {
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: url };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [ENTRY, ...argv], {
      cwd: folder,
      env,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }; // execFile's
    return { code, out: stdout, err: stderr };
  }
};
