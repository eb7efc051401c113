import { setTimeout as pause } from 'node:timers/promises';
import type { OutputText } from '../../core/ports/commit.ts';
import type { Store, StoredRun } from '../../core/ports/store.ts';
import type { StoredEvent } from '../../core/runs/event.ts';
import type { RunStatus } from '../../core/runs/run.ts';
import { readRunId } from '../../core/runs/run-id.ts';
import { plainLines } from '../../core/text/plain.ts';
import { noRun, statusLines } from '../../core/text/say.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';
import { eventView, runView } from '../../web/run-view.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { harmless, oneLine } from '../plain-text.ts';
import { Stop } from '../stop.ts';

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
    const run = over ?? (await found(store, runId));
    print(context, run, await store.runs.history(runId), await store.runs.output(runId));
    return options.wait ? EXIT_OF_STATUS[run.state.status] : EXIT.done;
  });

/** A run that is still on its way when the wait ends was not done in time. */
const EXIT_OF_STATUS: Readonly<Record<RunStatus, ExitCode>> = {
  Created: EXIT.timedOut,
  AwaitingApproval: EXIT.timedOut,
  Approved: EXIT.timedOut,
  Dispatching: EXIT.timedOut,
  Running: EXIT.timedOut,
  Succeeded: EXIT.done,
  Failed: EXIT.runFailed,
  Denied: EXIT.runNotDone,
  Canceled: EXIT.runNotDone,
  Expired: EXIT.runNotDone,
};

const found = async (store: Store, runId: string): Promise<StoredRun> => {
  const run = (await store.runs.find([runId])).get(runId);
  if (run === undefined) throw new Stop({ code: 'RUN_NOT_FOUND', message: noRun(oneLine(runId)), runId });
  return run;
};

const POLL_MS = 250;

const waitFor = async (
  store: Store,
  runId: string,
  { io, voice }: CliContext,
  timeoutMs: number | undefined,
): Promise<StoredRun> => {
  const deadline = io.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const run = await found(store, runId);
    if (EXIT_OF_STATUS[run.state.status] !== EXIT.timedOut) return run;
    const left = deadline - io.now();
    if (left <= 0 || io.signal?.aborted === true) {
      voice.talk(`Not over after ${formatDuration(timeoutMs ?? 0)}.`);
      return run;
    }
    await pause(Math.min(POLL_MS, left));
  }
};

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
