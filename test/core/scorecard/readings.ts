import type { ScoreReadings } from '../../../src/core/scorecard/readings.ts';
import type { RunTrace } from '../../../src/core/scorecard/trace.ts';
import { minutes, noon } from '../../cast.ts';

export const until = noon + minutes(1440);

/** A day on which nothing happened. */
export const nothing: ScoreReadings = {
  window: { since: noon, until },
  messages: { accepted: 0, answered: 0, undelivered: 0, cut: false },
  runs: [],
  runsCut: false,
  heavy: [],
  heavyCut: false,
  records: [],
  linked: new Set(['dev:bob']),
  incidents: [],
  up: { minutes: 0 },
  seals: { checked: 0 },
  refusals: { logRecords: 0, logged: {}, counted: {} },
  evidence: { drills: [] },
};

export const run: RunTrace = {
  runId: 'K7M2QX',
  heavy: true,
  ended: 'Succeeded',
  acts: [{ who: 'dev:bob', at: noon }],
  interventions: [],
  decisions: [{ who: 'dev:bob', at: noon, sound: true }],
  starts: 1,
  doubled: 0,
  resumes: [{ at: noon, ms: 1000 }],
};

export const runs = Array.from({ length: 100 }, () => run);

/** A day on which every line passes. */
export const flawless: ScoreReadings = {
  ...nothing,
  messages: { accepted: 100, answered: 100, undelivered: 0, cut: false },
  runs,
  heavy: runs,
  incidents: [1, 2, 3].map((n) => ({
    kind: 'problem',
    name: 'failures',
    raisedAt: noon,
    clearedAt: noon + n,
  })),
  up: { first: noon - 1, minutes: 1440 },
  seals: { checked: 3 },
  refusals: { logRecords: 5, logged: { auth_refused: 1 }, counted: { auth_refused: 1 } },
  evidence: {
    invariants: { total: 200, failed: 0, at: noon },
    polls: { faults: 40, recovered: 40 },
    drills: [{ job: 'backup', outcomes: Array.from({ length: 5 }, () => 'Succeeded') }],
  },
};
