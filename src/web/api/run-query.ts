import type { RunFilter } from '../../core/ports/store.ts';
import { RUN_STATUSES, type RunStatus } from '../../core/runs/run.ts';
import { nearest } from '../../core/text/grammar/nearest.ts';
import { ProblemError } from '../problem.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;

/** `?status=&job=&limit=&cursor=`. A misspelt filter must not quietly show everything. */
export const runFilter = (query: URLSearchParams): RunFilter => {
  for (const name of query.keys()) {
    if (!NAMES.includes(name)) throw badFilter(`unknown filter "${cut(name)}".${hint(name, NAMES)}`);
    if (name !== 'status' && query.getAll(name).length > 1) throw badFilter(`"${name}" is given twice.`);
  }
  const status = query.getAll('status').flatMap((list) => list.split(','));
  const job = query.get('job');
  const cursor = query.get('cursor');
  return {
    limit: limitOf(query.get('limit')),
    ...(status.length === 0 ? {} : { status: [...new Set(status.map(statusOf))] }),
    ...(job === null ? {} : { jobKey: jobOf(job) }),
    ...(cursor === null ? {} : { cursor: cursorOf(cursor) }),
  };
};

const NAMES: readonly string[] = ['status', 'job', 'limit', 'cursor'];

const statusOf = (word: string): RunStatus => {
  const status = RUN_STATUSES.find((known) => known.toLowerCase() === word.trim().toLowerCase());
  if (status !== undefined) return status;
  const guess = hint(word.trim(), RUN_STATUSES);
  throw badFilter(
    `unknown status "${cut(word)}".${guess === '' ? ` One of ${RUN_STATUSES.join(', ')}.` : guess}`,
  );
};

const jobOf = (key: string): string => {
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(key)) throw badFilter(`"${cut(key)}" cannot be the key of a job.`);
  return key;
};

const limitOf = (text: string | null): number => {
  const limit = text === null ? LIMIT_DEFAULT : Number(text);
  if (!/^\d+$/.test(text ?? '1') || limit < 1 || limit > LIMIT_MAX) {
    throw badFilter(`limit is a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return limit;
};

const cursorOf = (text: string): string => {
  if (!/^[\x21-\x7e]{1,200}$/.test(text)) throw badFilter('cursor is what nextCursor said.');
  return text;
};

const hint = (word: string, known: readonly string[]): string => {
  const [near] = nearest(word, known);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
};

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

const badFilter = (detail: string): ProblemError => new ProblemError(400, 'bad_filter', detail);
