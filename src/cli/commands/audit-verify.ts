import { availableParallelism } from 'node:os';
import { databaseUrl } from '../../config/database-url.ts';
import type { HistoryFault } from '../../core/flows/history/chain-walk.ts';
import { type Verdict, verifyHistory } from '../../core/flows/history/verify-history.ts';
import { keyId } from '../../core/runs/seal.ts';
import { isoOf } from '../../core/time/instant.ts';
import { verifier } from '../../seals/ed25519.ts';
import type { CliContext } from '../context.ts';
import { type KnownSeals, knownSeals } from '../known-seals.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';
import { walkInThreads } from '../walk-threads.ts';

export interface VerifyOptions {
  /** Published seals; those beside the key otherwise. */
  readonly seals?: string;
}

/** `textops audit verify`: whether the history is whole, unchanged, sealed, and what the runs were made from. */
export const auditVerify = async (context: CliContext, options: VerifyOptions): Promise<ExitCode> => {
  const { io, voice, withStore } = context;
  const { database, sealKeyFile } = context.settings();
  const known = await knownSeals({ cwd: io.cwd, sealKeyFile }, options.seals);
  const walk = walkInThreads(databaseUrl(database), Math.min(availableParallelism(), THREADS_MAX));
  const verdict = await withStore((store) => verifyHistory(store, { ...known, verifies: verifier() }, walk));
  const { fault } = verdict;
  const warnings = fault === undefined ? warningsOf(verdict, known) : [];
  if (voice.json) voice.document('audit', view(verdict), warnings);
  else {
    // Whoever wrote to the database chose the names of its chains, and would like to choose what is read here.
    voice.data(fault === undefined ? okWords(verdict) : oneLine(`broken: ${placeOf(fault)}: ${fault.words}`));
    for (const warning of warnings) voice.talk(warning);
  }
  return fault === undefined ? EXIT.done : EXIT.failed;
};

/** More of them would wait for the database. */
const THREADS_MAX = 4;

const okWords = ({ events, chains, newest, unsealed }: Verdict): string => {
  const whole = `ok: ${events} events in ${chains} chains`;
  if (newest === undefined) return whole;
  const open = unsealed === 0 ? 'all of them sealed' : `${unsealed} of them not sealed yet`;
  return `${whole}, ${open} (seal ${newest.number} of ${isoOf(newest.at)})`;
};

const placeOf = ({ chain, seq, seal }: HistoryFault): string => {
  if (chain === undefined) return `seal ${seal ?? '?'}`;
  return `${chain === 'system' ? 'chain system' : `run ${chain}`}, seq ${seq ?? 0}`;
};

const warningsOf = ({ newest, signers }: Verdict, { keys, published, publishedIn }: KnownSeals): string[] => {
  if (newest === undefined) return [];
  const ids = [...signers].map(keyId).join(', ');
  return [
    ...(keys.size > 0
      ? []
      : [`Nobody vouches for the key ${ids} that signed; name a file of published seals.`]),
    ...(published.size > 0
      ? []
      : [`There are no published seals in ${publishedIn}: whether the end was cut off, nobody can tell.`]),
  ];
};

const view = ({ events, chains, newest, unsealed, signers, fault }: Verdict) => ({
  ok: fault === undefined,
  events,
  chains,
  unsealed,
  seal: newest === undefined ? null : { number: newest.number, at: isoOf(newest.at), hash: newest.hash },
  keys: [...signers],
  fault:
    fault === undefined
      ? null
      : {
          chain: fault.chain ?? null,
          seq: fault.seq ?? null,
          seal: fault.seal ?? null,
          message: fault.words,
        },
});
