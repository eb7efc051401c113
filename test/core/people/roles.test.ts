import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayDecide } from '../../../src/core/people/may.ts';
import { whoDecides } from '../../../src/core/people/roles.ts';

const role = fc.constantFrom('owner', 'operator', 'approver', 'viewer', 'dba');
const id = fc.constantFrom('ana', 'bob', 'owner');
const entry = fc.oneof(
  role.map((name) => `role:${name}`),
  id,
);

test('whoever may decide is among those who are looked for, and nobody else is', () => {
  const policies = fc.record({
    approvers: fc.array(entry, { maxLength: 3 }),
    needs: fc.array(fc.record({ role, count: fc.constant(1) }), { maxLength: 2 }),
  });
  const people = fc.record({ id, roles: fc.array(role, { maxLength: 3 }) });
  fc.assert(
    fc.property(policies, people, (approval, person) => {
      const { ids, roles } = whoDecides({ approval });
      const found = ids.includes(person.id) || person.roles.some((name) => roles.includes(name));
      expect(found).toBe(mayDecide(person, { approval }));
    }),
  );
});
