import { rolesOf } from '../access/caller.ts';
import { mayUse, type Permission } from '../access/permissions.ts';
import type { WebDeps } from '../web-deps.ts';
import type { Visitor } from './visitor.ts';

/**
 * Whether this visitor comes in there. On the machine of the dev profile there are no secrets; which runs and jobs somebody
 * sees, their rights say there as well.
 */
export const allows = (
  { profile }: Pick<WebDeps, 'profile'>,
  { person, identity }: Pick<Visitor, 'person' | 'identity'>,
  needs: Permission,
): boolean => profile === 'dev' || mayUse(rolesOf({ kind: 'person', person, identity }), needs);
