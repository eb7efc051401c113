import type { LiveRun } from '../../runs/run.ts';
import { outputLines, tailForChat } from '../cards/output-lines.ts';
import { type Draft, PRIORITY } from '../grammar/draft.ts';

/** What is stored of an output. */
interface Stored {
  readonly head: string;
  readonly tail: string;
  readonly bytes: number;
}

/** Whether there is more of an output than the announcement of a failure shows. */
export const isLongerThanShown = ({ head, tail }: Stored): boolean => {
  const lines = outputLines(head + tail);
  return tailForChat(lines).join('\n') !== lines.join('\n');
};

/** One file of all that is stored, with a mark where the middle is missing. */
export const storedText = ({ head, tail, bytes }: Stored): string =>
  tail === '' ? head : `${head}\n… the middle is not stored, ${bytes} bytes in all …\n${tail}`;

/** A message whose file is read when it is sent: what is owed to a conversation never carries an output. */
export const logDraft = (run: LiveRun, { epoch, attempt }: { epoch: number; attempt: number }): Draft => {
  const { runId, jobKey, origin } = run;
  const name = `${jobKey}-${runId}-attempt${attempt}.log`;
  return {
    key: `log:${runId}:${epoch}:${attempt}`,
    address: origin.address,
    runId,
    priority: PRIORITY.result,
    content: { kind: 'note', note: { lines: [[name]], actions: [], silent: true } },
    replyTo: { card: true },
    attaches: { runId, epoch, attempt, name },
  };
};
