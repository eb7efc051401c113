// Everything works without this file: it adds keys, says how fresh a page is, marks many at once, and lets an output
// follow its end.

const isTyping = (element) => element.closest('input, select, textarea, [contenteditable]') !== null;

const moveFrom = (card, by) => {
  const cards = [...document.querySelectorAll('[data-card]')];
  cards[cards.indexOf(card) + by]?.focus();
};

/** Keys count only inside a card that has the focus, so that nobody decides by typing somewhere else. */
const onKey = (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element) || isTyping(target))
    return;
  const card = target.closest('[data-card]');
  if (card === null) return;
  // On a button or a link Enter means that one.
  if (key === 'Enter' && target !== card) return;
  const wanted = [...card.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key);
  if (wanted === undefined && key !== 'j' && key !== 'k') return;
  event.preventDefault();
  if (wanted === undefined) moveFrom(card, key === 'j' ? 1 : -1);
  else wanted.click();
};
document.addEventListener('keydown', onKey);

const POLL_MS = 15_000;
let polling;

const sayFresh = (words, live) => {
  const shown = document.querySelector('#live-state');
  if (shown === null) return;
  shown.textContent = words;
  shown.classList.toggle('on', live);
};

const sayHow = () =>
  polling === undefined ? sayFresh('live', true) : sayFresh('not live, asks every 15 s', false);

const askAgain = () => document.body.dispatchEvent(new Event('moved'));

let wasLive = false;
document.addEventListener('htmx:sse:after:connection', () => {
  clearInterval(polling);
  polling = undefined;
  sayHow();
  // Whatever came while nobody listened, in a tab that was hidden or without a server.
  if (wasLive) askAgain();
  wasLive = true;
});
document.addEventListener('htmx:sse:error', () => sayFresh('reconnecting', false));
/** The server keeps no more than some pages of one person live; this one asks by itself from now on. */
document.addEventListener('htmx:sse:close', () => {
  polling ??= setInterval(() => document.hidden || askAgain(), POLL_MS);
  sayHow();
});
document.addEventListener('visibilitychange', () => {
  if (polling !== undefined && !document.hidden) askAgain();
});

/** What somebody has marked stays as they saw it: the page is not asked for again meanwhile. */
const marks = () => [...document.querySelectorAll('#live input[type=checkbox]')];
const isChoosing = () => marks().some((one) => one.checked);
document.addEventListener('htmx:before:request', (event) => {
  if (!isChoosing() || event.target.querySelector('#live') === null) return;
  event.preventDefault();
  sayFresh('paused: something is marked', false);
});
document.addEventListener('change', ({ target }) => {
  if (!marks().includes(target) || isChoosing()) return;
  sayHow();
  askAgain();
});

/** Only with a script, because nothing depends on it. */
const offerMarkingAll = () => {
  for (const button of document.querySelectorAll('[data-mark-all]')) button.hidden = false;
};
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element) || target.closest('[data-mark-all]') === null) return;
  for (const one of marks()) one.checked = true;
});
document.addEventListener('htmx:after:swap', offerMarkingAll);
offerMarkingAll();

const outputs = () => [...document.querySelectorAll('[data-follow]')];
const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 24;
const showEnd = (box) => {
  box.scrollTop = box.scrollHeight;
};

/** An output shows its end, unless somebody has scrolled up to read. */
let wasAtEnd = true;
document.addEventListener('htmx:before:swap', () => {
  wasAtEnd = outputs().every(isAtEnd);
});
document.addEventListener('htmx:after:swap', () => {
  if (wasAtEnd) outputs().forEach(showEnd);
});
outputs().forEach(showEnd);
