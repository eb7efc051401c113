import { SEATS } from '../../core/people/may.ts';
import { ProblemError } from '../problem.ts';
import { bellOf } from './bell.ts';
import { chatOf } from './chat.ts';
import { back } from './command.ts';
import { stream } from './live.ts';
import { pathOf } from './respond.ts';
import type { Visit } from './route.ts';

/** Somebody on a seat says something. */
export const sayInChat = async (visit: Visit): Promise<Response> => {
  const text = visit.form['text'] ?? '';
  if (text.trim() !== '') await chatOf(visit).say(seatIn(visit), text);
  return visit.c.redirect(pathOf(visit.form['back'], '/chat'), 303);
};

/** Somebody on a seat taps a button of a message. */
export const pressInChat = async (visit: Visit): Promise<Response> => {
  const { message = '', number = '' } = visit.form;
  const done = await chatOf(visit).press(seatIn(visit), message, Number(number));
  if (done === 'gone') return back(visit, { tone: 'refused', words: 'That button is gone.' }, '/chat');
  return visit.c.redirect(pathOf(visit.form['back'], '/chat'), 303);
};

const seatIn = ({ form }: Visit): string => {
  const seat = form['seat'] ?? '';
  if (Object.hasOwn(SEATS, seat)) return seat;
  throw new ProblemError(403, 'no_such_seat', 'There is no such seat here.');
};

/** Tells when somebody said something. */
export const watchChat = async (visit: Visit): Promise<Response> => {
  const chat = chatOf(visit);
  let seen = chat.entries();
  return stream(visit, { everyMs: 1000, bell: bellOf([(ring) => chat.onChange(ring)]) }, async (send) => {
    const now = chat.entries();
    if (now === seen) return false;
    seen = now;
    await send({ event: 'moved', data: 'chat' });
    return true;
  });
};
