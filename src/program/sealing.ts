import type { ProgramInput } from '../cli/program-input.ts';
import { orBadConfiguration } from '../cli/seal-key.ts';
import { sealHistory } from '../core/flows/history/seal-history.ts';
import type { Running } from '../core/ports/running.ts';
import { startSealing } from '../scheduler/seal.ts';
import { verifier } from '../seals/ed25519.ts';
import { openSealKey, sealFileBeside } from '../seals/key-file.ts';
import { sealFile } from '../seals/seal-file.ts';
import type { Household } from './household.ts';

/** Opens the key before anything else is opened, because a key that cannot be used is bad configuration. */
export const openSealing = async ({ settings }: ProgramInput): Promise<(house: Household) => Running> => {
  const { database, sealKeyFile } = settings;
  // A history that ends with the process has nobody to be shown to.
  if (database.dialect === 'sqlite' && database.file === ':memory:') return () => nothing;
  const signer = await openSealKey(sealKeyFile).catch(orBadConfiguration);
  const file = sealFile(sealFileBeside(sealKeyFile));
  return ({ store, observe, sealChat, pulse: { pulse } }) => {
    const seal = sealHistory({ store, signer, verifies: verifier(), file, observe, chat: sealChat });
    return startSealing({ seal, observe, pulse });
  };
};

const nothing: Running = { stop: () => Promise.resolve() };
