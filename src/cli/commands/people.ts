import type { Member } from '../../core/people/member.ts';
import { isoOf } from '../../core/time/instant.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops people`: who is known, as what, and whether the file or an owner in chat said so. */
export const people = async ({ voice, withStore }: CliContext): Promise<ExitCode> => {
  const members = await withStore((store) => store.people.members());
  if (voice.json) {
    voice.document('people', members.map(memberView));
    return EXIT.done;
  }
  voice.table(['PERSON', 'NAME', 'FROM', 'SINCE', 'ROLES', 'IDENTITIES'], members.map(memberRow));
  if (members.length === 0) {
    voice.talk('Nobody yet: "textops start" brings in the people of the configuration, owners admit others.');
  }
  return EXIT.done;
};

const memberRow = ({ person, source, since, inChat }: Member) => [
  person.id,
  person.name,
  source,
  isoOf(since),
  person.roles.join(','),
  person.identities
    .map((identity) =>
      source === 'file' && inChat.includes(identity) ? `${identity} (linked in chat)` : identity,
    )
    .join(', '),
];

const memberView = ({ person, source, since, inChat }: Member) => ({
  id: person.id,
  name: person.name,
  source,
  since: isoOf(since),
  roles: person.roles,
  identities: person.identities.map((identity) => ({
    identity,
    source: inChat.includes(identity) ? 'chat' : 'file',
  })),
  timezone: person.timezone ?? null,
});
