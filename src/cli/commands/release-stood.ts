import { stoodSince } from '../../core/flows/ops/standing.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

export interface StoodOptions {
  readonly since: (now: number) => number;
}

/** `textops release stood --since WHEN`: how a release did that was started then; `deploy` and `rollback` ask it before they stop it. */
export const releaseStood = async (
  { voice, io, withStore }: CliContext,
  { since }: StoodOptions,
): Promise<ExitCode> => {
  const stood = await withStore((store) => stoodSince(store, since(io.now())));
  if (voice.json) voice.document('release-stood', { stood });
  else voice.data(stood);
  return EXIT.done;
};
