import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../evidence');

/** In full size: prints what came of a campaign and leaves it as one line of `evidence/chaos.jsonl`. */
export const record = async (
  campaign: string,
  figures: Readonly<Record<string, number | string>>,
): Promise<void> => {
  if (inject('chaosSize') !== 'full') return;
  const line = JSON.stringify({ campaign, at: new Date().toISOString(), node: process.version, ...figures });
  process.stdout.write(`${line}\n`);
  await mkdir(FOLDER, { recursive: true });
  await appendFile(join(FOLDER, 'chaos.jsonl'), `${line}\n`);
};
