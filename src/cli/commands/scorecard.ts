import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Scorecard } from '../../core/scorecard/card.ts';
import { scorecardMarkdown } from '../../core/text/ops/scorecard-words.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { scorecardOf } from '../scorecard-of.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface ScorecardOptions {
  readonly days: number;
  readonly minutes?: number;
  readonly evidence?: string;
  readonly markdown?: string;
}

/** `textops scorecard`: every line of the gate over one window, from what is stored. 0 only when all of them pass. */
export const makeScorecard = async (context: CliContext, options: ScorecardOptions): Promise<ExitCode> => {
  const { io, settings, voice, withStore } = context;
  const { days, minutes = days * 1440, evidence } = options;
  const card = await withStore(async (store) => {
    const until = await store.now();
    const place = {
      store,
      settings: settings(),
      cwd: io.cwd,
      ...(evidence === undefined ? {} : { evidence }),
    };
    return scorecardOf(place, { since: until - minutes * MINUTE_MS, until });
  });
  const page = scorecardMarkdown(card);
  if (options.markdown !== undefined) await save(resolve(io.cwd, options.markdown), page);
  if (voice.json) voice.document('scorecard', view(card));
  else if (options.markdown === undefined) voice.data(page);
  else voice.data(`${card.verdict}: ${options.markdown}`);
  return card.verdict === 'PASS' ? EXIT.done : EXIT.failed;
};

const MINUTE_MS = 60_000;

const save = async (path: string, page: string): Promise<void> => {
  try {
    await writeFile(path, page);
  } catch (error) {
    throw new Stop({ code: 'FAILED', message: `${path} could not be written.` }, error);
  }
};

const view = ({ since, until, lines, verdict, reasons }: Scorecard) => ({
  since: isoOf(since),
  until: isoOf(until),
  lines: lines.map((line) => ({ ...line, value: line.value ?? null, why: line.why ?? null })),
  verdict,
  reasons,
});
