import { canonical } from '../../core/runs/canonical.ts';
import { firstFault } from '../../core/runs/chain.ts';
import { asRunEvent } from '../../core/runs/event.ts';
import { fold } from '../../core/runs/evolve.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { noRun, statusLines } from '../../core/text/cards/say.ts';
import { runView } from '../../web/api/run-view.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { harmless } from '../voice/plain-text.ts';
import { Stop } from '../voice/stop.ts';

/** `textops replay ID`: the run made again from its events alone, and whether it is the one that is stored. */
export const replay = async ({ voice, withStore }: CliContext, word: string): Promise<ExitCode> => {
  const runId = readRunId(word) ?? word.toUpperCase();
  const { history, stored } = await withStore(async (store) => ({
    history: await store.runs.history(runId),
    stored: (await store.runs.find([runId])).get(runId),
  }));
  const made = fold(history.map(asRunEvent), runId);
  if (made.status === 'absent')
    throw new Stop({ code: 'RUN_NOT_FOUND', message: noRun(harmless(runId)), runId });
  const chained = firstFault(history) === undefined;
  const equal = stored !== undefined && canonical(made) === canonical(stored.state);
  if (voice.json) voice.document('replay', { run: runView(made), events: history.length, chained, equal });
  else {
    const verdict = `${equal ? 'equal to' : 'NOT equal to'} the stored run, chain ${chained ? 'whole' : 'BROKEN'}`;
    voice.data(`${runId} made again from ${history.length} events: ${verdict}`);
    for (const line of plainLines(statusLines(made))) voice.data(harmless(line));
  }
  return equal && chained ? EXIT.done : EXIT.failed;
};
