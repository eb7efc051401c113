import type { Store } from '../core/ports/store.ts';
import { sha256Hex } from '../core/runs/hash.ts';
import { newKey } from './keys.ts';

const VALID_MS = 10 * 60_000;

/**
 * With a bot and nobody who could use it, start prints a link; whoever opens it within ten minutes becomes owner. The
 * database keeps only the hash of the code. Nothing is offered once anybody is known on Telegram.
 */
export const offerOwnership = async (store: Store, botName: string): Promise<string | undefined> => {
  const people = await store.people.list();
  if (people.some((person) => person.identities.some((identity) => identity.startsWith('telegram:'))))
    return undefined;
  const code = newKey(16);
  const at = await store.now();
  await store.people.addCode({ codeHash: sha256Hex(code), purpose: 'claim_owner', until: at + VALID_MS, at });
  return `https://t.me/${botName}?start=claim_${code}`;
};
