import type { CatalogFile, CatalogJob } from '../config/catalog-file.ts';
import type { Settings } from '../config/settings.ts';
import type { JobSpec } from '../core/jobs/job.ts';
import { DEV_ROLES, mayDecide, mayRequest } from '../core/people/may.ts';
import type { Person } from '../core/people/person.ts';
import { OWNERS_NEEDED } from '../core/runs/acceptance.ts';
import { type Tally, tally } from '../core/runs/approvals.ts';

type Catalog = Pick<CatalogFile, 'jobs' | 'people'> & Partial<Pick<CatalogFile, 'schedules'>>;
type House = Pick<Settings, 'profile' | 'apiTokens'>;

/** One for each job that the people of the file, and in dev whoever writes, could not get approved, whoever asks. */
export const approvalWarnings = (catalog: Catalog, house: House): readonly string[] =>
  catalog.jobs.flatMap((job) =>
    job.spec.approval.policy === 'never'
      ? neverWarnings(job, catalog, house)
      : requiredWarnings(job, catalog, house),
  );

/** In dev nobody has to accept it. */
const neverWarnings = ({ key }: CatalogJob, { people }: Catalog, { profile }: House): readonly string[] => {
  const owners = people.filter(({ roles }) => roles.includes('owner')).length;
  if (profile === 'dev' || owners >= OWNERS_NEEDED) return [];
  const who = named(owners, 'owner', 'owners');
  return [
    `job ${key} asks until ${OWNERS_NEEDED} owners have accepted it and the file names ${who} who may accept it`,
  ];
};

const requiredWarnings = ({ key, spec }: CatalogJob, catalog: Catalog, house: House): readonly string[] => {
  const able = decidersOf(spec, catalog, house);
  const everybody = counted(spec, able);
  const without = askersOf(key, spec, catalog, house).map((asker) =>
    counted(
      spec,
      able.filter(({ id }) => id !== asker),
    ),
  );
  const tallies = mayApproveOwn(spec, house) || without.length === 0 ? [everybody] : without;
  if (tallies.some(({ satisfied }) => satisfied)) return [];
  if (!everybody.satisfied) return [`job ${key} ${lack(spec, everybody)}`];
  const best = tallies.toSorted((a, b) => b.have - a.have)[0] ?? everybody;
  return [`job ${key} ${lack(spec, best)} beside whoever asks`];
};

/** On the dev door every address is another person, so there are as many entitled strangers as it takes. */
const decidersOf = (spec: JobSpec, { people }: Catalog, { profile }: House): readonly Deciding[] => {
  const strangers = profile === 'dev' ? counted(spec, []).need + 1 : 0;
  const anybody = Array.from({ length: strangers }, (_, n) => ({ id: `dev:${n}`, roles: DEV_ROLES }));
  return [...people, ...anybody].filter((person) => mayDecide(person, spec));
};

type Deciding = Pick<Person, 'id' | 'roles'>;

/** Unless the job says so, only the dev profile lets whoever asked decide as well. */
const mayApproveOwn = ({ approval }: JobSpec, { profile }: House): boolean =>
  approval.self ?? profile === 'dev';

/** Who could ask, by id; nobody's where a schedule or a service does. */
const askersOf = (
  key: string,
  spec: JobSpec,
  { people, schedules = [] }: Catalog,
  { apiTokens }: House,
): readonly (string | undefined)[] => {
  const services = apiTokens.map(({ name, role }) => ({
    id: name,
    name,
    // As over HTTP: whoever asks by API only asks for what operators may ask for.
    roles: role === 'requester' ? [role, 'operator'] : [role],
    identities: [],
  }));
  const asking = [...people, ...services].filter((person) => mayRequest(person, spec));
  return [
    ...asking.map(({ id }) => id),
    ...schedules.filter(({ jobKey }) => jobKey === key).map(() => undefined),
  ];
};

/** What they come to when all of them say yes, by the rule that decides. */
const counted = ({ approval }: JobSpec, able: readonly Deciding[]): Counted => ({
  ...tally(
    approval,
    able.map(({ id, roles }) => ({ personId: id, name: id, identity: id, roles, at: 0 })),
  ),
  people: able.length,
});

interface Counted extends Tally {
  readonly people: number;
}

const lack = ({ approval }: JobSpec, { people, need, missing }: Counted): string => {
  const [first] = missing;
  if (first === undefined || people < need) {
    const who = named(people, 'person', 'people');
    return `needs ${plural(need, 'approval', 'approvals')} and the file names ${who} who may decide`;
  }
  const wanted = approval.needs
    .filter(({ role }) => first.roles.includes(role))
    .reduce((sum, { count }) => sum + count, 0);
  const who = named(wanted - first.count, 'person', 'people');
  const role = first.roles.join(' or ');
  return `needs ${plural(wanted, 'approval', 'approvals')} of role ${role} and the file names ${who} left to give it`;
};

const named = (count: number, one: string, many: string): string =>
  count === 0 ? 'nobody' : `only ${plural(count, one, many)}`;

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
