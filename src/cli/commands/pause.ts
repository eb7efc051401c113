import type { Rooms } from '../../core/flows/messages/heard.ts';
import { freeze, unfreeze } from '../../core/flows/ops/freeze.ts';
import { pauseWork } from '../../core/flows/ops/pauses.ts';
import type { Amendment } from '../../core/flows/runs/amend.ts';
import { carryOut, wordsUnlessRefused } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { type Speaker, speaker } from '../voice/speaker.ts';
import { withRooms } from '../with-rooms.ts';

export interface PauseOptions {
  readonly as?: string;
}

/** `textops pause JOB|queue`, `textops unpause …`: whether workers take anything of it. */
export const pause = (
  context: CliContext,
  wanted: { readonly what: string; readonly paused: boolean; readonly reason?: string },
  options: PauseOptions,
): Promise<ExitCode> =>
  wish(context, options, { what: wanted.what, paused: wanted.paused }, (rooms, by) =>
    pauseWork(rooms, { ...wanted, by }),
  );

/** `textops freeze REASON`, `textops unfreeze`: whether anything is decided or started at all. */
export const freezing = (
  context: CliContext,
  wanted: { readonly frozen: boolean; readonly reason: string },
  options: PauseOptions,
): Promise<ExitCode> =>
  wish(context, options, { frozen: wanted.frozen }, (rooms, by) =>
    wanted.frozen ? freeze(rooms, by, wanted.reason) : unfreeze(rooms, by),
  );

type Judge = (rooms: Rooms, by: Speaker) => () => Promise<Amendment>;

const wish = async (
  context: CliContext,
  { as }: PauseOptions,
  data: object,
  judge: Judge,
): Promise<ExitCode> => {
  const { voice } = context;
  const words = await withRooms(context, async (rooms) => {
    const { store } = rooms;
    return wordsUnlessRefused(store, await carryOut(store, judge(rooms, await speaker(store, as))));
  });
  if (voice.json) voice.document('frozen' in data ? 'freeze' : 'pause', data);
  else voice.data(words);
  return EXIT.done;
};
