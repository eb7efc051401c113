import { diffSpecs, type SpecChange } from '../../jobs/diff.ts';
import type { JobVersion, JsonValue } from '../../jobs/job.ts';
import { shortDuration } from '../../time/duration.ts';
import type { Line } from './rich.ts';

/** What fits into one message. */
const STEPS_MAX = 5;
const CHANGES_MAX = 8;
const VALUE_MAX = 60;

/** `job NAME history`: what each version changed, the newest first. */
export const historyLines = (key: string, versions: readonly JobVersion[]): readonly Line[] => {
  const steps = versions.flatMap((after, at) => {
    const before = versions[at - 1];
    return before === undefined ? [] : [{ before, after }];
  });
  if (steps.length === 0) return [[`${key} has one version; nothing has changed yet.`]];
  const shown = steps.toReversed().slice(0, STEPS_MAX);
  const rest = steps.length - shown.length;
  return [
    [`${key} has ${versions.length} versions. Runs keep the one that they were asked for with.`],
    ...shown.flatMap(({ before, after }) => stepLines(before, after)),
    ...(rest > 0 ? [[`… and ${rest} earlier: GET /jobs/${key}/versions`]] : []),
  ];
};

const stepLines = (before: JobVersion, after: JobVersion): readonly Line[] => {
  const changes = diffSpecs(before.spec, after.spec);
  const rest = changes.length - CHANGES_MAX;
  return [
    [
      `v${before.version} → v${after.version}${changes.length === 0 ? ': the same, read from elsewhere' : ''}`,
    ],
    ...changes.slice(0, CHANGES_MAX).map((change): Line => [`   ${changeWords(change)}`]),
    ...(rest > 0 ? [[`   … and ${rest} more`]] : []),
  ];
};

/** "approval.decideBy: 30m → 1h" */
export const changeWords = ({ path, before, after }: SpecChange): string => {
  const isTime = /Ms(?:Min|Max)?$/.test(path);
  const show = (value: JsonValue | undefined): string => {
    if (value === undefined) return 'nothing';
    if (isTime && typeof value === 'number') return shortDuration(value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 1)}…` : text;
  };
  return `${path.replace(/Ms(?=Min$|Max$|$)/, '')}: ${show(before)} → ${show(after)}`;
};
