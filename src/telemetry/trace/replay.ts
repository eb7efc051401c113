import type { Sent } from '../../core/ports/store.ts';
import { asRunEvent, type RunEvent, type StoredEvent } from '../../core/runs/event.ts';
import { evolve } from '../../core/runs/evolve.ts';
import { absent, type RunState } from '../../core/runs/run.ts';
import { stepsOf } from '../../core/runs/step.ts';
import { commitSpans } from './commit-spans.ts';
import { traceIdOf } from './ids.ts';
import type { Span } from './span.ts';
import { sendSpan } from './work-spans.ts';

export interface Remembered {
  readonly installation: string;
  readonly runId: string;
  readonly history: readonly StoredEvent[];
  readonly sent: readonly Sent[];
}

/**
 * The spans of a run from what is stored anyway, by the same rules and under the same ids as those that are exported. How long
 * a commit or a send took is not stored, so they are moments here; what an attempt took is.
 */
export const replaySpans = ({ installation, runId, history, sent }: Remembered): readonly Span[] => {
  const traceId = traceIdOf(installation, runId);
  const spans: Span[] = [];
  let state: RunState = absent;
  let version = 0;
  for (const events of commitsOf(history.map(asRunEvent))) {
    const steps = stepsOf(runId, state, version, events);
    spans.push(...commitSpans({ traceId, runId, steps, tookMs: 0 }));
    state = events.reduce<RunState>((run, event) => evolve(run, event, runId), state);
    version += events.length;
  }
  spans.push(
    ...sent.map(({ key, address, tries, closedAt, outcome }) =>
      sendSpan(traceId, { runId, key, address, tries, outcome, endMs: closedAt, tookMs: 0 }),
    ),
  );
  return spans.toSorted((a, b) => a.startMs - b.startMs);
};

/** Which events a worker brings about, at the beginning of a commit of its own. */
const BEGIN_A_COMMIT: ReadonlySet<RunEvent['type']> = new Set([
  'ExecutionStarted',
  'ExecutionProgressed',
  'ExecutionSucceeded',
  'ExecutionLost',
]);

/** All events of a commit bear the same moment. Two commits of one millisecond are told apart where a worker begins one. */
const commitsOf = (events: readonly RunEvent[]): readonly (readonly RunEvent[])[] => {
  const commits: RunEvent[][] = [];
  for (const event of events) {
    const open = commits.at(-1);
    if (open === undefined || open[0]?.at !== event.at || BEGIN_A_COMMIT.has(event.type))
      commits.push([event]);
    else open.push(event);
  }
  return commits;
};
