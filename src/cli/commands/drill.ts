import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Store } from '../../core/ports/store.ts';
import type { RunStatus } from '../../core/runs/run.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { drillsFile } from '../evidence.ts';
import { ask, readJson } from '../instance.ts';
import { ownAddress } from '../own-address.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

export interface DrillOptions {
  readonly timeout: number;
  readonly tokenFile?: string;
  readonly evidence?: string;
}

const RERUNS = 5;

/**
 * `textops drill consistency JOB`: the same request five times against a running instance. Each waits for a decision like any
 * other; when all are over, their runs are written down for the scorecard.
 */
export const drillConsistency = async (
  context: CliContext,
  job: string,
  params: Readonly<Record<string, string>>,
  options: DrillOptions,
): Promise<ExitCode> => {
  const { io, voice, flags, settings, withStore } = context;
  const server = flags.server ?? ownAddress(settings().http);
  const token =
    options.tokenFile === undefined ? undefined : await tokenIn(resolve(io.cwd, options.tokenFile));
  const folder = await madeFolder(resolve(io.cwd, options.evidence ?? 'evidence'));
  const runs: string[] = [];
  for (let rerun = 1; rerun <= RERUNS; rerun += 1) runs.push(await request({ server, token, job, params }));
  voice.talk(`Asked for ${runs.join(', ')}. Each of them waits for its decision.`);
  const outcomes = await withStore((store) => endsOf(context, store, runs, options.timeout));
  const at = isoOf(io.now());
  await appendFile(
    drillsFile(folder),
    `${JSON.stringify({ drill: 'consistency', job, at, runs, outcomes })}\n`,
  );
  const [modal = '', times = 0] = mostFrequent(outcomes);
  const share = (100 * times) / outcomes.length;
  if (voice.json) voice.document('drill', { job, runs, outcomes, modal, share });
  else voice.data(`${job}: ${times} of ${outcomes.length} ended as ${modal} (${share} %).`);
  return EXIT.done;
};

/** Before anybody is asked for anything: what comes of it would be lost without a place to write it down. */
const madeFolder = async (path: string): Promise<string> => {
  try {
    await mkdir(path, { recursive: true });
    return path;
  } catch (error) {
    throw new Stop({ code: 'FAILED', message: `${path} cannot be made.` }, error);
  }
};

const mostFrequent = (outcomes: readonly string[]): readonly [string?, number?] =>
  [...Map.groupBy(outcomes, (one) => one)]
    .map(([name, found]) => [name, found.length] as const)
    .toSorted(([, a], [, b]) => b - a)[0] ?? [];

interface Wanted {
  readonly server: string;
  readonly token: string | undefined;
  readonly job: string;
  readonly params: Readonly<Record<string, string>>;
}

const Requested = z.object({ run: z.object({ runId: z.string() }) });

const request = async ({ server, token, job, params }: Wanted): Promise<string> => {
  const response = await ask(server, '/runs', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': `drill-${randomUUID()}`,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ job, params }),
  });
  return (await readJson(response, Requested)).run.runId;
};

const tokenIn = async (path: string): Promise<string> => {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Stop({ code: 'USAGE', message: `${path} could not be read.` }, error);
  }
};

const LOOK_MS = 500;
const OVER: ReadonlySet<RunStatus> = new Set(['Succeeded', 'Failed', 'Denied', 'Canceled', 'Expired']);

const endsOf = async (
  { io }: CliContext,
  store: Store,
  runIds: readonly string[],
  timeoutMs: number,
): Promise<readonly RunStatus[]> => {
  const deadline = io.now() + timeoutMs;
  for (;;) {
    const found = await store.runs.find(runIds);
    const ends = runIds
      .flatMap((runId) => found.get(runId)?.state.status ?? [])
      .filter((one) => OVER.has(one));
    if (ends.length === runIds.length) return ends;
    if (io.now() > deadline || io.signal?.aborted === true) {
      const message = `${ends.length} of ${runIds.length} runs were over after ${formatDuration(timeoutMs)}.`;
      throw new Stop({
        code: 'TIMED_OUT',
        message,
        hint: 'Nothing was written down. textops runs shows them.',
      });
    }
    await pause(LOOK_MS);
  }
};
