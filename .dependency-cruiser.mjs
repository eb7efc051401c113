// Who may import whom. Floors are counted from the ground: pure rules, ports, flows, adapters, the program.
const topFloor = '^src/([^/]+\\.ts$|cli/|config/|program/)';
const ports = '^src/core/ports/';
const flows = '^src/core/flows/';
// What of OpenTelemetry the program uses.
const exportsTraces = '^src/telemetry/trace/(?:export|otlp)\\.ts$';
// A hash of the history is a pure function, so this one file may use Node's.
const hashingLeaf = '^src/core/runs/hash\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule(
      'core-imports-only-core',
      'core knows no package, no Node built-in and no other room',
      { path: '^src/core/', pathNot: hashingLeaf },
      { pathNot: '^src/core/' },
    ),
    rule(
      'hashing-leaf-imports-only-crypto',
      'the leaf may use node:crypto and nothing else outside core',
      { path: hashingLeaf },
      { pathNot: ['^src/core/', '^(node:)?crypto$'] },
    ),
    rule(
      'ground-floor-imports-nothing-above',
      'runs, jobs, schedules, people, text and time know neither ports nor flows',
      { path: '^src/core/', pathNot: [ports, flows] },
      { path: [ports, flows] },
    ),
    rule(
      'ports-know-no-flow',
      'a flow calls ports, not the other way round',
      { path: ports },
      { path: flows },
    ),
    rule(
      'ports-are-types',
      'a port is an interface; it contains no code that runs',
      { path: ports },
      { dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'rooms-do-not-meet',
      'adapters import core, the shape of a loop, and their own room only',
      { path: '^src/([^/]+)/', pathNot: ['^src/core/', topFloor] },
      { path: '^src/', pathNot: ['^src/core/', '^src/loops/', '^src/$1/', topFloor] },
    ),
    rule(
      'advisors-hold-nothing',
      'who advises is handed data and hands data back: no store, no flow, no rule, no package, no Node',
      { path: '^src/ai/' },
      {
        pathNot: [
          '^src/ai/',
          '^src/core/ports/advisor\\.ts$',
          '^src/core/text/sms/gsm\\.ts$',
          '^src/core/time/',
        ],
      },
    ),
    rule(
      'nobody-imports-the-top-floor',
      'main, cli and config wire everything; what they wire does not know them',
      { path: '^src/', pathNot: topFloor },
      { path: topFloor },
    ),
    rule(
      'sqlite-takes-only-types-from-pg',
      'the dialects meet in the types of the leading kit',
      { path: '^src/db/sqlite/' },
      { path: '^src/db/pg/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'pg-does-not-know-sqlite',
      'pg leads, sqlite follows',
      { path: '^src/db/pg/' },
      { path: '^src/db/sqlite/' },
    ),
    rule(
      'the-program-stands-alone',
      'no test, benchmark or tool becomes part of the program',
      { path: '^src/' },
      { path: '^(test|bench|tools)/' },
    ),
    rule(
      'only-locked-run-time-packages',
      'what the program imports is in `dependencies`',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    rule(
      'opentelemetry-is-loaded-late',
      'only whoever exports a trace loads it, and nobody loads that with the program',
      { path: '^src/', pathNot: exportsTraces },
      { path: [exportsTraces, 'node_modules/@opentelemetry/'], dynamic: false },
    ),
    rule('no-cycles', 'two modules that need each other are one module', {}, { circular: true }),
    rule(
      'no-orphans',
      'a module that imports nothing and that nobody imports is forgotten',
      { orphan: true },
      {},
    ),
    rule('everything-resolves', 'an import leads somewhere', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports count as well: a floor is a floor.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};

function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}
