import type { Settings } from '../config/settings.ts';
import type { Store } from '../core/ports/store.ts';

/**
 * One sentence for each name that is a token of the environment and one of the database as well: made where API_TOKENS was
 * not set. Each lets in whoever has it, with its own rights, but the history names both alike.
 */
export const sharedNames = async (
  { tokens }: Pick<Store, 'tokens'>,
  elsewhere: readonly Pick<Settings['apiTokens'][number], 'name'>[],
): Promise<readonly string[]> => {
  if (elsewhere.length === 0) return [];
  const kept = new Set((await tokens.list()).map(({ name }) => name));
  return elsewhere
    .filter(({ name }) => kept.has(name))
    .map(
      ({ name }) =>
        `API_TOKENS and the database both have a token ${name}, which the history cannot tell apart`,
    );
};
