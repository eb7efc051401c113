import { pressInChat, sayInChat } from './chat-acts.ts';
import { askForJob } from './job.ts';
import { handleMarked } from './marked-letters.ts';
import { dropLetter, pauseQueue, replayLetter } from './queue.ts';
import type { ActRoute } from './route.ts';
import { approve, askAgain, deny, steer } from './run-acts.ts';
import { steerSchedule } from './schedules.ts';

/** Everything that a form of the console can do. Each is a command that a chat knows as well. */
export const ACTS: readonly ActRoute[] = [
  { path: '/runs/:id/approve', needs: 'runs.steer', act: approve },
  { path: '/runs/:id/deny', needs: 'runs.steer', act: deny },
  { path: '/runs/:id/start', needs: 'runs.steer', act: steer('rs') },
  { path: '/runs/:id/cancel', needs: 'runs.steer', act: steer('cx') },
  { path: '/runs/:id/recover', needs: 'runs.steer', act: steer('rc') },
  { path: '/runs/:id/again', needs: 'runs.request', act: askAgain },
  { path: '/jobs/:key/run', needs: 'runs.request', act: askForJob },
  { path: '/schedules/:key/pause', needs: 'runs.steer', act: steerSchedule('pause') },
  { path: '/schedules/:key/resume', needs: 'runs.steer', act: steerSchedule('resume') },
  { path: '/schedules/:key/skip', needs: 'runs.steer', act: steerSchedule('skip') },
  { path: '/queue/pause', needs: 'letters.write', act: pauseQueue('pause') },
  { path: '/queue/unpause', needs: 'letters.write', act: pauseQueue('unpause') },
  { path: '/queue/letters/replay', needs: 'letters.write', act: handleMarked('replay') },
  { path: '/queue/letters/drop', needs: 'letters.write', act: handleMarked('drop') },
  { path: '/queue/letters/:id/replay', needs: 'letters.write', act: replayLetter },
  { path: '/queue/letters/:id/drop', needs: 'letters.write', act: dropLetter },
  { path: '/chat/say', needs: 'service.read', act: sayInChat },
  { path: '/chat/press', needs: 'service.read', act: pressInChat },
];
