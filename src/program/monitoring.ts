import { freeMbAt } from '../cli/doctor/check-host.ts';
import type { ProgramInput } from '../cli/program-input.ts';
import { scorecardOf } from '../cli/scorecard-of.ts';
import { commitHere } from '../cli/versions.ts';
import type { CatalogFile } from '../config/catalog-file.ts';
import { configHash } from '../config/config-hash.ts';
import type { ChannelHealth } from '../core/ports/channel.ts';
import type { Observe } from '../core/ports/observe.ts';
import type { Store } from '../core/ports/store.ts';
import { METRICS_TYPE, openMetrics } from '../telemetry/metrics/metrics.ts';
import { type KeptScorecards, keptScorecards } from '../web/console/kept-scorecards.ts';
import type { HostFigures, WebMetrics } from '../web/web-deps.ts';
import { backupVerifiedAt } from './verified-backup.ts';

/** What people and machines ask a running program about itself. */
export interface Monitoring {
  readonly metrics: WebMetrics;
  readonly host: HostFigures;
  readonly scorecards: KeptScorecards;
}

interface Watched {
  readonly store: Store;
  readonly observe: Observe;
  readonly version: string;
  readonly channels: () => readonly ChannelHealth[];
  /** The one that is live at present. */
  readonly catalog: () => CatalogFile;
}

/** Counts from the first moment on; what there is to read comes later. */
export const openMonitoring = async ({ settings, cwd }: ProgramInput) => {
  const metrics = openMetrics();
  metrics.watchesProcess();
  const commit = await commitHere();
  const backupAt = (): Promise<number | undefined> => backupVerifiedAt(settings.database, cwd);
  return {
    sees: metrics.sees,
    timed: metrics.timed,
    knows: ({ jobs }: CatalogFile): void =>
      metrics.knows(jobs.map(({ key, spec }) => ({ key, heavy: spec.heavy }))),
    reads: ({ store, observe, version, channels, catalog }: Watched): Monitoring => {
      const hash = (): string => configHash(settings, catalog());
      const node = process.versions.node;
      const read = metrics.reads({
        loads: async () => {
          const at = await store.now();
          return { at, figures: await store.reader.loads(at) };
        },
        build: () => ({ version, commit, configHash: hash(), node }),
        channels,
        backupAt,
      });
      return {
        metrics: { type: METRICS_TYPE, read, served: metrics.served },
        host: { commit, configHash: hash, freeMb: () => freeMbAt(settings.database, cwd), backupAt },
        scorecards: keptScorecards({
          make: (window, rest) => scorecardOf({ store, settings, cwd, rest }, window),
          now: () => store.now(),
          observe,
        }),
      };
    },
  };
};
