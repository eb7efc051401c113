import { Gauge, Registry } from 'prom-client';
import type { ChannelHealth } from '../../core/ports/channel.ts';
import type { LoadFigures } from '../../core/ports/store.ts';
import { BREAKER_VALUES, type Meters } from './meters.ts';

/** What the database says at a moment of its own time. */
export interface Loads {
  readonly at: number;
  readonly figures: LoadFigures;
}

export interface Build {
  readonly version: string;
  readonly commit: string;
  readonly configHash: string;
  readonly node: string;
}

/** States that a run can be in as long as it has not ended. */
const LIVE = ['Created', 'AwaitingApproval', 'Approved', 'Dispatching', 'Running'] as const;

/**
 * What is so at present, made anew for every scrape: what could not be read is not there, and never the number of before.
 */
export const databaseGauges = ({ at, figures }: Loads): Promise<string> => {
  const { registry, gauge } = sheet();
  const runs = gauge('textops_runs', 'Runs that have not ended.', 'status');
  for (const status of LIVE) {
    const found = figures.live.find((one) => one.status === status);
    runs.set({ status }, found?.count ?? 0);
  }
  gauge('textops_runs_stale', 'Runs whose lease has run out and that nobody has recovered.').set(
    figures.stale.length,
  );
  gauge('textops_dead_letters', 'Runs and messages that were given up and that nobody has dealt with.').set(
    figures.deadInbox + figures.deadOutbox + figures.deadJobs,
  );
  gauge('textops_scheduler_lag_seconds', 'How long the oldest due moment of a schedule has waited.').set(
    (figures.schedule?.lateMs ?? 0) / 1000,
  );
  queueGauges(gauge, figures);
  workerGauges(gauge, figures, at);
  const oldest = gauge(
    'textops_outbox_oldest_seconds',
    'How long the oldest message has waited to go out.',
    'channel',
  );
  for (const { channel, oldestMs } of figures.unsent) oldest.set({ channel }, oldestMs / 1000);
  return registry.metrics();
};

const queueGauges = (gauge: MakeGauge, figures: LoadFigures): void => {
  const depth = gauge('textops_queue_depth', 'Entries of the queues, by state.', 'queue', 'state');
  for (const state of ['ready', 'later', 'running'] as const) {
    depth.set({ queue: EXECUTIONS, state }, figures[state]);
  }
  depth.set({ queue: 'inbox', state: 'ready' }, figures.openInbox);
  depth.set({ queue: 'outbox', state: 'ready' }, figures.openOutbox);
  gauge('textops_queue_oldest_ready_seconds', 'How long the oldest due entry has waited.', 'queue').set(
    { queue: EXECUTIONS },
    (figures.oldestReadyMs ?? 0) / 1000,
  );
};

const EXECUTIONS = 'default';

const workerGauges = (gauge: MakeGauge, { workers, busy }: LoadFigures, at: number): void => {
  const beat = gauge(
    'textops_worker_heartbeat_timestamp_seconds',
    'When a worker was heard last, in seconds since 1970.',
    'worker',
  );
  const slots = gauge('textops_worker_slots', 'Slots of a worker.', 'worker', 'state');
  for (const { workerId: worker, beatMsAgo, slots: total } of workers) {
    beat.set({ worker }, (at - beatMsAgo) / 1000);
    // A worker may hold a few claims more than it has slots: they wait for the next one that is free.
    const held = busy.find(({ workerId }) => workerId === worker)?.count ?? 0;
    slots.set({ worker, state: 'busy' }, Math.min(held, total));
    slots.set({ worker, state: 'free' }, Math.max(0, total - held));
  }
};

/** What only this process knows of itself. */
export const processGauges = (
  { build, channels, backupAt }: { build: Build; channels: readonly ChannelHealth[]; backupAt?: number },
  { breaker }: Pick<Meters, 'breaker'>,
): Promise<string> => {
  const { registry, gauge } = sheet();
  const { version, commit, configHash, node } = build;
  gauge('textops_build_info', 'What runs.', 'version', 'commit', 'config_hash', 'node').set(
    { version, commit, config_hash: configHash, node },
    1,
  );
  const up = gauge('textops_channel_up', 'Whether a channel sends and is heard.', 'channel');
  for (const { channel, state } of channels) {
    // Until something goes wrong there is nothing to tell, and a line that is missing reads like an unknown state.
    breaker.inc({ dependency: channel }, BREAKER_VALUES.closed);
    // Whoever stands by knows nothing about the channel; the process that has it does.
    if (state !== 'standby') up.set({ channel }, state === 'ok' ? 1 : 0);
  }
  if (backupAt !== undefined) {
    gauge(
      'textops_backup_last_success_timestamp_seconds',
      'When a backup was last restored for trial and found whole, in seconds since 1970.',
    ).set(backupAt / 1000);
  }
  return registry.metrics();
};

type MakeGauge = ReturnType<typeof sheet>['gauge'];

const sheet = () => {
  const registry = new Registry();
  const gauge = (name: string, help: string, ...labelNames: readonly string[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  return { registry, gauge };
};
