import { html } from 'hono/html';
import type { DayFigures, HourFigures } from '../../core/ports/store.ts';
import { nearestRank } from '../../core/scorecard/nearest-rank.ts';
import { formatDuration } from '../../core/time/duration.ts';
import { empty, type Html, moment, type Reader, section } from './html.ts';

/** So many change no bar that anybody can see, and cost a page some milliseconds. */
export const DAY_LIMIT = { ended: 20_000, asked: 1000 } as const;

const HOUR_MS = 3_600_000;
const WIDTH = 20;
const GAP = 4;
const HEIGHT = 60;
/** A single failure among thousands is still seen. */
const HEIGHT_MIN = 2;

const sumOf = ({ ok, failed, other }: HourFigures): number => ok + failed + other;

/** What ended within a day, as one bar an hour and in words; the numbers of the bars stand behind them. */
export const lastDay = ({ hours, waits, cut }: DayFigures, reader: Reader): Html => {
  const total = (of: (hour: HourFigures) => number): number => hours.reduce((sum, hour) => sum + of(hour), 0);
  const [runs, ok, failed] = [total(sumOf), total((hour) => hour.ok), total((hour) => hour.failed)];
  const p95 = nearestRank(waits, 0.95);
  const words = `${runs} ended, ${ok} ok, ${failed} failed`;
  const decided = p95 === undefined ? '' : `, p95 of a decision ${formatDuration(p95)}`;
  return section(
    'Last 24 h',
    runs === 0 && p95 === undefined
      ? empty('Nothing has ended and nobody has decided in the last 24 hours.')
      : html`<p>${words}${decided}${cut ? ' (of the newest)' : ''}</p>
${bars(hours, `${words}, by the hour`)}
<details><summary>Show data</summary>${table(hours, reader)}</details>`,
  );
};

/** Failures are hatched as well as red, because colour alone says nothing. */
const bars = (hours: readonly HourFigures[], label: string): Html => {
  const highest = Math.max(1, ...hours.map(sumOf));
  return html`<svg class="bars" viewBox="0 0 ${hours.length * (WIDTH + GAP)} ${HEIGHT}" role="img" aria-label="${label}">
<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6"/><path d="M0 0V6"/></pattern></defs>
${hours.map((hour, index) => bar(hour, index * (WIDTH + GAP), HEIGHT / highest))}</svg>`;
};

/** From the ground: what was well, what never came to run, and on top what failed. */
const bar = ({ ok, failed, other }: HourFigures, x: number, unit: number): readonly Html[] => {
  let top = HEIGHT;
  return (
    [
      ['ok', ok],
      ['other', other],
      ['failed', failed],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => {
      const height = Math.max(HEIGHT_MIN, count * unit);
      top = Math.max(0, top - height);
      const fill = kind === 'failed' ? html` fill="url(#hatched)"` : '';
      return html`<rect class="${kind}" x="${x}" y="${top.toFixed(1)}" width="${WIDTH}" height="${height.toFixed(1)}"${fill}/>`;
    });
};

const table = (hours: readonly HourFigures[], reader: Reader): Html => html`
<table><thead><tr><th scope="col">Hour from</th><th scope="col">Ok</th><th scope="col">Failed</th><th scope="col">Denied, canceled, expired</th></tr></thead>
<tbody>${hours.map(
  ({ ok, failed, other }, index) =>
    html`<tr><td>${moment(reader.now - (hours.length - index) * HOUR_MS, reader)}</td><td>${ok}</td><td>${failed}</td><td>${other}</td></tr>`,
)}</tbody></table>`;
