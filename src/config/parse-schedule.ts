import { z } from 'zod';
import type { ScheduleSpec } from '../core/schedules/schedule.ts';
import { FileSchedule } from './catalog-schema.ts';
import { explainIssue } from './explain-issue.ts';
import { type Path, pathText } from './problem.ts';
import { toScheduleTerms } from './to-spec.ts';
import { findUnfit } from './unfit.ts';

/** A schedule that somebody wants; its parameters are still as they were written. */
export interface WantedSchedule extends Omit<ScheduleSpec, 'key' | 'params'> {
  readonly given: Readonly<Record<string, string>>;
}

/** The rules know what is wrong with a timing, and give it a code of its own. */
const Body = FileSchedule.extend({
  cron: z.string().min(1).max(200),
  timezone: z.string().min(1).max(100).default('UTC'),
});

/** One schedule as an HTTP body spells it: the fields of the file. */
export const parseSchedule = (
  key: string,
  body: unknown,
):
  | { readonly ok: true; readonly wanted: WantedSchedule }
  | { readonly ok: false; readonly problems: readonly string[] } => {
  const at: Path = ['schedules', key];
  const unfit = findUnfit(body);
  const parsed = unfit === undefined ? Body.safeParse(body) : undefined;
  if (parsed?.success === true) {
    const given = Object.entries(parsed.data.params).map(([name, value]) => [name, String(value)] as const);
    return { ok: true, wanted: { ...toScheduleTerms(parsed.data), given: Object.fromEntries(given) } };
  }
  const findings = unfit
    ? [{ ...unfit, path: [...at, ...unfit.path] }]
    : (parsed?.error.issues ?? []).flatMap((issue) => explainIssue(issue, body, at));
  return { ok: false, problems: findings.map(({ path, message }) => `${pathText(path)}: ${message}`) };
};
