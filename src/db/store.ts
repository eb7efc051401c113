import type { Store } from '../core/ports/store.ts';
import { catalogOf } from './catalog/catalog.ts';
import { schedulesOf } from './catalog/schedules.ts';
import type { Engine } from './engine.ts';
import { historyOf } from './history/history.ts';
import { inboxOf } from './messages/inbox.ts';
import { installationsOf } from './messages/installations.ts';
import { outboxOf } from './messages/outbox.ts';
import { owedOf } from './messages/owed.ts';
import { reachOf } from './messages/reach.ts';
import { acceptancesOf } from './people/acceptances.ts';
import { peopleOf } from './people/people.ts';
import { tokensOf } from './people/tokens.ts';
import { webSessionsOf } from './people/web-sessions.ts';
import { deadLettersOf } from './queue/dead-letters.ts';
import { freezeOf } from './queue/freeze.ts';
import { gatesOf } from './queue/gates.ts';
import { leasesOf } from './queue/leases.ts';
import { pausesOf } from './queue/pauses.ts';
import { queueOf } from './queue/queue.ts';
import { readerOf } from './queue/reader.ts';
import { requestDraftsOf } from './runs/request-drafts.ts';
import { runRepository } from './runs/runs.ts';
import { schemaOf } from './schema-of.ts';
import { heartbeatsOf } from './watch/heartbeats.ts';
import { incidentsOf } from './watch/incidents.ts';
import { scoresOf } from './watch/scores.ts';

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
    scores: scoresOf(engine),
    incidents: incidentsOf(engine),
    owed: owedOf(engine),
    onWake: (listener) => engine.onWake(listener),
    close: () => engine.close(),
  };
};
