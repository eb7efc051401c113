import { describe } from 'vitest';
import { ADMINISTERED, DATABASES } from './backends.ts';
import { catalogContract } from './catalog.contract.ts';
import { commitContract } from './commit.contract.ts';
import { figuresContract } from './figures.contract.ts';
import { heartbeatsContract } from './heartbeats.contract.ts';
import { historyContract } from './history.contract.ts';
import { inboxContract } from './inbox.contract.ts';
import { installationsContract } from './installations.contract.ts';
import { lastDayContract } from './last-day.contract.ts';
import { leasesContract } from './leases.contract.ts';
import { lettersContract } from './letters.contract.ts';
import { misfitsContract } from './misfits.contract.ts';
import { outboxContract } from './outbox.contract.ts';
import { owedContract } from './owed.contract.ts';
import { pausesContract } from './pauses.contract.ts';
import { peopleContract } from './people.contract.ts';
import { queueContract } from './queue.contract.ts';
import { reachContract } from './reach.contract.ts';
import { refusalsContract } from './refusals.contract.ts';
import { requestDraftsContract } from './request-drafts.contract.ts';
import { runsContract } from './runs.contract.ts';
import { schedulesContract } from './schedules.contract.ts';
import { scoresContract } from './scores.contract.ts';
import { secretsContract } from './secrets.contract.ts';
import { tamperContract } from './tamper.contract.ts';
import { tokensContract } from './tokens.contract.ts';
import { webSessionsContract } from './web-sessions.contract.ts';

const contracts = [
  commitContract,
  runsContract,
  queueContract,
  inboxContract,
  outboxContract,
  peopleContract,
  installationsContract,
  tokensContract,
  webSessionsContract,
  catalogContract,
  schedulesContract,
  figuresContract,
  lastDayContract,
  lettersContract,
  pausesContract,
  reachContract,
  refusalsContract,
  requestDraftsContract,
  heartbeatsContract,
  leasesContract,
  owedContract,
  historyContract,
  scoresContract,
];

for (const [name, open] of Object.entries(DATABASES)) {
  describe(`a store on ${name}`, () => {
    for (const contract of contracts) contract(open);
  });
}

for (const [name, open] of Object.entries(ADMINISTERED)) {
  describe(`a store on ${name} with an administrator`, () => {
    misfitsContract(open);
    secretsContract(open);
    tamperContract(open);
  });
}
