import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Sealing, sealHistory } from '../src/core/flows/history/seal-history.ts';
import { verifyHistory } from '../src/core/flows/history/verify-history.ts';
import type { SealChecks } from '../src/core/flows/history/verify-seals.ts';
import type { ISealSigner } from '../src/core/ports/history.ts';
import type { Store } from '../src/core/ports/store.ts';
import { sealSigner, verifier } from '../src/seals/ed25519.ts';
import { readSealFile, sealFile } from '../src/seals/seal-file.ts';

/** A key that nobody else has. */
export const newSigner = (): ISealSigner => sealSigner(generateKeyPairSync('ed25519').privateKey);

export type Sealer = Awaited<ReturnType<typeof sealerOn>>;

/** Seals a store for real: a key, and a file of published seals in a folder of its own. */
export const sealerOn = async (store: Store, more: Partial<Sealing> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'textops-seals-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'seals.log');
  const sealing: Sealing = {
    store,
    signer: newSigner(),
    verifies: verifier(),
    file: sealFile(path),
    observe: () => undefined,
    chat: () => undefined,
    ...more,
  };
  const seal = sealHistory(sealing);
  /** What an auditor knows: the key, and what was published. */
  const checks = async (): Promise<SealChecks> => {
    const file = await readSealFile(path);
    return {
      verifies: verifier(),
      keys: new Set([sealing.signer.key, ...(file?.keys ?? [])]),
      published: file?.seals ?? new Map(),
      publishedIn: 'seals.log',
    };
  };
  return {
    ...sealing,
    path,
    seal,
    checks,
    /** Everything that there is. */
    sealAll: async (): Promise<void> => {
      while ((await seal('now')) === 'busy');
    },
    verify: async () => verifyHistory(store, await checks()),
  };
};
