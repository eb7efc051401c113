import { describe, expect, test } from 'vitest';
import { promptOf, readTyped, seatsLine } from '../../../src/bot/terminal/session.ts';

describe('what is typed', () => {
  test.each([
    ['run hello name=world', { kind: 'text', text: 'run hello name=world' }],
    ['/run hello', { kind: 'text', text: '/run hello' }],
    ['yes K7M2QX', { kind: 'text', text: 'yes K7M2QX' }],
    ['  two  spaces ', { kind: 'text', text: '  two  spaces ' }],
    ['1', { kind: 'press', number: 1 }],
    [' 12 ', { kind: 'press', number: 12 }],
    ['100', { kind: 'text', text: '100' }],
    ['1.5', { kind: 'text', text: '1.5' }],
    ['run quit', { kind: 'text', text: 'run quit' }],
    ['quit smoking', { kind: 'text', text: 'quit smoking' }],
    ['', { kind: 'nothing' }],
    ['   ', { kind: 'nothing' }],
    [':as bob', { kind: 'seat', seat: 'bob' }],
    [':AS  Bob', { kind: 'seat', seat: 'bob' }],
    [':quit', { kind: 'quit' }],
  ])('%j', (line, typed) => {
    expect(readTyped(line)).toEqual(typed);
  });

  test.each([
    [':as zed', 'There is no seat "zed": ana, bob, cho, eve.'],
    [':as constructor', 'There is no seat "constructor": ana, bob, cho, eve.'],
    [':as', 'Say which seat: ana, bob, cho, eve.'],
    [':frob', 'I know :as, :seats, :help and :quit, but not :frob.'],
    ['quit', 'To leave, type :quit, with the colon.'],
    [' EXIT ', 'To leave, type :quit, with the colon.'],
    ['/quit', 'To leave, type :quit, with the colon.'],
    [':seats', 'Seats: ana (operator, approver)  bob (approver)  cho (approver)  eve (no role)'],
  ])('%j is answered here and never leaves the terminal', (line, answer) => {
    expect(readTyped(line)).toEqual({ kind: 'tell', lines: [answer] });
  });

  test('help names every word behind a colon', () => {
    const typed = readTyped(':help');
    const said = typed.kind === 'tell' ? typed.lines.join('\n') : '';
    for (const word of [':as', ':seats', ':quit', '1, 2, 3']) expect(said).toContain(word);
  });

  test('the banner’s seats and the prompt', () => {
    expect(seatsLine()).toContain('ana (operator, approver)');
    expect(promptOf('ana')).toBe('ana> ');
  });
});
