import type { Requester } from './run.ts';

/** Who asked, as lists of runs go by it: the id of a person, or what it was instead of one. */
export const requesterId = (requester: Requester): string => {
  switch (requester.kind) {
    case 'person':
      return requester.personId;
    case 'schedule':
      return `schedule:${requester.key}`;
    case 'system':
      return `system:${requester.part}`;
  }
};
