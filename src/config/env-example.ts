import type { z } from 'zod';
import { Env } from './env-schema.ts';

/**
 * The text of `.env.example`: every variable with one sentence and its default. A test holds the file
 * against it.
 */
export const envExample = (): string =>
  [
    '# Copy this file to .env and change what you need. A variable of the real environment wins over this file,',
    '# and a variable that is set to nothing counts as not set.',
    ...Object.entries(Env.shape).map(
      ([name, field]) => `\n# ${field.description}\n${name}=${defaultOf(field)}`,
    ),
    '',
  ].join('\n');

const defaultOf = (field: z.ZodType): string => {
  const parsed = field.safeParse(undefined);
  return typeof parsed.data === 'string' || typeof parsed.data === 'number' ? String(parsed.data) : '';
};
