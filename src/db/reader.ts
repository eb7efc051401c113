import type { IExecutionQueueReader } from '../core/ports/store.ts';
import type { Engine } from './engine.ts';
import { figures } from './figures.ts';
import { lastDay } from './last-day.ts';
import { loads } from './loads.ts';
import { refusalCounts } from './refusals.ts';
import { newestDispatchRepeats, newestRepeats } from './repeats.ts';
import { sentAbout } from './sent.ts';

export const readerOf = (engine: Engine): IExecutionQueueReader => ({
  figures: (at) => engine.read(() => figures(at)),
  loads: (at) => engine.read(() => loads(at)),
  lastDay: (at, limit) => engine.read(() => lastDay(at, limit)),
  repeats: (limit) => engine.read(() => newestRepeats(limit)),
  dispatchRepeats: (limit) => engine.read(() => newestDispatchRepeats(limit)),
  sentAbout: (runId) => engine.read(() => sentAbout(runId)),
  refusals: (at) => engine.read(() => refusalCounts(at)),
});
