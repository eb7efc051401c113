import type { JobVersion } from '../../jobs/job.ts';
import { maySee } from '../../people/may.ts';
import type { Person } from '../../people/person.ts';
import type { RunFilter } from '../../ports/store.ts';
import type { LiveRun, RunStatus } from '../../runs/run.ts';
import type { Line } from '../../text/cards/rich.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { clock, since, statusMark, statusWords } from '../../text/cards/say.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import type { Heard, Rooms, Said } from '../messages/heard.ts';

const FILTERS: Readonly<Record<string, readonly RunStatus[]>> = {
  waiting: ['AwaitingApproval'],
  approved: ['Approved'],
  queued: ['Dispatching'],
  running: ['Running'],
  failed: ['Failed'],
  succeeded: ['Succeeded'],
  denied: ['Denied'],
  canceled: ['Canceled'],
  expired: ['Expired'],
};

/** Filters that are no status. */
const OTHERS = ['mine', 'today', 'here'];

const DAY_MS = 24 * 60 * 60_000;

const PAGE = 8;

/** As far back as anybody looks for what this person may see, and at how many runs at once. */
const LOOKS_MAX = 20;
const LOOK = 50;

export interface Listing {
  readonly filter?: string | undefined;
  /** How many newer ones were shown already. */
  readonly skip?: number | undefined;
}

/** `/runs [filter]`: the newest first, as many as one reads at a glance, and a button for those before. */
export const listRuns = async (
  rooms: Rooms,
  heard: Heard,
  jobs: readonly JobVersion[],
  { filter, skip = 0 }: Listing,
): Promise<Said> => {
  const wanted = filterOf(heard, jobs, filter);
  if ('lines' in wanted) return wanted;
  const found = await visible(rooms, heard.person, wanted, skip + PAGE + 1);
  const runs = found.slice(skip, skip + PAGE);
  if (runs.length === 0) return { lines: [[skip === 0 ? 'No runs. Ask for one: /jobs' : 'No older runs.']] };
  const last = skip + runs.length;
  const older = runs.length === 1 ? `Run ${last}` : `Runs ${skip + 1} to ${last}`;
  const which = skip === 0 ? 'Last runs' : older;
  const next = String(skip + PAGE);
  return {
    lines: [[`${which}${filter === undefined ? '' : ` (${filter})`}`], ...runLines(runs)],
    actions:
      found.length <= skip + PAGE
        ? []
        : [{ verb: 'rs2', label: 'Older', argument: filter === undefined ? next : `${next}.${filter}` }],
  };
};

/** `8`, or `8.failed`: what the button for older ones carries; undefined for what no such button carries. */
export const listingOf = (argument: string): Listing | undefined => {
  const [, skip, filter] = /^([1-9]\d{0,2})(?:\.(.+))?$/.exec(argument) ?? [];
  return skip === undefined ? undefined : { skip: Number(skip), filter };
};

/** The newest runs of this conversation, for `status` without an id. */
export const runsHere = async (rooms: Rooms, { person, inbound }: Heard): Promise<Said> => {
  const runs = await visible(rooms, person, { address: inbound.address }, 5);
  if (runs.length === 0) return { lines: [['No runs. Ask for one: /jobs']] };
  return { lines: [['Newest runs here'], ...runLines(runs)] };
};

type Wanted = Omit<RunFilter, 'cursor' | 'limit'>;

const filterOf = (
  { person, inbound, at }: Heard,
  jobs: readonly JobVersion[],
  filter: string | undefined,
): Wanted | Pick<Said, 'lines'> => {
  if (filter === undefined) return {};
  const status = Object.hasOwn(FILTERS, filter) ? FILTERS[filter] : undefined;
  if (status !== undefined) return { status };
  if (filter === 'mine') return { requesterId: person.id };
  if (filter === 'today') return { since: at - DAY_MS };
  if (filter === 'here') return { address: inbound.address };
  // Whether there is such a job is told to those only who may see it.
  if (jobs.some((job) => job.key === filter)) return { jobKey: filter };
  const words = [...Object.keys(FILTERS), ...OTHERS];
  const near = nearest(filter, words)[0];
  const hint = near === undefined ? `Filters: ${words.join(', ')}, or a job.` : `Did you mean /runs ${near}?`;
  return { lines: [[`No filter or job called ${quoted(filter)}. ${hint}`]] };
};

/** The newest `count` that this person may see, or as many as there are. */
const visible = async (
  { store }: Rooms,
  person: Person,
  wanted: Wanted,
  count: number,
): Promise<readonly LiveRun[]> => {
  const seen: LiveRun[] = [];
  let cursor: string | undefined;
  for (let look = 0; look < LOOKS_MAX && seen.length < count; look += 1) {
    const page = await store.runs.list({
      ...wanted,
      ...(cursor === undefined ? {} : { cursor }),
      limit: LOOK,
    });
    seen.push(...page.runs.map(({ state }) => state).filter((run) => maySee(person, run)));
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return seen.slice(0, count);
};

const runLines = (runs: readonly LiveRun[]): readonly Line[] => {
  const width = Math.max(...runs.map((run) => run.jobKey.length));
  return runs.map((run) => [
    `${statusMark(run)} ${run.runId} ${run.jobKey.padEnd(width)}  ${statusWords(run)} `,
    clock(since(run)),
  ]);
};
