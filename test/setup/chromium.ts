import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Chromium, unpacked from a dev dependency. */
    readonly chromiumPath: string;
  }
}

/**
 * Unpacks once for all test files, which otherwise race for it, and into a folder of this user: it is readable for nobody
 * else, so that a second user of the machine would find a browser that they cannot start.
 */
export const unpackChromium = async (): Promise<string> => {
  const folder = join(tmpdir(), `textops-browser-${userInfo().uid}`);
  await mkdir(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    // It looks for the folder as soon as it is loaded.
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
};

export const setup = async (project: TestProject): Promise<void> => {
  project.provide('chromiumPath', await unpackChromium());
};
