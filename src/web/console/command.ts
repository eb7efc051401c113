import type { Handled } from '../../core/flows/messages/heard.ts';
import type { ButtonPress, Inbound, Sender } from '../../core/ports/channel.ts';
import { workingOn } from '../../loops/scope.ts';
import type { Said } from './html.ts';
import { pathOf } from './respond.ts';
import type { Visit } from './route.ts';
import { sayNext } from './visitor.ts';

/** A button of a card, pressed here: the same token, the same rules, the same record. */
export const press = (visit: Visit, pressed: Omit<ButtonPress, 'pressId'>): Promise<Handled> => {
  const place = placeOf(visit);
  return handle(visit, { ...place, kind: 'button', press: { ...pressed, pressId: place.eventKey } });
};

/** A line of the grammar, as the visitor could have typed it in a chat. */
export const type = (visit: Visit, text: string): Promise<Handled> => {
  const place = placeOf(visit);
  return handle(visit, { ...place, kind: 'text', text, addressed: true, messageId: place.eventKey });
};

/** Why somebody does something: one line, like everything that is said in a chat. */
export const reasonOf = ({ form }: Pick<Visit, 'form'>): string =>
  (form['reason'] ?? '').replaceAll(/\s+/g, ' ').trim();

/** The account behind the browser: where its runs live, and what its messages are counted under. */
export const accountOf = ({ visitor }: Pick<Visit, 'visitor'>): string =>
  visitor.identity.slice('web:'.length);

export const senderOf = ({ visitor }: Pick<Visit, 'visitor'>): Sender => ({
  identity: visitor.identity,
  name: visitor.person.name,
});

const placeOf = (visit: Visit) => {
  const account = accountOf(visit);
  const address = `web:${account}`;
  return {
    channel: 'web',
    account,
    eventKey: visit.deps.newEventKey(),
    address,
    lane: address,
    from: senderOf(visit),
    chat: 'private',
  } as const;
};

type Spoken = Extract<Inbound, { kind: 'text' | 'button' }>;

const handle = ({ deps }: Visit, inbound: Spoken): Promise<Handled> =>
  workingOn({ actor: `user:${inbound.from.identity}` }, async () => {
    const clock = deps.monotonicMs ?? (() => performance.now());
    const startedMs = clock();
    const { channel, account, eventKey, lane } = inbound;
    const handled = await deps.handle(inbound, { kind: 'first', channel, account, eventKey, lane });
    deps.rooms.observe({
      kind: 'message_handled',
      channel,
      intent: handled.intent,
      ...(handled.runId === undefined ? {} : { runId: handled.runId }),
      tookMs: clock() - startedMs,
    });
    return handled;
  });

/** What came of it, in the words that a chat would have heard. */
export const saidOf = (handled: Handled): Said => {
  const { answer, outbound, refused, refusal } = handled;
  const spoken = outbound.flatMap(({ content }) => (content.plain === undefined ? [] : [content.plain]));
  const words = answer === undefined || answer.text === '' ? spoken.join('\n') : answer.text;
  const tone = refused === undefined && refusal === undefined ? 'done' : 'refused';
  return { tone, words: words === '' ? 'Done.' : words };
};

/** Back to where the form stood, which says what came of it. */
export const backWith = (visit: Visit, handled: Handled, otherwise: string): Response =>
  back(visit, saidOf(handled), otherwise);

export const back = ({ c, form }: Visit, said: Said, otherwise: string): Response => {
  sayNext(c, said);
  return c.redirect(pathOf(form['back'], otherwise), 303);
};
