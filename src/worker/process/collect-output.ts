import type { Readable } from 'node:stream';
import type { CapturedOutput, ExecutionHooks } from '../../core/ports/executor.ts';
import type { HideSecrets } from './hide-secrets.ts';
import { oneLine } from './one-line.ts';
import { outputCapture, storable, wholeCharacters } from './output-capture.ts';
import { lineReader, parseProgress } from './progress-lines.ts';

export interface CollectedOutput {
  finish(): { readonly output: CapturedOutput; readonly lastLine: string };
}

/** Reads both streams as fast as they come, so a full pipe never holds the job up. */
export const collectOutput = (
  child: { readonly stdout: Readable; readonly stderr: Readable },
  { onProgress, onLine }: Pick<ExecutionHooks, 'onProgress' | 'onLine'>,
  hide: HideSecrets,
): CollectedOutput => {
  const capture = outputCapture();
  let lastLine = '';
  const keep = (hidden: string) => {
    lastLine = oneLine(hidden) || lastLine;
    onLine?.(hidden);
  };
  const report = (line: string) => {
    const hidden = hide.text(line);
    const progress = parseProgress(hidden);
    if (progress === undefined) keep(hidden);
    else if (progress.text !== '' || progress.percent !== undefined) onProgress(progress);
  };
  const stdout = follow(child.stdout, capture.write, report);
  const stderr = follow(child.stderr, capture.write, (line) => keep(hide.text(line)));
  return {
    finish: () => {
      // The stream that spoke last has the last word.
      const inOrder = stdout.spokeAt() <= stderr.spokeAt() ? [stdout, stderr] : [stderr, stdout];
      for (const stream of inOrder) stream.flush();
      return { output: hide.output(capture.finish()), lastLine };
    },
  };
};

const follow = (stream: Readable, write: (chunk: Uint8Array) => void, onLine: (line: string) => void) => {
  const characters = wholeCharacters();
  const lines = lineReader(onLine);
  let spokeAt = 0;
  const take = (chunk: Uint8Array) => {
    write(chunk);
    lines.feed(storable(chunk));
  };
  stream.on('data', (chunk: Uint8Array) => {
    spokeAt = performance.now();
    take(characters.push(chunk));
  });
  // A broken pipe is the end of the stream; how the process ended is known from its exit.
  stream.on('error', () => undefined);
  return {
    spokeAt: () => spokeAt,
    flush: () => {
      take(characters.flush());
      lines.flush();
    },
  };
};
