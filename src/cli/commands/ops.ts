import { readOps } from '../../core/flows/ops.ts';
import { opsBoard, problemsOf } from '../../core/text/ops-board.ts';
import { plainLines } from '../../core/text/plain.ts';
import { dispatchRepeatLines, repeatLines } from '../../core/text/repeat-words.ts';
import { boardLines } from '../../core/text/states-board.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { oneLine } from '../plain-text.ts';
import { packageVersion } from '../versions.ts';

export interface OpsOptions {
  readonly states: boolean;
  readonly dedup: boolean;
}

/** `textops ops`: the board of `/ops`, read from the database; what only the running process knows is left out. */
export const ops = async (
  { voice, settings, withStore }: CliContext,
  options: OpsOptions,
): Promise<ExitCode> => {
  if (options.states) {
    const lines = plainLines(boardLines());
    if (voice.json) voice.document('states', lines);
    else voice.data(lines.join('\n'));
    return EXIT.done;
  }
  if (options.dedup) {
    const [messages, dispatches] = await withStore(({ reader }) =>
      Promise.all([reader.repeats(REPEATS_MAX), reader.dispatchRepeats(REPEATS_MAX)]),
    );
    const lines = [...repeatLines(messages), ...dispatchRepeatLines(dispatches)];
    if (voice.json) voice.document('dedup', { messages, dispatches });
    else voice.data(plainLines(lines).map(oneLine).join('\n'));
    return EXIT.done;
  }
  const { profile } = settings();
  const version = await packageVersion();
  const reading = await withStore(async (store) => {
    const startedAt = await store.now();
    const house = {
      profile,
      version,
      startedAt,
      channels: () => [],
      cards: () => false,
      gates: async () => [],
    };
    return readOps({ store, house });
  });
  if (voice.json) {
    const { at, upMs: _, channels: __, ...figures } = reading;
    voice.document('ops', { at: isoOf(at), ...figures, problems: problemsOf(reading) });
    return EXIT.done;
  }
  const board = opsBoard(reading);
  const rows = board.pre.filter((row) => !row.startsWith('channels'));
  voice.data([...plainLines(board.lines).map(oneLine), ...rows].join('\n'));
  return EXIT.done;
};

const REPEATS_MAX = 50;
