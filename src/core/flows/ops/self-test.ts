import { SELF_TEST } from '../../jobs/self-test.ts';
import type { Origin } from '../../runs/run.ts';
import type { Rooms } from '../messages/heard.ts';
import { filesOf } from '../runs/files-of.ts';

export type Asked =
  | { readonly kind: 'asked'; readonly runId: string }
  /** Somebody has stopped the queue, so a test would say nothing about the program. */
  | { readonly kind: 'hindered'; readonly because: string };

/** Puts a run of the program's own through the queue that everybody's runs go through; its history says who let it. */
export const askSelfTest = async (
  rooms: Pick<Rooms, 'store' | 'orchestrator' | 'ambient'>,
): Promise<Asked> => {
  const because = await hindrance(rooms);
  if (because !== undefined) return { kind: 'hindered', because };
  const files = await filesOf(rooms.ambient, SELF_TEST.spec);
  const at = await rooms.store.now();
  const executed = await rooms.orchestrator.execute({
    runId: rooms.ambient.newRunId,
    command: (_state, runId) => ({
      type: 'request',
      runId,
      job: SELF_TEST,
      params: {},
      defaulted: [],
      by: { kind: 'system', part: 'selftest' },
      origin: NOWHERE,
      selfApproval: false,
      neverAccepted: false,
      files,
      at,
    }),
  });
  if (executed.outcome !== 'committed') throw new Error(`a self-test was answered with ${executed.outcome}`);
  const { after, decision } = executed;
  if (decision.ok && after.status !== 'absent') return { kind: 'asked', runId: after.runId };
  // Somebody stopped the queue between the look and the request.
  const why = (await hindrance(rooms)) ?? (decision.ok ? 'there is no run' : decision.refusal.why);
  return { kind: 'hindered', because: why };
};

/** What is told to this address is read by whoever asked, and by nobody in a chat. */
const NOWHERE: Origin = { channel: 'http', address: 'http:selftest', chat: 'private' };

/** Why no worker would take a run now; undefined when one would. */
export const hindrance = async ({ store }: Pick<Rooms, 'store'>): Promise<string | undefined> => {
  const freeze = await store.freeze.current();
  if (freeze !== undefined) return `everything is frozen by ${freeze.by}: ${freeze.reason}`;
  if (!(await store.gates.find('queue.job_substrate.enabled')).open) return 'the queue is switched off';
  const paused = (await store.pauses.list()).find(({ what }) => what === 'queue');
  return paused === undefined ? undefined : `the queue is paused by ${paused.by}`;
};
