import type { ChannelHealth } from '../../core/ports/channel.ts';
import type { Observe } from '../../core/ports/observe.ts';
import { cached, checked } from '../../loops/look.ts';
import { countObservations } from './count.ts';
import { type Build, databaseGauges, type Loads, processGauges } from './gauges.ts';
import { openMeters, watchProcess } from './meters.ts';

/** Where a scrape looks. */
export interface Sources {
  readonly loads: () => Promise<Loads>;
  readonly build: () => Build;
  readonly channels: () => readonly ChannelHealth[];
  /** When a backup was last found whole; undefined when that is not known. */
  readonly backupAt: () => Promise<number | undefined>;
}

export interface Metrics {
  readonly sees: Observe;
  /** Tells of memory and event loop as well; once in a process. */
  readonly watchesProcess: () => void;
  readonly timed: (op: string, tookMs: number) => void;
  readonly served: (answer: {
    readonly method: string;
    readonly route: string;
    readonly code: string;
  }) => void;
  /** Jobs that there are: their series begin at zero, so that the first failure is an increase. */
  readonly knows: (jobs: readonly { readonly key: string; readonly heavy: boolean }[]) => void;
  /** What `/metrics` answers, for as many as ask. */
  readonly reads: (sources: Sources, clock?: () => number) => () => Promise<string>;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The figures of one process. Nothing that happens in here reaches whoever is observed. */
export const openMetrics = (): Metrics => {
  const meters = openMeters();
  const { registry, jobs, query, requests } = meters;
  return {
    sees: countObservations(meters),
    watchesProcess: () => watchProcess(registry),
    timed: (op, tookMs) => query.observe({ op }, tookMs / 1000),
    served: ({ method, route, code }) => requests.inc({ method, route, code }),
    knows: (all) => {
      for (const { key, heavy } of all) {
        for (const status of FINISHES) {
          const { who, series } = jobs.of(key, heavy);
          series.finished.inc({ ...who, status }, 0);
        }
      }
    },
    reads: (sources, clock = () => performance.now()) => {
      const look = cached(() => checked(sources.loads()), clock);
      return async () => {
        const [loads, backup] = await Promise.all([look(), checked(sources.backupAt())]);
        const backupAt = backup.ok ? backup.value : undefined;
        const own = { build: sources.build(), channels: sources.channels() };
        const parts = [
          await processGauges({ ...own, ...(backupAt === undefined ? {} : { backupAt }) }, meters),
          await registry.metrics(),
          ...(loads.ok ? [await databaseGauges(loads.value)] : []),
        ];
        return `${parts.map((part) => part.trimEnd()).join('\n')}\n`;
      };
    },
  };
};

const FINISHES = ['succeeded', 'failed', 'denied', 'canceled', 'expired'] as const;
