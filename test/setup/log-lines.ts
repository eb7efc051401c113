import { afterEach } from 'vitest';
import { takeBadLines } from '../log-lines.ts';

// Of all projects: whatever a test had written into a log has to be a record.
afterEach(() => {
  const bad = takeBadLines();
  if (bad.length > 0)
    throw new Error(`${bad.length} log lines are no records:\n${bad.slice(0, 5).join('\n')}`);
});
