import { expect, test } from 'vitest';
import { chosenAdvisors } from '../../src/program/advisors.ts';

test.each([
  [{ parse: 'house', risk: 'house', summary: 'house' } as const, ['parser', 'scorer', 'summarizer']],
  [{ parse: 'off', risk: 'house', summary: 'off' } as const, ['scorer']],
  [{ parse: 'off', risk: 'off', summary: 'off' } as const, []],
])('of %j only those advise: %j', (choice, who) => expect(Object.keys(chosenAdvisors(choice))).toEqual(who));
