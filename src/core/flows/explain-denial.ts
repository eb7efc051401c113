import type { Intent } from '../text/intent.ts';
import { type Handled, type Heard, hearsOf, type Rooms, seenBefore, type Text } from './heard.ts';

const REASON_MAX = 500;

/**
 * The words that somebody who has just said no by a button writes under the card: the reason. Anything else that is no
 * command stays what it was.
 */
export const explainDenial = async (
  rooms: Rooms,
  heard: Heard<Text>,
  intent: Intent,
): Promise<Handled | undefined> => {
  const { inbound, person, at, once } = heard;
  const { replyTo, addressed, disqualified, text } = inbound;
  const isTalk = intent.type === 'Chatter' || intent.type === 'Unknown';
  if (!isTalk || replyTo === undefined || !addressed || disqualified !== undefined) return undefined;
  const runId = await rooms.store.runs.runOfCard(inbound.address, replyTo);
  if (runId === undefined) return undefined;
  const run = (await rooms.store.runs.find([runId])).get(runId)?.state;
  if (run?.status !== 'Denied' || run.reason !== undefined) return undefined;
  const deniedBy = await denierOf(rooms, runId);
  if (deniedBy !== person.id) return undefined;
  const by = { kind: 'person', person, identity: inbound.from.identity } as const;
  const reason = text.replaceAll(/\s+/g, ' ').trim().slice(0, REASON_MAX);
  const executed = await rooms.orchestrator.execute({
    runId,
    once,
    ...hearsOf(heard),
    command: () => ({ type: 'explain', by, deniedBy, reason, at }),
  });
  if (executed.outcome !== 'committed') return seenBefore('DenyRun');
  const { drafts } = executed;
  const outbound = drafts.filter(({ address }) => address === inbound.address);
  return { outcome: 'committed', intent: 'DenyRun', runId, dispatched: false, outbound };
};

const denierOf = async ({ store }: Rooms, runId: string): Promise<string | undefined> => {
  const history = await store.runs.history(runId);
  const denied = history.findLast(({ type }) => type === 'RunDenied');
  return (denied?.payload as { readonly personId?: string } | undefined)?.personId;
};
