import type { RunFilter, StoredRun } from '../../core/ports/store.ts';
import type { RunStatus } from '../../core/runs/run.ts';
import { asker } from '../../core/text/cards/run-words.ts';
import { since, statusWords } from '../../core/text/cards/say.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { runView } from '../../web/api/run-view.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

export interface RunsOptions {
  readonly limit: number;
  readonly status?: readonly RunStatus[];
  readonly job?: string;
  /** How far back, milliseconds. */
  readonly since?: number;
}

/** `textops runs`: newest first. */
export const runs = async ({ io, voice, withStore }: CliContext, options: RunsOptions): Promise<ExitCode> => {
  const { page, at } = await withStore(async (store) => {
    const now = await store.now();
    return { page: await store.runs.list(filterOf(options, now)), at: now };
  });
  if (voice.json) {
    voice.document(
      'runs',
      page.runs.map(({ state }) => runView(state)),
    );
    return EXIT.done;
  }
  const when = (run: StoredRun): string =>
    io.stdout.isTTY === true
      ? `${formatDuration(Math.max(0, at - since(run.state)))} ago`
      : new Date(since(run.state)).toISOString();
  voice.table(
    ['RUN', 'JOB', 'STATUS', 'SINCE', 'ASKED BY', 'SUMMARY'],
    page.runs.map((run) => [
      run.state.runId,
      run.state.jobKey,
      io.stdout.isTTY === true ? statusWords(run.state) : run.state.status,
      when(run),
      asker(run.state),
      'summary' in run.state ? run.state.summary : '',
    ]),
  );
  if (page.nextCursor !== undefined) voice.talk(`Only the newest ${options.limit}; more with --limit.`);
  return EXIT.done;
};

const filterOf = ({ limit, status, job, since: back }: RunsOptions, now: number): RunFilter => ({
  limit,
  ...(status !== undefined && { status }),
  ...(job !== undefined && { jobKey: job }),
  ...(back !== undefined && { since: now - back }),
});
