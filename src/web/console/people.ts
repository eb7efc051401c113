import { html } from 'hono/html';
import type { Member } from '../../core/people/member.ts';
import { shownIdentity } from '../../core/text/people/people-words.ts';
import { empty, type Html, moment, section } from './html.ts';
import type { Page } from './page.ts';
import type { Visit } from './route.ts';

/** `/people`: who is known, as what, by which accounts, and who said so. */
export const showPeople = async (visit: Visit): Promise<Page> => {
  const members = await visit.deps.rooms.store.people.members();
  const body = html`
<h1>People</h1>
${section(
  `Known (${members.length})`,
  members.length === 0
    ? empty(
        'Nobody is known by name. People stand in textops.yaml, or are admitted in a chat: /admit CODE ROLE',
      )
    : table(members, visit),
)}
<p class="hint">Rights are given and taken in a chat or in the file: <code>/admit CODE ROLE</code>, <code>/revoke PERSON</code>.</p>`;
  return { title: 'People', at: '/people', body };
};

const table = (members: readonly Member[], { reader }: Visit): Html => html`
<table><thead><tr><th scope="col">Name</th><th scope="col">Roles</th><th scope="col">Accounts</th><th scope="col" class="wide">From</th></tr></thead>
<tbody>${members.map(
  ({
    person,
    source,
    since,
    inChat,
  }) => html`<tr><td>${person.name}</td><td>${person.roles.join(', ') || 'none'}</td>
<td>${person.identities.map((one) => html`<div><code>${shownIdentity(one)}</code>${source === 'file' && inChat.includes(one) ? ' (linked in chat)' : ''}</div>`)}</td>
<td class="wide">${source === 'file' ? 'the file' : html`admitted ${moment(since, reader)}`}</td></tr>`,
)}</tbody></table>`;
