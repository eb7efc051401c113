import { parser } from '@prometheus-io/lezer-promql';

/** The metrics that an expression names. Throws when Prometheus' own grammar does not take it. */
export const metricsIn = (expression: string): readonly string[] => {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      if (type.name === 'VectorSelector') {
        const [, name = ''] = /^([a-zA-Z_:][\w:]*)/.exec(expression.slice(from, to)) ?? [];
        found.push(name);
      }
    },
  });
  return found;
};
