import type { DeadLetter } from '../../core/runs/dead-letter.ts';
import { letterName } from '../../core/text/ops/letter-words.ts';
import { isoOf } from '../../core/time/instant.ts';

/** A dead letter as programs read it. */
export const letterView = (letter: DeadLetter) => ({
  id: letterName(letter),
  kind: letter.kind,
  about: letter.about,
  runId: letter.runId ?? null,
  jobKey: letter.jobKey ?? null,
  attempts: letter.attempts,
  error: letter.error,
  at: isoOf(letter.at),
  replayable: letter.hindrance === undefined,
});
