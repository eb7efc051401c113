import { readOps } from '../../core/flows/ops.ts';
import { leaseLines } from '../../core/text/lease-words.ts';
import { opsBoard } from '../../core/text/ops-board.ts';
import { problemsOf } from '../../core/text/ops-problems.ts';
import { plainLines } from '../../core/text/plain.ts';
import { refusalLines } from '../../core/text/refusal-words.ts';
import { dispatchRepeatLines, repeatLines } from '../../core/text/repeat-words.ts';
import type { Line } from '../../core/text/rich.ts';
import { boardLines } from '../../core/text/states-board.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { oneLine } from '../plain-text.ts';
import { packageVersion } from '../versions.ts';
import type { Voice } from '../voice.ts';

export interface OpsOptions {
  readonly states: boolean;
  readonly dedup: boolean;
  readonly refusals: boolean;
  readonly ticks: boolean;
}

/** `textops ops`: the board of `/ops`, read from the database; what only the running process knows is left out. */
export const ops = async (
  { voice, settings, withStore }: CliContext,
  options: OpsOptions,
): Promise<ExitCode> => {
  if (options.states) {
    const lines = boardLines();
    return page(voice, 'states', lines, plainLines(lines));
  }
  if (options.dedup) {
    const [messages, dispatches] = await withStore(({ reader }) =>
      Promise.all([reader.repeats(REPEATS_MAX), reader.dispatchRepeats(REPEATS_MAX)]),
    );
    const lines = [...repeatLines(messages), ...dispatchRepeatLines(dispatches)];
    return page(voice, 'dedup', lines, { messages, dispatches });
  }
  if (options.refusals) {
    const counts = await withStore(async (store) => store.reader.refusals(await store.now()));
    return page(voice, 'refusals', refusalLines(counts), counts);
  }
  if (options.ticks) {
    const [leases, at] = await withStore((store) => Promise.all([store.leases.list(), store.now()]));
    const document = leases.map(({ name, holder, fence, since, until }) => {
      const isHeld = until > at;
      return { name, holder, isHeld, fence, since: isoOf(since), until: isHeld ? isoOf(until) : null };
    });
    return page(voice, 'ticks', leaseLines(leases, at), document);
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
  const board = opsBoard(reading, Infinity);
  const rows = board.pre.filter((row) => !row.startsWith('channels'));
  voice.data([...plainLines(board.lines).map(oneLine), ...rows].join('\n'));
  return EXIT.done;
};

const REPEATS_MAX = 50;

const page = (voice: Voice, name: string, lines: readonly Line[], document: unknown): ExitCode => {
  if (voice.json) voice.document(name, document);
  else voice.data(plainLines(lines).map(oneLine).join('\n'));
  return EXIT.done;
};
