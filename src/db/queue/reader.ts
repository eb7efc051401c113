import type { IExecutionQueueReader } from '../../core/ports/store.ts';
import { refusalCounts } from '../commit/refusals.ts';
import { newestDispatchRepeats, newestRepeats } from '../commit/repeats.ts';
import type { Engine } from '../engine.ts';
import { sentAbout } from '../messages/sent.ts';
import { lastDay } from '../watch/last-day.ts';
import { figures } from './figures.ts';
import { loads } from './loads.ts';

export const readerOf = (engine: Engine): IExecutionQueueReader => ({
  figures: (at) => engine.read(() => figures(at)),
  loads: (at) => engine.read(() => loads(at)),
  lastDay: (at, limit) => engine.read(() => lastDay(at, limit)),
  repeats: (limit) => engine.read(() => newestRepeats(limit)),
  dispatchRepeats: (limit) => engine.read(() => newestDispatchRepeats(limit)),
  sentAbout: (runId) => engine.read(() => sentAbout(runId)),
  refusals: (at) => engine.read(() => refusalCounts(at)),
});
