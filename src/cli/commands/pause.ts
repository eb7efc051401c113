import type { Amendment } from '../../core/flows/amend.ts';
import { freeze, unfreeze } from '../../core/flows/freeze.ts';
import { pauseWork } from '../../core/flows/pauses.ts';
import type { Store } from '../../core/ports/store.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Speaker, speaker } from '../speaker.ts';

export interface PauseOptions {
  readonly as?: string;
}

/** `textops pause JOB|queue`, `textops unpause …`: whether workers take anything of it. */
export const pause = (
  context: CliContext,
  wanted: { readonly what: string; readonly paused: boolean; readonly reason?: string },
  options: PauseOptions,
): Promise<ExitCode> =>
  wish(context, options, { what: wanted.what, paused: wanted.paused }, (store, by) =>
    pauseWork({ store }, { ...wanted, by }),
  );

/** `textops freeze REASON`, `textops unfreeze`: whether anything is decided or started at all. */
export const freezing = (
  context: CliContext,
  wanted: { readonly frozen: boolean; readonly reason: string },
  options: PauseOptions,
): Promise<ExitCode> =>
  wish(context, options, { frozen: wanted.frozen }, (store, by) =>
    wanted.frozen ? freeze({ store }, by, wanted.reason) : unfreeze({ store }, by),
  );

type Judge = (store: Store, by: Speaker) => () => Promise<Amendment>;

const wish = async (
  { voice, withStore }: CliContext,
  { as }: PauseOptions,
  data: object,
  judge: Judge,
): Promise<ExitCode> => {
  const words = await withStore(async (store) => {
    const done = await carryOut(store, judge(store, await speaker(store, as)));
    return wordsUnlessRefused(store, done);
  });
  if (voice.json) voice.document('frozen' in data ? 'freeze' : 'pause', data);
  else voice.data(words);
  return EXIT.done;
};
