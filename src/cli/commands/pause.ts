import { amend } from '../../core/flows/amend.ts';
import { pauseWork } from '../../core/flows/pauses.ts';
import { plainLines } from '../../core/text/plain.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { speaker } from '../speaker.ts';
import { Stop } from '../stop.ts';

export interface PauseOptions {
  readonly as?: string;
}

/** `textops pause JOB|queue`, `textops unpause …`: whether workers take anything of it. */
export const pause = async (
  { voice, withStore }: CliContext,
  wanted: { readonly what: string; readonly paused: boolean; readonly reason?: string },
  options: PauseOptions,
): Promise<ExitCode> => {
  const done = await withStore(async (store) =>
    amend(store, pauseWork({ store }, { ...wanted, by: await speaker(store, options.as) })),
  );
  if (done === 'seen_before') throw new Error('a command line was taken for a repeated message');
  const words = plainLines(done.said.lines).join('\n');
  if (done.refused !== undefined) throw new Stop({ code: 'REFUSED', message: words });
  if (voice.json) voice.document('pause', { what: wanted.what, paused: wanted.paused });
  else voice.data(words);
  return EXIT.done;
};
