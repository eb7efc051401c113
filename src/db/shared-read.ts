import { grouped } from './commit/group.ts';

/**
 * A look-up by key that many make at the same time: whoever asks while one is under way shares the next, and never one
 * that began before the question. `read` answers what it finds; what it does not find is undefined.
 */
export const sharedRead = <Key, Found>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>,
): ((keys: readonly Key[]) => Promise<readonly (Found | undefined)[]>) =>
  grouped<Key, Found | undefined>(async (keys) => {
    const found = await read([...new Set(keys)]);
    return keys.map((key) => found.get(key));
  }, keysMax);

const keysMax = 500;
