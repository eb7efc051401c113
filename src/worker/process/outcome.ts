import type {
  AbortCause,
  CapturedOutput,
  ExecutionOutcome,
  FailureReason,
} from '../../core/ports/executor.ts';
import { oneLine } from './one-line.ts';
import { noOutput } from './output-capture.ts';

export type FailedOutcome = Extract<ExecutionOutcome, { readonly kind: 'failed' }>;

export const succeeded = (summary: string, output: CapturedOutput): ExecutionOutcome => ({
  kind: 'succeeded',
  summary: oneLine(summary),
  output,
});

export const failed = (
  reason: FailureReason,
  summary: string,
  output: CapturedOutput = noOutput(),
): FailedOutcome => ({ kind: 'failed', reason, summary: oneLine(summary), output });

/** Why the signal was raised. An unknown reason says the least: the attempt was interrupted. */
export const abortCause = (signal: AbortSignal): AbortCause => {
  const reason: unknown = signal.reason;
  return reason === 'canceled' || reason === 'lease_lost' ? reason : 'interrupted';
};

export const abortWords = (cause: AbortCause): string => ABORT_WORDS[cause];

const ABORT_WORDS: Readonly<Record<AbortCause, string>> = {
  canceled: 'canceled',
  lease_lost: 'lease lost',
  interrupted: 'interrupted',
};

export const timeoutWords = (timeoutMs: number): string =>
  timeoutMs < 1000
    ? `timed out after ${timeoutMs} ms`
    : `timed out after ${Math.round(timeoutMs / 100) / 10} s`;

/** Timers of the platform overflow above 24.8 days and would fire at once. */
export const timerMs = (ms: number): number => Math.min(ms, 2 ** 31 - 1);
