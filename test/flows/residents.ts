import type { JobSpec } from '../../src/core/jobs/job.ts';
import type { Person } from '../../src/core/people/person.ts';
import { backup, dbMigrate, jobOf, report, withApproval } from '../cast.ts';

// Who lives in the town, and what can be asked for there.

const NUMBERS: Readonly<Record<string, number>> = {
  ana: 41,
  bob: 42,
  cho: 43,
  eve: 44,
  ola: 45,
  dan: 46,
  kim: 47,
};

const resident = (id: string, ...roles: readonly string[]): Person => ({
  id,
  name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  roles,
  identities: [`telegram:${NUMBERS[id] ?? 0}`, `dev:${id}`],
});

/** Whom stories about people need beside the residents. */
export const owners: readonly Person[] = [resident('ola', 'owner'), resident('kim', 'owner')];

/** Zed is not among them: nobody admitted him. */
export const residents: readonly Person[] = [
  resident('ana', 'operator'),
  resident('bob', 'approver'),
  resident('cho', 'approver'),
  resident('dan', 'dba'),
  resident('eve'),
];

/** How a channel names somebody who writes there. */
export const identityOn = (channel: string, who: string): string =>
  channel === 'telegram' ? `telegram:${NUMBERS[who] ?? 99}` : `dev:${who}`;

export const restartWeb = jobOf('restart-web', 1, {
  title: 'Rolling restart of the web tier',
  params: {
    env: { type: 'string', required: true, enum: ['staging', 'prod'] },
    hosts: { type: 'integer', required: false, default: 1, min: 1, max: 8 },
  },
});

/** Two people, one of them with a role of its own. */
export const rotateKeys = withApproval(jobOf('rotate-keys', 1, { title: 'New keys for everybody' }), {
  quorum: 2,
  needs: [{ role: 'dba', count: 1 }],
});

/** Never asks. */
export const cleanUp = withApproval(jobOf('clean-up', 1, { title: 'Empty the temporary folder' }), {
  policy: 'never',
});

/** Only a dba may ask for it or decide it. */
export const secretJob = withApproval(
  jobOf('vault-dump', 1, { title: 'Nobody else', requesters: ['role:dba'] }),
  {
    approvers: ['role:dba'],
  },
);

export interface Listed {
  readonly key: string;
  readonly spec: JobSpec;
}

export const jobs: readonly Listed[] = [
  backup,
  report,
  dbMigrate,
  restartWeb,
  rotateKeys,
  cleanUp,
  secretJob,
].map(({ key, spec }) => ({ key, spec }));
