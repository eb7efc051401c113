import { adHocJob, type JobVersion, plainSpec } from './job.ts';

/** Names that begin so are the program's own: no catalog defines them, and nobody asks for one. */
const OWN = 'textops.';

export const isOwnName = (key: string): boolean => key.startsWith(OWN);

/**
 * What the program asks of itself to see that its queue, its worker and its history do what they are there for. It touches
 * nothing, nobody may ask for it or decide it, and one that nobody got to run in time ends by itself.
 */
export const SELF_TEST: JobVersion = {
  key: `${OWN}selftest`,
  version: 0,
  source: 'own',
  spec: plainSpec({
    title: 'Self-test',
    target: { kind: 'demo' },
    timeoutMs: 60_000,
    approval: {
      policy: 'never',
      quorum: 1,
      approvers: [],
      needs: [],
      decideByMs: 2 * 60_000,
      startByMs: 2 * 60_000,
    },
    requesters: [],
    // It says how the others would fare, so it waits behind nothing that can wait.
    priority: 100,
  }),
};

export const isSelfTest = ({ key, version }: Pick<JobVersion, 'key' | 'version'>): boolean =>
  key === SELF_TEST.key && version === SELF_TEST.version;

/** The job of a run whose version is in no catalog. */
export const uncatalogued = (key: string): JobVersion => (key === SELF_TEST.key ? SELF_TEST : adHocJob(key));

/** Who approves one, as the history has it: no person, and no word of owners. */
export const SELF_TESTED = 'policy:selftest';
