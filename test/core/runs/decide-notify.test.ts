import { describe, test } from 'vitest';
import { asks, bob, by, minutes, noon, nudges, says, time, urgent, withApproval } from '../../cast.ts';
import { given, past } from '../../given.ts';

const BOSS = 'dev:boss';
const asked = past(asks(urgent));
const reminded = past(asks(urgent), nudges(noon + minutes(20)));
const escalated = past(asks(urgent), nudges(noon + minutes(20)), nudges(noon + minutes(25), [BOSS]));

describe('a question that nobody answers', () => {
  test('says when people are told again and when somebody else is asked', () =>
    given()
      .when(asks(urgent))
      .then('RunCreated', {
        type: 'ApprovalRequested',
        payload: { remindAt: noon + minutes(20), escalate: { at: noon + minutes(25), to: 'role:owner' } },
      }));

  test('is repeated once, ten minutes before the end', () => {
    given(...asked)
      .when(nudges(noon + minutes(20) - 1))
      .thenRefused('not_due');
    given(...asked)
      .when(nudges(noon + minutes(20)))
      .then({ type: 'ApprovalReminded', actor: 'system:deadlines', payload: { epoch: 1 } });
    given(...reminded)
      .when(nudges(noon + minutes(21)))
      .thenRefused('not_due');
  });

  test('is put to somebody else once', () => {
    given(...reminded)
      .when(nudges(noon + minutes(25), [BOSS]))
      .then({ type: 'ApprovalEscalated', payload: { epoch: 1, to: 'role:owner', addresses: [BOSS] } });
    given(...reminded)
      .when(nudges(noon + minutes(25), [BOSS]))
      .thenRun({ alsoAsked: [BOSS], escalated: { at: noon + minutes(25), to: 'role:owner' } });
    given(...escalated)
      .when(nudges(noon + minutes(26), [BOSS]))
      .thenRefused('not_due');
  });

  test('late is better than never, but not behind the deadline', () => {
    given(...asked)
      .when(nudges(noon + minutes(30)))
      .then('ApprovalEscalated', 'ApprovalReminded');
    given(...asked)
      .when(nudges(noon + minutes(30) + 1))
      .thenRefused('not_due');
  });

  test('a vote short of the quorum does not silence it', () => {
    const two = withApproval(urgent, { quorum: 2 });
    given(...past(asks(two), says.yes(bob)))
      .when(nudges(noon + minutes(20)))
      .then('ApprovalReminded');
  });
});

describe('nobody is told any more', () => {
  test('after a decision', () => {
    given(...asked, ...past(asks(urgent), says.no(bob)).slice(asked.length))
      .when(nudges(noon + minutes(20)))
      .thenRefused('not_due');
    given(...past(asks(urgent), says.yes(bob)))
      .when(nudges(noon + minutes(20)))
      .thenRefused('not_due');
  });

  test('by a person, a worker or a schedule', () =>
    given(...asked)
      .when({ type: 'notify', by: by(bob), addresses: [], at: noon + minutes(20) })
      .thenRefused('not_due'));
});

test('a run that asks anew has both before it again, and the others go on seeing it', () =>
  given(...past(asks(urgent), nudges(noon + minutes(25), [BOSS]), time(noon + minutes(31))))
    .when(says.recover(bob, false, noon + minutes(40)))
    .thenRun({
      status: 'AwaitingApproval',
      remindAt: noon + minutes(60),
      escalate: { at: noon + minutes(65), to: 'role:owner' },
      alsoAsked: [BOSS],
    }));

test('a notice that would come with the end is none', () =>
  given()
    .when(asks(urgent, { decideByMs: minutes(10) }))
    .thenRun({ decideBy: noon + minutes(10) }));

test('a schedule has an escalation of its own', () =>
  given()
    .when(asks(urgent, { escalate: { afterMs: minutes(5), to: 'cho' } }))
    .thenRun({ escalate: { at: noon + minutes(5), to: 'cho' } }));
