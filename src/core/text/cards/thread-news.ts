import type { RunEvent } from '../../runs/event.ts';
import type { LiveRun } from '../../runs/run.ts';
import { formatDuration } from '../../time/duration.ts';
import { tailForChat } from './output-lines.ts';
import type { Line, Span } from './rich.ts';
import { asker } from './run-words.ts';
import { sentence } from './thread-card.ts';

/** A reply below the card. */
export interface Reply {
  readonly key: string;
  readonly lines: readonly Line[];
  readonly pre?: readonly string[];
  readonly after?: readonly Line[];
  readonly plain: string;
  readonly loud?: true;
}

/** What stands below the card instead of what is said elsewhere; undefined where the same words do. */
export const threadReply = (run: LiveRun, event: RunEvent, tail: readonly string[]): Reply | undefined => {
  const { runId, jobKey, epoch } = run;
  switch (event.type) {
    case 'ExecutionStarted': {
      const { attempt, WorkerId } = event.payload;
      const words = `Started on ${WorkerId}.`;
      return { key: `started:${runId}:${epoch}:${attempt}`, lines: [[words]], plain: words };
    }
    case 'ExecutionSucceeded': {
      const { attempt, tookMs, Summary } = event.payload;
      const words = `${jobKey} succeeded in ${formatDuration(tookMs)}.`;
      const more = Summary === '' ? '' : ` ${sentence(Summary)}`;
      return {
        key: `result:${runId}:${epoch}:${attempt}`,
        lines: [[...rings(run, 'asked'), `${words}${more}`]],
        plain: `Run ${runId} succeeded: ${Summary}`,
      };
    }
    case 'ExecutionFailed':
      return failed(run, event.payload, tail);
    default:
      return undefined;
  }
};

/** It is for everybody, also for those who do not follow the thread. */
const failed = (
  run: LiveRun,
  { attempt, reason, Summary }: { attempt: number; reason: string; Summary: string },
  tail: readonly string[],
): Reply => {
  const { runId, jobKey, epoch } = run;
  const tries = attempt > 1 ? ` after ${attempt} attempts` : '';
  const world = reason === 'lost' ? 'What the lost attempt did is unknown.' : 'Nothing was left running.';
  const pre = tailForChat(tail);
  return {
    key: `result:${runId}:${epoch}:${attempt}`,
    lines: [[...rings(run, 'decided'), `${jobKey} failed${tries}. ${sentence(Summary)}`]],
    ...(pre.length === 0 ? {} : { pre }),
    after: [[world]],
    plain: `Run ${runId} failed: ${Summary}`,
    loud: true,
  };
};

/** Whoever asked, and where something went wrong also whoever decided; each once, and where several people read. */
const rings = (run: LiveRun, who: 'asked' | 'decided'): readonly Span[] => {
  if (run.origin.chat !== 'group') return [];
  const { requester } = run;
  const asked = requester.kind === 'person' ? [{ mention: requester.identity, name: asker(run) }] : [];
  const decided = who === 'asked' ? [] : run.votes.map(({ identity, name }) => ({ mention: identity, name }));
  const others = decided.filter(({ mention }) => asked.every((one) => one.mention !== mention));
  return [...asked, ...others].flatMap((span): Span[] => [span, ' ']);
};
