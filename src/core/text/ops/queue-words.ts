import { formatDuration } from '../../time/duration.ts';
import type { Line } from '../cards/rich.ts';
import type { OpsReading } from './ops-figures.ts';

type Figures = Pick<
  OpsReading,
  | 'ready'
  | 'oldestReadyMs'
  | 'later'
  | 'running'
  | 'stale'
  | 'deadJobs'
  | 'deadInbox'
  | 'deadOutbox'
  | 'paused'
>;

/** `/ops queues`: what stands where, as the views of the database count it. */
export const queueLines = (figures: Figures): readonly Line[] => {
  const { ready, oldestReadyMs, later, running, stale, deadJobs, deadInbox, deadOutbox, paused } = figures;
  const oldest = oldestReadyMs === undefined ? '' : `, the oldest for ${formatDuration(oldestReadyMs)}`;
  const held = paused.map((what) => what.replace(/^job:/, '')).join(', ');
  return [
    [`waiting: ${ready} ready${oldest} · ${later} later`],
    [`in progress: ${running}, ${stale.length} of them without a beat`],
    [`dead letters: ${deadJobs} runs · ${deadInbox} messages in · ${deadOutbox} out`],
    ...(held === '' ? [] : [[`held back: ${held}`]]),
  ];
};
