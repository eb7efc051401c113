import type { IHistory } from '../../core/ports/history.ts';
import { type Seal, sealLine } from '../../core/runs/seal.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';

export interface SealsOptions {
  readonly limit: number;
}

/** `textops audit seals`: the newest seals as lines of a file of published seals, oldest first. */
export const auditSeals = async (context: CliContext, { limit }: SealsOptions): Promise<ExitCode> => {
  const { voice, withStore } = context;
  const seals = await withStore(({ history }) => newest(history, limit));
  if (voice.json)
    voice.document(
      'seals',
      seals.map(({ at, ...seal }) => ({ ...seal, at: isoOf(at) })),
    );
  else for (const seal of seals) voice.data(oneLine(sealLine(seal)));
  if (seals.length === 0) voice.talk('Nothing is sealed yet.');
  return EXIT.done;
};

const newest = async (history: IHistory, limit: number): Promise<readonly Seal[]> => {
  const last = (await history.look('', 1)).newest?.number ?? 0;
  return history.seals(last - limit, limit);
};
