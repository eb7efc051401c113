/** One line of figures. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with everything that was said of it. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Reads Prometheus' text format 0.0.4, and throws on the first line that is none. */
export const parseExposition = (text: string): readonly Family[] => {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families: { name: string; type: string; help: string; samples: Sample[] }[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, what, name = '', words = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (what === 'HELP') families.push({ name, type: 'untyped', help: words, samples: [] });
    const last = families.at(-1);
    if (what === 'HELP') continue;
    if (last === undefined) throw new Error(`before any HELP: ${line}`);
    if (what === 'TYPE') {
      if (name !== last.name) throw new Error(`the type of ${name} stands under ${last.name}`);
      last.type = words;
    } else last.samples.push(sampleOf(line));
  }
  return families;
};

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

const sampleOf = (line: string): Sample => {
  const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  const number = value === '+Inf' ? Infinity : Number(value);
  // Prometheus does not mind how it is spelled, and the library spells it "Nan".
  if (Number.isNaN(number) && !/^nan$/i.test(value)) throw new Error(`no number: ${line}`);
  return { name, labels: labelsOf(labels, line), value: number };
};

const labelsOf = (text: string, line: string): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '') throw new Error(`no labels: ${line}`);
    if (name in found) throw new Error(`the label ${name} comes twice: ${line}`);
    found[name] = value;
  }
  return found;
};

/** What is wrong with an exposition: its form, and the rules of names that promtool holds metrics to. */
export const faultsOf = (text: string): readonly string[] => {
  const families = parseExposition(text);
  const names = families.map(({ name }) => name);
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: comes twice`),
    ...families.flatMap((family) =>
      [...nameFaults(family), ...sampleFaults(family), ...histogramFaults(family)].map(
        (fault) => `${family.name}: ${fault}`,
      ),
    ),
  ];
};

const ABBREVIATED = /(?:^|_)(?:s|ms|us|ns|sec|b|kb|mb|gb|m|h|d|pct)(?:_|$)/;
const NOT_BASIC =
  /(?:^|_)(?:milliseconds|microseconds|nanoseconds|minutes|hours|days|weeks|kilobytes|megabytes|gigabytes|bits|percent)(?:_|$)/;

/** As promtool's linter has them. */
const nameFaults = ({ name, type, help }: Family): readonly string[] => {
  const rules: readonly (readonly [boolean, string])[] = [
    [help === '', 'no help text'],
    [type === 'counter' && !name.endsWith('_total'), 'counter metrics should have "_total" suffix'],
    [type !== 'counter' && name.endsWith('_total'), 'non-counter metrics should not have "_total" suffix'],
    [type !== 'histogram' && name.endsWith('_bucket'), 'should not have "_bucket" suffix'],
    [/_(?:count|sum)$/.test(name), 'should not have "_count" or "_sum" suffix'],
    [/[A-Z]/.test(name), 'metric names should be written in snake_case'],
    [name.includes(':'), 'metric names should not contain ":"'],
    [ABBREVIATED.test(name), 'metric names should not contain abbreviated units'],
    [NOT_BASIC.test(name), 'use base units'],
    [new RegExp(`(?:^|_)${type}(?:_|$)`).test(name), 'metric name should not include type'],
  ];
  return rules.flatMap(([is, fault]) => (is ? [fault] : []));
};

const sampleFaults = ({ name, type, samples }: Family): readonly string[] => {
  const keys = samples.map(
    (sample) =>
      `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`,
  );
  const own = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  return [
    ...keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} comes twice`),
    ...samples.filter((sample) => !own.includes(sample.name)).map((sample) => `${sample.name} is of another`),
    ...samples
      .filter((sample) => type === 'counter' && !(sample.value >= 0))
      .map(({ value }) => `a counter of ${value}`),
    ...samples
      .filter((sample) => 'le' in sample.labels && sample.name !== `${name}_bucket`)
      .map((sample) => `${sample.name} has a label le`),
  ];
};

/** Of each series: edges that grow, counts that do not shrink, and one for everything that equals the count. */
const histogramFaults = ({ name, type, samples }: Family): readonly string[] => {
  if (type !== 'histogram') return [];
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  return [...series].flatMap(([labels, all]) => {
    const buckets = all.filter((sample) => sample.name === `${name}_bucket`);
    const edges = buckets.map(({ labels: { le = '' } }) => (le === '+Inf' ? Infinity : Number(le)));
    const counts = buckets.map(({ value }) => value);
    const total = all.find((sample) => sample.name === `${name}_count`)?.value;
    const rules: readonly (readonly [boolean, string])[] = [
      [edges.at(-1) !== Infinity, 'has no +Inf'],
      [edges.some((edge, index) => index > 0 && edge <= (edges[index - 1] ?? 0)), 'has edges out of order'],
      [counts.some((count, index) => count < (counts[index - 1] ?? 0)), 'counts down'],
      [counts.at(-1) !== total, 'has another count'],
      [all.every((sample) => sample.name !== `${name}_sum`), 'has no sum'],
    ];
    return rules.flatMap(([is, fault]) => (is ? [`${labels} ${fault}`] : []));
  });
};
