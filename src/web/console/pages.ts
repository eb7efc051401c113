import { showApprovals } from './approvals.ts';
import { showAudit } from './audit.ts';
import { showChat } from './chat.ts';
import { watchChat } from './chat-acts.ts';
import { showJob } from './job.ts';
import { showJobs } from './jobs.ts';
import { watchHouse, watchRun } from './live.ts';
import { showLogs } from './logs.ts';
import { showMarked } from './marked-letters.ts';
import { showOverview } from './overview.ts';
import { showPeople } from './people.ts';
import { showQueue } from './queue.ts';
import type { PageRoute } from './route.ts';
import { showRun } from './run.ts';
import { askToApprove, askToDeny } from './run-acts.ts';
import { showRuns } from './runs.ts';
import { showSchedule, showSchedules } from './schedules.ts';
import { showScorecard } from './scorecard.ts';

/** Every page, with what it takes to see it. */
export const PAGES: readonly PageRoute[] = [
  { path: '/', needs: 'service.read', show: showOverview },
  { path: '/live', needs: 'service.read', show: watchHouse },
  { path: '/approvals', needs: 'runs.read', show: showApprovals },
  { path: '/runs', needs: 'runs.read', show: showRuns },
  { path: '/runs/:id', needs: 'runs.read', show: showRun },
  { path: '/runs/:id/live', needs: 'runs.read', show: watchRun },
  { path: '/runs/:id/approve', needs: 'runs.steer', show: askToApprove },
  { path: '/runs/:id/deny', needs: 'runs.steer', show: askToDeny },
  { path: '/jobs', needs: 'jobs.read', show: showJobs },
  { path: '/jobs/:key', needs: 'jobs.read', show: showJob },
  { path: '/schedules', needs: 'schedules.read', show: showSchedules },
  { path: '/schedules/:key', needs: 'schedules.read', show: showSchedule },
  { path: '/queue', needs: 'letters.read', show: showQueue },
  { path: '/queue/letters', needs: 'letters.write', show: showMarked },
  { path: '/audit', needs: 'history.read', show: showAudit },
  { path: '/logs', needs: 'log.read', show: showLogs },
  { path: '/scorecard', needs: 'figures.read', show: showScorecard },
  { path: '/people', needs: 'people.read', show: showPeople },
  { path: '/chat', needs: 'service.read', show: showChat },
  { path: '/chat/live', needs: 'service.read', show: watchChat },
];
