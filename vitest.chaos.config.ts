import { defineConfig } from 'vitest/config';

// The races of test/chaos in full size; npm test runs the same files in commit size.
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    globalSetup: 'test/setup/postgres.ts',
    provide: { chaosSize: 'full' },
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
  },
});
