import { readOps } from '../../core/flows/ops/ops.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { opsBoard } from '../../core/text/ops/ops-board.ts';
import { problemsOf } from '../../core/text/ops/ops-problems.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { packageVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { oneLine } from '../voice/plain-text.ts';
import { Stop } from '../voice/stop.ts';
import { isOpsPage, OPS_PAGES, type OpsPage, opsPage } from './ops-pages.ts';

/** Those that are a flag as well, because they were that before a word would do. */
export const OPS_FLAGS = ['states', 'dedup', 'refusals', 'ticks'] as const satisfies readonly OpsPage[];

export type OpsOptions = Readonly<Partial<Record<(typeof OPS_FLAGS)[number], boolean>>>;

/** `textops ops`: the board of `/ops`, or one of its pages; what only the running process knows is left out. */
export const ops = async (
  context: CliContext,
  word: string | undefined,
  options: OpsOptions,
): Promise<ExitCode> => {
  const named = word ?? OPS_FLAGS.find((flag) => options[flag] === true);
  if (named === undefined) return board(context);
  if (!isOpsPage(named)) {
    const pages = Object.keys(OPS_PAGES).join(', ');
    throw new Stop({ code: 'USAGE', message: `There is no page "${oneLine(named)}". There are: ${pages}` });
  }
  const { lines, document } = await opsPage(context, named);
  if (context.voice.json) context.voice.document(named, document);
  else context.voice.data(plainLines(lines).map(oneLine).join('\n'));
  return EXIT.done;
};

const board = async ({ voice, settings, withStore }: CliContext): Promise<ExitCode> => {
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
  const shown = opsBoard(reading, Infinity);
  const rows = shown.pre.filter((row) => !row.startsWith('channels'));
  voice.data([...plainLines(shown.lines).map(oneLine), ...rows].join('\n'));
  return EXIT.done;
};
