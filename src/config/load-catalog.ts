import type { z } from 'zod';
import type { JobSpec } from '../core/jobs/job.ts';
import type { CatalogFile } from './catalog-file.ts';
import { FileCatalog, FileJob } from './catalog-schema.ts';
import { checkEntries } from './check-entries.ts';
import { checkJob } from './check-job.ts';
import { withCorrectedLines } from './corrected.ts';
import { explainIssue } from './explain-issue.ts';
import { type ConfigProblem, type Finding, type Path, pathText } from './problem.ts';
import { readToml } from './read-toml.ts';
import { readYaml, type Source } from './read-yaml.ts';
import { toJobSpec, toOps, toPerson, toScheduleSpec } from './to-spec.ts';
import { findUnfit } from './unfit.ts';

export interface CatalogOptions {
  /** As problems name it: `textops.yaml`. */
  readonly fileName: string;
  readonly format: 'yaml' | 'toml';
  /** Ids of people who are known from elsewhere and may be named in policies. */
  readonly people?: readonly string[];
}

export type CatalogResult =
  | { readonly ok: true; readonly catalog: CatalogFile }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads a whole configuration file and reports everything that is wrong with it at once. Never throws. */
export const parseCatalog = (text: string, { fileName, format, people }: CatalogOptions): CatalogResult => {
  const refused = (message: string): CatalogResult => ({
    ok: false,
    problems: [{ file: fileName, path: '', message }],
  });
  if (Buffer.byteLength(text) > FILE_BYTES_MAX) return refused('is larger than 1 MB');
  try {
    const source = format === 'yaml' ? readYaml(text, fileName) : readToml(text, fileName);
    return source.value === undefined
      ? { ok: false, problems: source.problems }
      : checked(source, fileName, people ?? []);
  } catch (error) {
    // The stack may end before the reader's own limits do.
    if (error instanceof RangeError) return refused('is nested too deeply');
    throw error;
  }
};

/** One job as an HTTP body spells it, held to the same rules as one in the file. */
export const parseJob = (
  key: string,
  body: unknown,
):
  | { readonly ok: true; readonly spec: JobSpec }
  | { readonly ok: false; readonly problems: readonly string[] } => {
  const at: Path = ['jobs', key];
  const unfit = findUnfit(body);
  const parsed = unfit === undefined ? FileJob.safeParse(body) : undefined;
  if (parsed?.success !== true) {
    const findings = unfit
      ? [unfit]
      : (parsed?.error.issues ?? []).flatMap((issue) => explainIssue(issue, body, at));
    return { ok: false, problems: findings.map(sentence) };
  }
  const findings = checkJob(parsed.data, at);
  return findings.length === 0
    ? { ok: true, spec: toJobSpec(parsed.data) }
    : { ok: false, problems: findings.map(sentence) };
};

const FILE_BYTES_MAX = 1_000_000;

const sentence = ({ path, message }: Finding): string => `${pathText(path)}: ${message}`;

const checked = (source: Source, file: string, people: readonly string[]): CatalogResult => {
  const value = source.value ?? {};
  const unfit = findUnfit(value);
  const parsed = FileCatalog.safeParse(unfit === undefined ? value : {});
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explainIssue(issue, value));
  const findings = unfit === undefined ? [...issues, ...checkEntries(value, people)] : [unfit];
  const problems = [...source.problems, ...findings.map((finding) => toProblem(finding, source, file))];
  if (problems.length > 0 || !parsed.success)
    return { ok: false, problems: withCorrectedLines(problems.toSorted(byPlace)) };
  return { ok: true, catalog: toCatalog(parsed.data) };
};

const toProblem = ({ path, message, on }: Finding, source: Source, file: string): ConfigProblem => {
  const place = source.placeOf(path, on ?? 'value');
  return { file, path: pathText(path), message, ...(place && { place }) };
};

const byPlace = (a: ConfigProblem, b: ConfigProblem): number =>
  (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);

const toCatalog = (file: z.output<typeof FileCatalog>): CatalogFile => ({
  jobs: Object.entries(file.jobs).map(([key, job]) => ({ key, spec: toJobSpec(job) })),
  schedules: Object.entries(file.schedules).flatMap(([key, schedule]) => {
    const job = file.jobs[schedule.job];
    return job === undefined ? [] : [toScheduleSpec(key, schedule, job)];
  }),
  people: Object.entries(file.people).map(([id, person]) => toPerson(id, person)),
  ...(file.ops !== undefined && { ops: toOps(file.ops) }),
  traceMode: file.otel.trace_mode,
  advisors: file.advisors,
});
