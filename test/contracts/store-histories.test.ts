import { describe } from 'vitest';
import { DATABASES } from './backends.ts';
import { batchesContract } from './batches.contract.ts';
import { inboxHistoriesContract } from './inbox-histories.contract.ts';
import { outboxHistoriesContract } from './outbox-histories.contract.ts';
import { queueHistoriesContract } from './queue-histories.contract.ts';

// Long random histories, each step compared with what the contract says. `store.test.ts` has the laws one by one.

const contracts = [batchesContract, inboxHistoriesContract, outboxHistoriesContract, queueHistoriesContract];

for (const [name, open] of Object.entries(DATABASES)) {
  describe(`a store on ${name}`, () => {
    for (const contract of contracts) contract(open);
  });
}
