import { expect, test } from 'vitest';
import { ana, noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

const zed = { id: 'telegram:99', name: 'Zed', roles: ['operator', 'dba'], identities: ['telegram:99'] };

test('the list says who is known and who said so, for people and for programs', async () => {
  const { textops, document, inStore } = await cliBench();
  await inStore(async () => undefined);
  expect(await textops('people')).toMatchObject({
    code: 0,
    out: 'PERSON\tNAME\tFROM\tSINCE\tROLES\tIDENTITIES\n',
    err: expect.stringContaining('Nobody yet'),
  });
  await inStore(async (store) => {
    await store.people.replaceFilePeople([ana], noon);
    await store.runs.commit([
      {
        queue: [],
        outbox: [],
        upkeep: [
          { kind: 'person_admitted', person: zed },
          { kind: 'identity_linked', identity: 'telegram:77', personId: 'ana' },
        ],
        at: noon,
      },
    ]);
  });
  const since = new Date(noon).toISOString();
  const { out } = await textops('people');
  expect(out.split('\n').slice(1)).toEqual([
    `ana\tAna\tfile\t${since}\t${ana.roles.join(',')}\t${[...ana.identities, 'telegram:77 (linked in chat)'].join(', ')}`,
    `telegram:99\tZed\tchat\t${since}\toperator,dba\ttelegram:99`,
    '',
  ]);
  const { data } = await document('people');
  expect(data).toMatchObject([
    {
      id: 'ana',
      source: 'file',
      identities: [{ source: 'file' }, { identity: 'telegram:77', source: 'chat' }],
    },
    {
      id: 'telegram:99',
      name: 'Zed',
      source: 'chat',
      since,
      roles: ['operator', 'dba'],
      identities: [{ identity: 'telegram:99', source: 'chat' }],
      timezone: null,
    },
  ]);
});
