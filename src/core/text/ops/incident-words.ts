import type { Incident } from '../../scorecard/readings.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Line } from '../cards/rich.ts';
import type { Problem } from './ops-problems.ts';

/** For the chat of those who run the installation: what is wrong and what treats it, as `/ops` says it, or that it is over. */
export const incidentLines = (
  { turn, incident }: { readonly turn: 'raised' | 'cleared'; readonly incident: Incident },
  problems: readonly Problem[],
): readonly Line[] => {
  const { kind, raisedAt, clearedAt = raisedAt } = incident;
  const name = kind === 'channel' ? `channel ${incident.name}` : incident.name;
  if (turn === 'cleared') return [[`✅ Over after ${formatDuration(clearedAt - raisedAt)}: ${name}`]];
  const present = problems.filter((problem) => problem.name === name);
  // A process elsewhere may see it, or it may have gone this very moment.
  const named = present.length === 0 ? [{ words: `Trouble: ${name}`, cure: '/ops' }] : present;
  return named.map(({ words, cure }): Line => [`⚠️ ${words} → ${cure}`]);
};
