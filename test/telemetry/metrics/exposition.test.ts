import { describe, expect, test } from 'vitest';
import { faultsOf, parseExposition } from './exposition.ts';

const metric = (name: string, type: string, ...samples: readonly string[]): string =>
  `# HELP ${name} Words.\n# TYPE ${name} ${type}\n${samples.map((sample) => `${sample}\n`).join('')}`;

describe('the checker of expositions', () => {
  test('reads families, labels and numbers', () => {
    const text = metric('a_total', 'counter', 'a_total{x="1",y="\\"q\\", {"} 2.5', 'a_total +Inf');
    expect(parseExposition(text)).toEqual([
      {
        name: 'a_total',
        type: 'counter',
        help: 'Words.',
        samples: [
          { name: 'a_total', labels: { x: '1', y: '\\"q\\", {' }, value: 2.5 },
          { name: 'a_total', labels: {}, value: Infinity },
        ],
      },
    ]);
    expect(faultsOf(text)).toEqual([]);
  });

  test.each([
    ['no end', '# HELP a b\n# TYPE a gauge\na 1'],
    ['no number', metric('a', 'gauge', 'a one')],
    ['labels without quotes', metric('a', 'gauge', 'a{x=1} 1')],
    ['the same label twice', metric('a', 'gauge', 'a{x="1",x="2"} 1')],
    ['a type of something else', '# HELP a b\n# TYPE c gauge\n'],
    ['a sample of nothing', 'a 1\n'],
  ])('takes no exposition with %s', (_what, text) => {
    expect(() => parseExposition(text)).toThrow(Error);
  });

  test.each([
    ['counter metrics should have', metric('a', 'counter', 'a 1')],
    ['non-counter metrics should not', metric('a_total', 'gauge', 'a_total 1')],
    ['base units', metric('a_milliseconds', 'gauge', 'a_milliseconds 1')],
    ['abbreviated units', metric('a_ms', 'gauge', 'a_ms 1')],
    ['snake_case', metric('aB', 'gauge', 'aB 1')],
    ['include type', metric('a_gauge', 'gauge', 'a_gauge 1')],
    ['":"', metric('a:b', 'gauge', 'a:b 1')],
    ['no help text', '# HELP a \n# TYPE a gauge\na 1\n'],
    ['comes twice', metric('a', 'gauge', 'a 1', 'a 1')],
    ['comes twice', metric('a', 'gauge', 'a 1') + metric('a', 'gauge', 'a{x="1"} 1')],
    ['is of another', metric('a', 'gauge', 'b 1')],
    ['a counter of -1', metric('a_total', 'counter', 'a_total -1')],
    ['has a label le', metric('a', 'gauge', 'a{le="1"} 1')],
    ['has no +Inf', metric('a', 'histogram', 'a_bucket{le="1"} 1', 'a_sum 1', 'a_count 1')],
    [
      'counts down',
      metric('a', 'histogram', 'a_bucket{le="1"} 2', 'a_bucket{le="+Inf"} 1', 'a_sum 1', 'a_count 1'),
    ],
    [
      'edges out of order',
      metric(
        'a',
        'histogram',
        'a_bucket{le="2"} 1',
        'a_bucket{le="1"} 1',
        'a_bucket{le="+Inf"} 1',
        'a_sum 1',
        'a_count 1',
      ),
    ],
    ['another count', metric('a', 'histogram', 'a_bucket{le="+Inf"} 1', 'a_sum 1', 'a_count 2')],
    ['no sum', metric('a', 'histogram', 'a_bucket{le="+Inf"} 1', 'a_count 1')],
  ])('notices %s', (fault, text) => {
    expect(faultsOf(text).join('\n')).toContain(fault);
  });
});
