import { SealKeyRefused } from '../seals/key-file.ts';
import { Stop } from './voice/stop.ts';

/** A key that cannot be used is one problem of the configuration more; anything else stays the fault that it is. */
export const orBadConfiguration = (error: unknown): never => {
  if (!(error instanceof SealKeyRefused)) throw error;
  const lines = [`SEAL_KEY_FILE: ${error.message}`];
  throw new Stop({ code: 'BAD_CONFIGURATION', message: '1 problem in the configuration', lines }, error);
};
