import { afterEach, expect } from 'vitest';
import { takeBadLines } from '../log-lines.ts';

// Of all projects: whatever a test had written into a log has to be a record.
afterEach(() => {
  expect(takeBadLines()).toEqual([]);
});
