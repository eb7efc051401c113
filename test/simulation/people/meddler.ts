import type { Rooms } from '../../../src/core/flows/messages/heard.ts';
import { adHocJob } from '../../../src/core/jobs/job.ts';
import type { Actor, Person } from '../../../src/core/people/person.ts';
import type { RunCommand } from '../../../src/core/runs/command.ts';
import type { RunState } from '../../../src/core/runs/run.ts';
import type { World } from '../world/world.ts';
import { GROUP, RESIDENTS } from './residents.ts';

/**
 * Code inside of the program that gives orders as no door would: in the name of somebody else, about runs that do not
 * exist, about attempts long gone. The rules have to say no to all of it, whoever asks.
 */
export const newMeddler = (world: World, runIds: () => readonly string[]): (() => void) => {
  const dice = world.dice.people;
  return () => {
    const program = dice.pick(world.programs.filter(({ rooms }) => rooms !== undefined));
    const rooms = program?.rooms;
    if (program === undefined || rooms === undefined) return;
    const order = dice.weighted(ORDERS.map((one) => [one.often ?? 1, one] as const));
    const runId = dice.pick(runIds().slice(-5)) ?? NOWHERE;
    const target = order.nowhere === true ? NOWHERE : runId;
    world.write('meddler', `orders ${order.what} ${target}`);
    world.time.after(1, () => void give(world, rooms, target, order).catch(() => undefined), program);
  };
};

/** No dice make this id within the life of a world. */
const NOWHERE = 'ZZZZZ9';

interface Order {
  readonly what: string;
  readonly nowhere?: true;
  /** Against the others; for what only few runs are the right ones. */
  readonly often?: number;
  readonly command: (state: RunState, at: number) => RunCommand | undefined;
}

const give = async (world: World, rooms: Rooms, runId: string, order: Order): Promise<void> => {
  const at = await rooms.store.now();
  const stored = (await rooms.store.runs.find([runId])).get(runId);
  if (stored === undefined && order.nowhere === undefined) return;
  const state = stored?.state ?? { status: 'absent' };
  const command = order.command(state, at);
  if (command === undefined) return;
  const executed = await rooms.orchestrator.execute({
    runId,
    // Built anew with every try; an order that no longer is one becomes something that is always refused.
    command: (now) => order.command(now, at) ?? { type: 'expire', by: machine, at },
  });
  if (executed.outcome === 'committed' && executed.decision.ok)
    world.breaks('S7', `the rules obeyed: ${order.what} ${runId}`);
};

const machine: Actor = { kind: 'worker', id: 'nobody' };
const cron: Actor = { kind: 'schedule', key: 'nightly' };
const person = (id: string): Person =>
  RESIDENTS.find((one) => one.id === id) ?? { id, name: id, roles: [], identities: [] };
const by = (id: string, identity = `telegram:${id}`): Actor => ({
  kind: 'person',
  person: person(id),
  identity,
});

const output = { bytes: 0, sha256: '' };

const request = (who: string, runId: string, at: number): RunCommand => ({
  type: 'request',
  runId,
  job: { ...adHocJob('secret'), spec: { ...adHocJob('secret').spec, requesters: ['role:operator'] } },
  params: {},
  defaulted: [],
  by: by(who),
  origin: { channel: 'telegram', address: GROUP, chat: 'group' },
  selfApproval: true,
  neverAccepted: true,
  files: {},
  at,
});

const ORDERS: readonly Order[] = [
  { what: 'approve by a worker', command: (_, at) => ({ type: 'approve', by: machine, at }) },
  { what: 'deny by a schedule', command: (_, at) => ({ type: 'deny', by: cron, at }) },
  { what: 'cancel by a worker', command: (_, at) => ({ type: 'cancel', by: machine, at }) },
  {
    what: 'recover by a schedule',
    command: (_, at) => ({ type: 'recover', by: cron, leaseExpired: true, at }),
  },
  {
    what: 'resume by a worker',
    command: (_, at) => ({ type: 'resume', by: machine, gates: [], entitled: ['bob', 'cho', 'dan'], at }),
  },
  { what: 'expire by a person', command: (_, at) => ({ type: 'expire', by: by('olga'), at: at + 10 ** 9 }) },
  { what: 'approve nothing', nowhere: true, command: (_, at) => ({ type: 'approve', by: by('bob'), at }) },
  {
    what: 'request what exists',
    command: ({ status }, at) => (status === 'absent' ? undefined : request('ana', 'any', at)),
  },
  {
    what: 'answer an earlier question',
    often: 3,
    command: (state, at) =>
      state.status === 'absent' || state.epoch === 1
        ? undefined
        : { type: 'approve', by: by('cho'), seenEpoch: state.epoch - 1, at },
  },
  {
    what: 'preview by a person',
    command: (_, at) => ({
      type: 'preview',
      by: by('bob'),
      workerId: 'bob',
      epoch: 1,
      fence: 10 ** 6,
      seen: { ok: true, summary: 'nothing to see', sha256: 'f'.repeat(64) },
      at,
    }),
  },
  {
    what: 'explain the no of somebody else',
    command: (_, at) => ({ type: 'explain', by: by('cho'), deniedBy: 'bob', reason: 'because', at }),
  },
  { what: 'request without right', nowhere: true, command: (_, at) => request('eve', NOWHERE, at) },
  {
    what: 'approve heavy by SMS',
    often: 4,
    command: (state, at) =>
      state.status === 'AwaitingApproval' && state.heavy && at <= state.decideBy
        ? { type: 'approve', by: by('cho', 'sms:+491701'), at }
        : undefined,
  },
  {
    what: 'approve as shown for another epoch',
    command: (state, at) =>
      state.status === 'absent'
        ? undefined
        : { type: 'approve', by: by('cho'), shown: { epoch: state.epoch - 1, digest: state.digest }, at },
  },
  {
    what: 'start by a person',
    command: (state, at) =>
      state.status === 'absent' ? undefined : startOf(state, by('olga'), state.fence + 1, at),
  },
  {
    what: 'start under an old fence',
    command: (state, at) =>
      state.status === 'absent' ? undefined : startOf(state, machine, state.fence, at),
  },
  {
    what: 'finish under an old fence',
    command: (state, at) =>
      state.status === 'absent'
        ? undefined
        : {
            type: 'finish',
            by: machine,
            fence: state.fence - 1,
            result: { ok: true, summary: '', output },
            chance: 0,
            at,
          },
  },
  {
    what: 'lose by a worker',
    command: (state, at) =>
      state.status === 'absent'
        ? undefined
        : { type: 'lose', by: machine, fence: state.fence, lastBeat: at, chance: 0, at },
  },
];

const startOf = (
  state: Exclude<RunState, { status: 'absent' }>,
  who: Actor,
  fence: number,
  at: number,
): RunCommand => ({
  type: 'start',
  by: who,
  workerId: 'nobody',
  epoch: state.epoch,
  attempt: 'attempt' in state ? state.attempt : 1,
  fence,
  specHash: state.specHash,
  files: state.files,
  entitled: state.votes.map(({ personId }) => personId),
  at,
});
