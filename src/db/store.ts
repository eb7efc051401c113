import type { Store } from '../core/ports/store.ts';
import { acceptancesOf } from './acceptances.ts';
import { catalogOf } from './catalog.ts';
import { deadLettersOf } from './dead-letters.ts';
import type { Engine } from './engine.ts';
import { freezeOf } from './freeze.ts';
import { gatesOf } from './gates.ts';
import { heartbeatsOf } from './heartbeats.ts';
import { historyOf } from './history.ts';
import { inboxOf } from './inbox.ts';
import { installationsOf } from './installations.ts';
import { leasesOf } from './leases.ts';
import { outboxOf } from './outbox.ts';
import { owedOf } from './owed.ts';
import { pausesOf } from './pauses.ts';
import { peopleOf } from './people.ts';
import { queueOf } from './queue.ts';
import { reachOf } from './reach.ts';
import { readerOf } from './reader.ts';
import { requestDraftsOf } from './request-drafts.ts';
import { runRepository } from './runs.ts';
import { schedulesOf } from './schedules.ts';
import { schemaOf } from './schema-of.ts';
import { tokensOf } from './tokens.ts';
import { webSessionsOf } from './web-sessions.ts';

/** `migrations`: the names of those that the program brings. */
export const storeOn = (engine: Engine, migrations: readonly string[] = []): Store => {
  const { gates, forget } = gatesOf(engine);
  return {
    kind: engine.kind,
    now: () => engine.now(),
    schema: () => engine.read(() => schemaOf(migrations)),
    runs: runRepository(engine, forget),
    history: historyOf(engine),
    inbox: inboxOf(engine),
    outbox: outboxOf(engine),
    queue: queueOf(engine),
    reader: readerOf(engine),
    heartbeats: heartbeatsOf(engine),
    catalog: catalogOf(engine),
    people: peopleOf(engine),
    tokens: tokensOf(engine),
    webSessions: webSessionsOf(engine),
    schedules: schedulesOf(engine),
    gates,
    deadLetters: deadLettersOf(engine),
    pauses: pausesOf(engine),
    freeze: freezeOf(engine),
    acceptances: acceptancesOf(engine),
    requestDrafts: requestDraftsOf(engine),
    installations: installationsOf(engine),
    reach: reachOf(engine),
    leases: leasesOf(engine),
    owed: owedOf(engine),
    onWake: (listener) => engine.onWake(listener),
    close: () => engine.close(),
  };
};
