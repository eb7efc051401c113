import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const needDatabase = [
  'test/contracts/**/*.test.ts',
  'test/db/**/*.test.ts',
  'test/flows/**/*.test.ts',
  'test/model/**/*.test.ts',
  'test/races/**/*.test.ts',
  'test/tooling/postgres.test.ts',
];
const needProcesses = ['test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'];
/** Their clocks are replaced for a whole file. */
const needTheirOwnTime = ['test/retries/**/*.test.ts'];
/** A real Chromium, which is unpacked once. */
const needBrowser = ['test/browser/**/*.test.ts'];
const needAllCores = ['test/simulation/**/*.test.ts'];
/** Real processes mostly wait: for the pace of a chat, a grace, a lease. So more of them than there are cores. */
const mostlyWaiting = { maxWorkers: 5, sequence: { groupOrder: 1 } };
const postgres = ['test/setup/postgres.ts'];

/** Begun first, so that none of them is alone at the end. Everything else is begun in the order of its size. */
const longest = [
  'test/simulation/simulation.test.ts',
  'test/e2e/deploy.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/workers.test.ts',
  'test/e2e/schedules.test.ts',
  'test/chaos/scripted.test.ts',
  'test/e2e/stop.test.ts',
  'test/e2e/sealing.test.ts',
  'test/chaos/killed-processes.test.ts',
  'test/contracts/store.test.ts',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const known = longest.indexOf(relative(import.meta.dirname, moduleId));
  return known === -1 ? longest.length : known;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's, which answers a new list
    const bySize = await super.sort(files);
    return bySize.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

// A project's global setup runs only when one of its files does: the unit tests alone start no server.
export default defineConfig({
  test: {
    // The default leaves one core idle, which on two cores is half of the machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/setup/log-lines.ts'],
    // A limit against hanging, not a measure of speed: machines are small and shared.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'html'],
      thresholds: {
        lines: 90,
        functions: 90,
        branches: 80,
        'src/core/**/*.ts': { lines: 100, functions: 100, branches: 100 },
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['test/**/*.test.ts'],
          exclude: [...needDatabase, ...needProcesses, ...needAllCores, ...needTheirOwnTime, ...needBrowser],
          // A third of the time went into loading the same modules for every file anew.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'retries', include: needTheirOwnTime },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: needBrowser,
          globalSetup: ['test/setup/chromium.ts'],
          // It mostly waits as well, and one browser is enough for a small machine.
          ...mostlyWaiting,
        },
      },
      {
        extends: true,
        test: { name: 'contracts', include: needDatabase, globalSetup: postgres, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          provide: { chaosSize: 'commit' },
          include: needProcesses,
          globalSetup: postgres,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          ...mostlyWaiting,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: needAllCores,
          testTimeout: 600_000,
          // It brings as many threads as there are cores, and gives way to the processes that it runs beside.
          ...mostlyWaiting,
        },
      },
    ],
  },
});
