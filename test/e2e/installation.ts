import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { currentId, placeAt } from '../../src/cli/deploy/place.ts';
import { processRunner } from '../../src/cli/deploy/process-runner.ts';
import { repository } from '../cli/release/repository.ts';
import { freePort } from '../free-port.ts';

const ENTRY = new URL('../../bin/textops.js', import.meta.url);

/** The program of this working copy, as the only thing in a release. */
const REAL = `#!/usr/bin/env node\nawait import(${JSON.stringify(ENTRY.href)});\n`;

/** A release that goes wrong when it is started, and is the real program otherwise. */
export const wrongAtStart = (what: string): string => wrongAt('start', what);

/** The same for another command. */
export const wrongAt = (command: string, what: string): string =>
  `#!/usr/bin/env node\nif (process.argv[2] === '${command}') {\n${what}\n} else await import(${JSON.stringify(ENTRY.href)});\n`;

export interface Answered {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A prefix of its own with a port of its own, and archives of releases that are real builds. */
export const installation = async (env: Readonly<Record<string, string>> = {}) => {
  const prefix = await mkdtemp(join(tmpdir(), 'textops-prefix-'));
  const place = placeAt(prefix);
  const runner = processRunner(place);
  onTestFinished(async () => {
    await runner.stop();
    await rm(prefix, { recursive: true, force: true });
  });
  const port = await freePort();
  await mkdir(place.shared);
  const variables = Object.entries({ HTTP_PORT: String(port), ...env });
  await writeFile(
    join(place.shared, '.env'),
    variables.map(([name, value]) => `${name}=${value}\n`).join(''),
    {
      mode: 0o600,
    },
  );
  const home = await repository({ 'bin/textops.js': REAL });
  let minutes = 0;
  const release = async (bin = REAL): Promise<{ readonly file: string; readonly id: string }> => {
    minutes += 1;
    const at = Date.UTC(2026, 10, 20, 15, minutes);
    await home.write({ 'bin/textops.js': bin, 'CHANGELOG.md': `- release ${minutes}\n` });
    home.commit(new Date(at).toISOString());
    await home.report({ startTime: at });
    const { file, manifest } = await home.build();
    return { file, id: manifest.id };
  };
  const options = ['--prefix', prefix, '--runner', 'process'];
  const textops = (...args: readonly string[]): Promise<Answered> =>
    new Promise((resolve) => {
      execFile(process.execPath, [fileURLToPath(ENTRY), ...args, ...options], (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
    });
  return {
    prefix,
    place,
    runner,
    url: `http://127.0.0.1:${port}`,
    release,
    textops,
    /** Begun, and not waited for. */
    begun: (...args: readonly string[]) =>
      spawn(process.execPath, [fileURLToPath(ENTRY), ...args, ...options], { stdio: 'ignore' }),
    current: () => currentId(place),
    ledger: async () =>
      (await readFile(place.ledger, 'utf8'))
        .trim()
        .split('\n')
        // Our own file.
        .map(
          (line) => JSON.parse(line) as { action: string; to: string; result: string; reason: string | null },
        ),
  };
};
