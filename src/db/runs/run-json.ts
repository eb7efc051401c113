import type { LiveRun, Terms } from '../../core/runs/run.ts';
import { fromJson, toJson } from '../codec.ts';

/**
 * A run is stored in two parts: `terms`, written with the request and never again, and `state`, which every event
 * writes anew and which is therefore kept small. Where both name something, the state is newer.
 */
export const termsJson = (run: LiveRun): string => toJson(partOf(run, isFrozen));

export const stateJson = (run: LiveRun): string => toJson(partOf(run, (name) => !isFrozen(name)));

export const runFromJson = (terms: string, state: string): LiveRun =>
  ({ ...(fromJson(terms) as Terms), ...(fromJson(state) as object) }) as LiveRun; // what was stored

/** All of the terms but the files: an approval that was voided because they changed asks about new ones. */
const FROZEN = {
  runId: true,
  jobKey: true,
  jobVersion: true,
  title: true,
  willRun: true,
  params: true,
  defaulted: true,
  heavy: true,
  effects: true,
  retry: true,
  approval: true,
  selfApproval: true,
  requesters: true,
  priority: true,
  concurrency: true,
  requester: true,
  origin: true,
  specHash: true,
  createdAt: true,
  previews: true,
} as const satisfies Record<Exclude<keyof Terms, 'files'>, true>;

const isFrozen = (name: string): boolean => Object.hasOwn(FROZEN, name);

const partOf = (run: LiveRun, takes: (name: string) => boolean): object => {
  const part: Record<string, unknown> = {};
  // Every event of every run passes here, so no pairs are made on the way.
  for (const name of Object.keys(run)) if (takes(name)) part[name] = run[name as keyof LiveRun];
  return part;
};
