import type { IncidentName } from '../../ports/scores.ts';
import type { Incident } from '../../scorecard/readings.ts';
import { problemsOf } from '../../text/ops/ops-problems.ts';
import type { Rooms } from '../messages/heard.ts';
import { readOps } from './ops.ts';

/** What people bring about on purpose is no incident. */
const PLANNED: ReadonlySet<string> = new Set(['frozen', 'switched off', 'paused']);

/** What is wrong now, as everybody with this database sees it; of its channels each process knows its own. */
export const presentProblems = async (rooms: Pick<Rooms, 'store' | 'house'>): Promise<readonly string[]> => {
  const problems = problemsOf({ ...(await readOps(rooms)), channels: [] });
  return [...new Set(problems.map(({ name }) => name))].filter((name) => !PLANNED.has(name));
};

/** What began and what ended between what is open and what is there. */
export const incidentChanges = (
  open: readonly Incident[],
  present: readonly string[],
): { readonly raised: readonly IncidentName[]; readonly cleared: readonly IncidentName[] } => {
  const known = open.filter(({ kind }) => kind === 'problem');
  const isKnown = (name: string): boolean => known.some((one) => one.name === name);
  return {
    raised: present.filter((name) => !isKnown(name)).map((name) => ({ kind: 'problem', name })),
    cleared: known.filter(({ name }) => !present.includes(name)).map(({ kind, name }) => ({ kind, name })),
  };
};
