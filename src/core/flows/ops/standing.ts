import type { Store } from '../../ports/store.ts';
import type { Incident } from '../../scorecard/readings.ts';
import type { Instant } from '../../time/instant.ts';

/** A release that stood for so long is known to be good; one that only passed its gate merely looked so. */
export const PROBATION_MS = 10 * 60_000;

/** How a release did in its first ten minutes. */
export const STANDINGS = ['known_good', 'too_short', 'in_trouble'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What can wait for the morning, as the alert rules have it; everything else gets somebody out of bed. */
const TICKETS: ReadonlySet<string> = new Set(['lost attempts', 'dead letters', 'silence']);

export const isPage = ({ kind, name }: Pick<Incident, 'kind' | 'name'>): boolean =>
  kind === 'channel' || !TICKETS.has(name);

/**
 * Whatever began while it was on probation, and whatever was there already and outlived it, speaks against a release; what it cured
 * does not.
 */
export const judge = (since: Instant, now: Instant, incidents: readonly Incident[]): Standing => {
  const until = since + PROBATION_MS;
  const speaksAgainst = ({ raisedAt, clearedAt = Infinity }: Incident): boolean =>
    raisedAt < until && (raisedAt >= since || clearedAt > Math.min(until, now));
  if (incidents.some((incident) => isPage(incident) && speaksAgainst(incident))) return 'in_trouble';
  return now < until ? 'too_short' : 'known_good';
};

/** What the incidents on record say of a release that was started then. */
export const stoodSince = async (
  { now, scores }: Pick<Store, 'now' | 'scores'>,
  since: Instant,
): Promise<Standing> => {
  const window = { since: since - LOOK_BACK_MS, until: since + PROBATION_MS };
  return judge(since, await now(), await scores.incidents(window, INCIDENTS_MAX));
};

/** Trouble that was there for longer is nothing that anybody waits to see gone. */
const LOOK_BACK_MS = 24 * 60 * 60_000;
const INCIDENTS_MAX = 1000;
