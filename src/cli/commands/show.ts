import type { OutputText } from '../../core/ports/commit.ts';
import type { StoredRun } from '../../core/ports/store.ts';
import type { StoredEvent } from '../../core/runs/event.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { plainLines } from '../../core/text/cards/plain.ts';
import { statusLines } from '../../core/text/cards/say.ts';
import { isoOf } from '../../core/time/instant.ts';
import { eventView, runView } from '../../web/api/run-view.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { harmless, oneLine } from '../voice/plain-text.ts';
import { EXIT_OF_STATUS, foundRun, waitFor } from '../wait-for.ts';

export interface ShowOptions {
  readonly wait: boolean;
  /** Milliseconds; without it the wait has no end. */
  readonly timeout?: number;
}

/** `textops show ID`: one run with its history. With --wait the exit says how it ended. */
export const show = async (context: CliContext, word: string, options: ShowOptions): Promise<ExitCode> =>
  context.withStore(async (store) => {
    const runId = readRunId(word) ?? word.toUpperCase();
    const over = options.wait ? await waitFor(store, runId, context, options.timeout) : undefined;
    const run = over ?? (await foundRun(store, runId));
    print(context, run, await store.runs.history(runId), await store.runs.output(runId));
    return options.wait ? EXIT_OF_STATUS[run.state.status] : EXIT.done;
  });

const print = (
  { voice }: CliContext,
  run: StoredRun,
  events: readonly StoredEvent[],
  output: OutputText | undefined,
): void => {
  if (voice.json) {
    voice.document('run', { run: runView(run.state), events: events.map(eventView) });
    return;
  }
  const { state } = run;
  voice.data(plainLines(statusLines(state)).map(oneLine).join('\n'));
  const params = Object.entries(state.params).map(([name, value]) => `${name}=${String(value)}`);
  const facts = [
    ['job', `${state.jobKey} version ${state.jobVersion}${state.heavy ? ', heavy' : ''}`],
    ...(state.willRun === '' ? [] : [['runs', state.willRun]]),
    ...(params.length === 0 ? [] : [['with', params.join(' ')]]),
    ['digest', state.digest],
    ['in', state.origin.address],
  ];
  voice.data(facts.map(([name = '', value = '']) => `${name.padEnd(8)}${oneLine(value)}`).join('\n'));
  voice.data('');
  voice.table(
    ['SEQ', 'EVENT', 'AT', 'ACTOR'],
    events.map(({ seq, type, at, actor }) => [String(seq), type, isoOf(at), actor]),
  );
  const tail = output?.tail || output?.head;
  if (tail) voice.data(`\n${harmless(tail)}`);
};
