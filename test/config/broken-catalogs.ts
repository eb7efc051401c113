export interface BrokenCatalog {
  readonly name: string;
  /** Begins with a line break that is not part of the file, so that line numbers can be counted in here. */
  readonly text: string;
  /** Every problem, in the order of the file, without the name of the file in front. */
  readonly problems: readonly string[];
}

// Longer than other files: a table, one entry for each way in which a file can be wrong.
export const brokenCatalogs: readonly BrokenCatalog[] = [
  {
    name: 'a misspelt key',
    text: `
jobs:
  backup:
    command: [./backup.sh]
    effects: idempotent
    retry: { atempts: 3 }
`,
    problems: ['5:14 jobs.backup.retry.atempts: unknown key; did you mean "attempts"?'],
  },
  {
    name: 'a name that is the program’s own',
    text: `
jobs:
  textops.selftest:
    command: [rm, everything]
`,
    problems: [
      '2:3 jobs["textops.selftest"]: names that begin with "textops." are for jobs of the program itself',
    ],
  },
  {
    name: 'everything at once, whatever kind it is',
    text: `
jbos: {}
jobs:
  backup:
    comand: [./backup.sh]
    timeout: 10
    heavy: yes
    approval: { quorum: 0, policy: nevr }
`,
    problems: [
      '1:1 jbos: unknown key; did you mean "jobs"?',
      '4:5 jobs.backup.comand: unknown key; did you mean "command"?',
      '5:14 jobs.backup.timeout: expected a duration; write 500ms, 30s, 10m, 1h30m or 2d, got 10',
      '6:12 jobs.backup.heavy: expected true or false, got "yes"',
      '7:25 jobs.backup.approval.quorum: must be at least 1',
      '7:36 jobs.backup.approval.policy: "nevr" is not one of required, never; did you mean "never"?',
    ],
  },
  {
    name: 'a job written twice',
    text: `
jobs:
  a: { demo: {} }
  b: { demo: {}, timeout: 0s }
  a: { demo: {} }
`,
    problems: ['3:27 jobs.b.timeout: must be longer than nothing', '4:3 jobs.a: this key is written twice'],
  },
  {
    name: 'a tab',
    text: `
jobs:
	a: 1
`,
    problems: ['2:1 not valid YAML: Tabs are not allowed as indentation'],
  },
  {
    name: 'a quote that is never closed',
    text: `
jobs:
  a: { command: [echo, "hi }
`,
    problems: ['3:1 not valid YAML: Missing closing "quote'],
  },
  {
    name: 'two documents in one file',
    text: `
jobs: {}
---
jobs: {}
`,
    problems: ['2:1 not valid YAML: Source contains multiple documents'],
  },
  {
    name: 'a tag of some other program',
    text: `
jobs: !include jobs.yaml
`,
    problems: ['1:7 not valid YAML: Unresolved tag: !include'],
  },
  {
    name: 'an older version of YAML',
    text: `
%YAML 1.1
---
jobs: {}
`,
    problems: ['1:1 not valid YAML: only version 1.2 is read; remove the %YAML line'],
  },
  {
    name: 'an alias without an anchor',
    text: `
jobs:
  a: *other
`,
    problems: ['2:6 no anchor called "other" comes before this'],
  },
  {
    name: 'a value that contains itself',
    text: `
jobs:
  a:
    http: { url: "https://x.example", body: &b [*b] }
`,
    problems: ['3:11 jobs.a.http: is nested more than 40 deep'],
  },
  {
    name: 'aliases that multiply',
    text: `
a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: [*d,*d,*d,*d,*d,*d,*d,*d,*d]
`,
    problems: ['1:1 uses too many aliases'],
  },
  {
    name: 'a key that would change the object',
    text: `
jobs:
  a: { demo: {}, __proto__: { heavy: true } }
`,
    problems: ['2:18 jobs.a.__proto__: this key is not allowed'],
  },
  {
    name: 'a list at the top',
    text: `
- jobs
`,
    problems: ['1:1 expected a mapping of keys to values, got a list'],
  },
  {
    name: 'no structure at all',
    text: `
just text
`,
    problems: ['1:1 expected a mapping of keys to values, got "just text"'],
  },
  {
    name: 'a job without anything below it',
    text: `
jobs:
  backup:
`,
    problems: ['2:3 jobs.backup: expected a mapping of keys to values, got nothing'],
  },
  {
    name: 'a key that nobody could type',
    text: `
jobs:
  Back Up: { demo: {} }
`,
    problems: [
      '2:3 jobs["Back Up"]: "Back Up" is not a usable name; it begins with a letter or digit and has at most 63 of a-z, 0-9, "-", "_" and "."',
    ],
  },
  {
    name: 'a job with nothing to run',
    text: `
jobs:
  backup:
    title: Back up
`,
    problems: ['2:3 jobs.backup: nothing to run; give it one of command, http, demo'],
  },
  {
    name: 'a job with two ways to run',
    text: `
jobs:
  backup:
    demo: {}
    command: [echo]
`,
    problems: ['2:3 jobs.backup: command and demo exclude each other; keep one'],
  },
  {
    name: 'a folder for a request',
    text: `
jobs:
  ping:
    http: { url: "https://x.example" }
    cwd: /tmp
`,
    problems: ['4:5 jobs.ping.cwd: goes with command only'],
  },
  {
    name: 'a placeholder for nothing',
    text: `
jobs:
  backup:
    command: [./b.sh, --db, "{bd}"]
    params: { db: { default: main } }
`,
    problems: ['3:29 jobs.backup.command[2]: no parameter called "bd"; did you mean "db"?'],
  },
  {
    name: 'a placeholder inside an argument',
    text: `
jobs:
  backup:
    command: [./b.sh, "--db={db}"]
    params: { db: { default: main } }
`,
    problems: [
      '3:23 jobs.backup.command[1]: "--db={db}": a placeholder is a whole argument; put {db} in one of its own',
    ],
  },
  {
    name: 'a program chosen by whoever asks',
    text: `
jobs:
  backup:
    command: ["{db}"]
    params: { db: { default: main } }
`,
    problems: [
      '3:15 jobs.backup.command[0]: the program itself cannot be a parameter; whoever asks would choose what runs',
    ],
  },
  {
    name: 'a shell line instead of arguments',
    text: `
jobs:
  backup:
    command: ./b.sh --all
`,
    problems: ['3:14 jobs.backup.command: expected a list, got "./b.sh --all"'],
  },
  {
    name: 'a number among the arguments',
    text: `
jobs:
  backup:
    command: [sleep, 5]
`,
    problems: ['3:22 jobs.backup.command[1]: expected text, got 5; write it in quotes: "5"'],
  },
  {
    name: 'retries of something that may not be repeated',
    text: `
jobs:
  backup:
    command: [echo, hi]
    retry: { attempts: 3 }
`,
    problems: [
      '4:24 jobs.backup.retry.attempts: 3 attempts need effects: idempotent; otherwise a person is asked before it is started again',
    ],
  },
  {
    name: 'retries of something that somebody has to start',
    text: `
jobs:
  backup:
    command: [echo, hi]
    heavy: true
    effects: idempotent
    retry: { attempts: 3 }
`,
    problems: [
      '6:24 jobs.backup.retry.attempts: 3 attempts need a light job; a heavy one starts once for each approval',
    ],
  },
  {
    name: 'a longest wait shorter than the first',
    text: `
jobs:
  backup:
    command: [echo, hi]
    effects: idempotent
    retry: { attempts: 3, backoff: 10m, max: 10s }
`,
    problems: ['5:46 jobs.backup.retry.max: is shorter than backoff 10m'],
  },
  {
    name: 'a key one level too high',
    text: `
jobs:
  backup:
    command: [echo, hi]
    attempts: 3
`,
    problems: ['4:5 jobs.backup.attempts: unknown key; it belongs under "retry"'],
  },
  {
    name: 'a duration in words',
    text: `
jobs:
  backup:
    command: [echo, hi]
    timeout: 10 minutes
`,
    problems: [
      '4:14 jobs.backup.timeout: "10 minutes" is not a duration; write 500ms, 30s, 10m, 1h30m or 2d',
    ],
  },
  {
    name: 'no time at all',
    text: `
jobs:
  backup:
    command: [echo, hi]
    timeout: 0s
`,
    problems: ['4:14 jobs.backup.timeout: must be longer than nothing'],
  },
  {
    name: 'more than thirty days to decide',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { decideBy: 31d }
`,
    problems: ['4:27 jobs.backup.approval.decideBy: must be at most 30d'],
  },
  {
    name: 'a heavy job without approval',
    text: `
jobs:
  backup:
    command: [echo, hi]
    heavy: true
    approval: { policy: never }
`,
    problems: ['5:25 jobs.backup.approval.policy: never is refused for a heavy job'],
  },
  {
    name: 'a reminder that comes at once',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { decideBy: 10m, remind: 10m }
`,
    problems: ['4:40 jobs.backup.approval.remind: must be shorter than decideBy 10m'],
  },
  {
    name: 'an approver who does not exist',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { approvers: [bbo] }
people:
  bob: { identities: ["dev:bob"], roles: [approver] }
`,
    problems: ['4:29 jobs.backup.approval.approvers[0]: no person called "bbo"; did you mean "bob"?'],
  },
  {
    name: 'a role written like a person',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { approvers: [approver] }
`,
    problems: [
      '4:29 jobs.backup.approval.approvers[0]: no person called "approver"; the role is written "role:approver"',
    ],
  },
  {
    name: 'a misspelt role',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { approvers: ["role:aprover"] }
`,
    problems: [
      '4:29 jobs.backup.approval.approvers[0]: nobody holds the role "aprover"; did you mean "approver"?',
    ],
  },
  {
    name: 'more approvals than people',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { quorum: 2, approvers: [bob] }
people:
  bob: { identities: ["dev:bob"] }
`,
    problems: ['4:25 jobs.backup.approval.quorum: 2 must say yes, but only 1 person is listed as approvers'],
  },
  {
    name: 'nobody who could approve',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { approvers: [] }
`,
    problems: ['4:28 jobs.backup.approval.approvers: is empty, so nobody could ever approve'],
  },
  {
    name: 'a misspelt key inside a list',
    text: `
jobs:
  backup:
    command: [echo, hi]
    approval: { needs: [{ role: dba }, { role: dba }, { roll: x }] }
`,
    problems: [
      '4:55 jobs.backup.approval.needs[2].role: missing; expected text',
      '4:57 jobs.backup.approval.needs[2].roll: unknown key; did you mean "role"?',
    ],
  },
  {
    name: 'a misspelt word',
    text: `
jobs:
  backup:
    command: [echo, hi]
    effects: idempotant
`,
    problems: [
      '4:14 jobs.backup.effects: "idempotant" is not one of idempotent, unknown; did you mean "idempotent"?',
    ],
  },
  {
    name: 'a secret that is not a name',
    text: `
jobs:
  backup:
    command: [echo, hi]
    secrets: [db-password]
`,
    problems: [
      '4:15 jobs.backup.secrets[0]: "db-password" is not the name of a secret; names look like DB_PASSWORD',
    ],
  },
  {
    name: 'a variable with its value',
    text: `
jobs:
  backup:
    command: [echo, hi]
    env: ["PATH=/bin"]
`,
    problems: ['4:11 jobs.backup.env[0]: "PATH=/bin" is not the name of an environment variable'],
  },
  {
    name: 'a time of day without its zero',
    text: `
jobs:
  backup:
    command: [echo, hi]
    window: { from: "8:00", to: "16:00" }
`,
    problems: ['4:21 jobs.backup.window.from: "8:00" is not a time of day; write it like 08:30'],
  },
  {
    name: 'a window on a light job, in no time zone',
    text: `
jobs:
  backup:
    command: [echo, hi]
    window: { from: "08:00", to: "08:00", timezone: Europe/Berln }
`,
    problems: [
      '4:5 jobs.backup.window: goes with heavy: true only; a light job starts at once',
      '4:53 jobs.backup.window.timezone: "Europe/Berln" is not a time zone; did you mean "Europe/Berlin"?',
    ],
  },
  {
    name: 'an address of another kind',
    text: `
jobs:
  ping:
    http: { url: "ftp://x.example" }
`,
    problems: [
      '3:18 jobs.ping.http.url: "ftp://x.example" is not an address that begins with https:// or http://',
    ],
  },
  {
    name: 'a password in an address',
    text: `
jobs:
  ping:
    http: { url: "https://ana:pw@x.example" }
`,
    problems: ['3:18 jobs.ping.http.url: contains a user or a password; secrets do not belong in this file'],
  },
  {
    name: 'a placeholder in an address',
    text: `
jobs:
  ping:
    http: { url: "https://x.example/{id}", body: { a: ["{b}"] } }
    params: { id: {} }
`,
    problems: [
      '3:18 jobs.ping.http.url: a placeholder is a whole value, so it cannot be part of the address; put it in the body',
      '3:56 jobs.ping.http.body.a[0]: no parameter called "b"',
    ],
  },
  {
    name: 'a body that GET cannot carry',
    text: `
jobs:
  ping:
    http: { method: GET, url: "https://x.example", body: 1 }
`,
    problems: ['3:52 jobs.ping.http.body: a GET request has no body'],
  },
  {
    name: 'a method in lower case',
    text: `
jobs:
  ping:
    http: { method: get, url: "https://x.example" }
`,
    problems: [
      '3:21 jobs.ping.http.method: "get" is not one of GET, POST, PUT, PATCH, DELETE; did you mean "GET"?',
    ],
  },
  {
    name: 'a misspelt behaviour',
    text: `
jobs:
  d: { demo: { behaviour: slwo } }
`,
    problems: ['2:27 jobs.d.demo.behaviour: "slwo" is not one of succeed, slow, flaky; did you mean "slow"?'],
  },
  {
    name: 'an unknown parameter type',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { n: { type: int } }
`,
    problems: [
      '4:26 jobs.backup.params.n.type: "int" is not one of string, integer, number, boolean, duration; did you mean "integer"?',
    ],
  },
  {
    name: 'a default outside its own list',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { db: { enum: [main, audit], default: mian } }
`,
    problems: ['4:51 jobs.backup.params.db.default: "mian" is not one of main, audit; did you mean "main"?'],
  },
  {
    name: 'a default outside its own bounds',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { n: { type: integer, min: 1, max: 8, default: 9 } }
`,
    problems: ['4:60 jobs.backup.params.n.default: 9 is above max 8'],
  },
  {
    name: 'a number in quotes',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { n: { type: integer, default: "3" } }
`,
    problems: ['4:44 jobs.backup.params.n.default: expected a whole number, got "3"'],
  },
  {
    name: 'text without quotes',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { default: 42 } }
`,
    problems: ['4:29 jobs.backup.params.v.default: expected text, got 42; write it in quotes: "42"'],
  },
  {
    name: 'no instead of false',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { type: boolean, default: no } }
`,
    problems: ['4:44 jobs.backup.params.v.default: expected true or false, got "no"'],
  },
  {
    name: 'bounds the wrong way round',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { n: { type: integer, min: 8, max: 1 } }
`,
    problems: ['4:40 jobs.backup.params.n.min: 8 is above max 1'],
  },
  {
    name: 'a bound for text',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { n: { max: 8 } }
`,
    problems: [
      '4:20 jobs.backup.params.n.max: goes with type: integer, number or duration only, not string; the longest text is maxLength',
    ],
  },
  {
    name: 'a bound without a unit',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { d: { type: duration, min: 5, max: 1h, default: 2h } }
`,
    problems: [
      '4:41 jobs.backup.params.d.min: 5 is not a duration',
      '4:62 jobs.backup.params.d.default: 2h is above max 1h',
    ],
  },
  {
    name: 'a pattern that does not compile',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { pattern: "(" } }
`,
    problems: ['4:29 jobs.backup.params.v.pattern: not a regular expression: Unterminated group'],
  },
  {
    name: 'a pattern that could run forever',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { pattern: "(a+)+" } }
`,
    problems: [
      '4:29 jobs.backup.params.v.pattern: a repetition inside a repeated group is refused: a short text could keep it busy forever',
    ],
  },
  {
    name: 'a pattern longer than a screen',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { pattern: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }
`,
    problems: ['4:29 jobs.backup.params.v.pattern: is too long; at most 200 characters'],
  },
  {
    name: 'a default that does not match',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { pattern: "\\\\d+", default: x1 } }
`,
    problems: ['4:46 jobs.backup.params.v.default: "x1" does not match the pattern \\d+'],
  },
  {
    name: 'a default that looks like an option',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { default: "-rf" } }
`,
    problems: ['4:29 jobs.backup.params.v.default: "-rf" begins with "-", which needs allowDash: true'],
  },
  {
    name: 'required and yet with a default',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { required: true, default: x } }
`,
    problems: ['4:30 jobs.backup.params.v.required: true contradicts the default; remove one of the two'],
  },
  {
    name: 'a value listed twice',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { enum: [a, b, a] } }
`,
    problems: ['4:33 jobs.backup.params.v.enum[2]: a is listed twice'],
  },
  {
    name: 'a listed value of another type',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { type: integer, enum: [1, two] } }
`,
    problems: ['4:45 jobs.backup.params.v.enum[1]: expected a whole number, got "two"'],
  },
  {
    name: 'a pattern for a number',
    text: `
jobs:
  backup:
    command: [echo, hi]
    params: { v: { type: integer, pattern: x } }
`,
    problems: ['4:35 jobs.backup.params.v.pattern: goes with type: string only, not integer'],
  },
  {
    name: 'a schedule for a job that does not exist',
    text: `
jobs:
  backup:
    command: [echo, hi]
    
schedules:
  nightly: { job: bakcup, cron: "0 2 * * *", chat: "dev:ops" }
`,
    problems: ['6:19 schedules.nightly.job: no job called "bakcup"; did you mean "backup"?'],
  },
  {
    name: 'schedules that cannot work, six ways',
    text: `
jobs:
  backup:
    command: [echo, hi]
    
schedules:
  a: { job: backup, cron: "61 * * * *", chat: "dev:ops" }
  b: { job: backup, cron: "0 2 * *", chat: "dev:ops" }
  c: { job: backup, cron: "0 0 30 2 *", chat: "dev:ops" }
  d: { job: backup, cron: "0 2 * * *", timezone: +02:00, chat: telegarm:-1 }
  e: { job: backup, cron: "0 2 * * *", overlap: skipp }
  f: { job: backup, cron: "*/30 0 2 * * *", chat: "dev:ops" }
`,
    problems: [
      '6:27 schedules.a.cron: "61 * * * *" is not a cron expression: minute "61" at character 1 is none; it takes 0-59',
      '7:27 schedules.b.cron: "0 2 * *" has 4 of 5 fields: minute, hour, day, month, weekday',
      '8:27 schedules.c.cron: "0 0 30 2 *" never comes round',
      '9:50 schedules.d.timezone: "+02:00" is not a time zone',
      '9:64 schedules.d.chat: no channel called "telegarm", only telegram, slack, sms, webhook-out, dev, terminal; did you mean "telegram"?',
      '10:3 schedules.e.chat: missing; expected text',
      '10:49 schedules.e.overlap: "skipp" is not one of skip, queue, allow; did you mean "skip"?',
      '11:27 schedules.f.cron: "*/30 0 2 * * *" comes more often than once a minute',
    ],
  },
  {
    name: 'a schedule with wrong parameters',
    text: `
jobs:
  b:
    command: [b, "{db}", "{n}"]
    params: { db: { enum: [main, audit] }, n: { type: integer } }
schedules:
  s: { job: b, cron: "@daily", chat: "dev:ops", params: { db: mian, bd: x } }
`,
    problems: [
      '6:6 schedules.s: job "b" needs the parameter "n"; give it under params',
      '6:63 schedules.s.params.db: "mian" is not one of main, audit; did you mean "main"?',
      '6:69 schedules.s.params.bd: job "b" has no such parameter; did you mean "db"?',
    ],
  },
  {
    name: 'one address for two people',
    text: `
people:
  ana: { identities: ["telegram:1"] }
  bob: { identities: ["dev:bob", "telegram:1"] }
`,
    problems: ['3:34 people.bob.identities[1]: telegram:1 already belongs to "ana"'],
  },
  {
    name: 'addresses and a zone that do not exist',
    text: `
people:
  ana: { identities: [telegram:ana, "sms:0170", ana, 42], roles: [aprover], timezone: Mars/Phobos }
`,
    problems: [
      `2:23 people.ana.identities[0]: "telegram:ana" is not a person's Telegram number like telegram:123456789`,
      '2:37 people.ana.identities[1]: "sms:0170" is not a phone number like sms:+491701234567',
      '2:49 people.ana.identities[2]: "ana" is not an address; write it like telegram:123456789',
      '2:54 people.ana.identities[3]: expected an address such as telegram:123456789, got 42',
      '2:87 people.ana.timezone: "Mars/Phobos" is not a time zone',
    ],
  },
  {
    name: 'people without an address',
    text: `
people:
  ana: { identities: [] }
  bob: {}
`,
    problems: [
      '2:22 people.ana.identities: must not be empty',
      '3:3 people.bob.identities: missing; expected a list',
    ],
  },
  {
    name: 'a chat without its channel',
    text: `
ops: { chat: -100123 }
`,
    problems: ['1:14 ops.chat: expected an address such as telegram:-1001234567890, got -100123'],
  },
  {
    name: 'seals that are told nowhere',
    text: `
ops: { seals: true }
`,
    problems: ['1:15 ops.seals: seals are told in a chat; name it as ops.chat'],
  },
  {
    name: 'a ping that cannot be called',
    text: `
ops: { ping: "hc-ping.com/4711" }
`,
    problems: ['1:14 ops.ping: "hc-ping.com/4711" is not an address that begins with https:// or http://'],
  },
  {
    name: 'traces of a third kind',
    text: `
otel: { trace_mode: many, tracemode: one }
`,
    problems: [
      '1:21 otel.trace_mode: "many" is not one of one, linked',
      '1:27 otel.tracemode: unknown key; did you mean "trace_mode"?',
    ],
  },
  {
    name: 'advisors that do not exist',
    text: `
advisors: { parse: gpt, rsk: off, summary: false }
`,
    problems: [
      '1:20 advisors.parse: "gpt" is not one of off, house',
      '1:25 advisors.rsk: unknown key; did you mean "risk"?',
      '1:44 advisors.summary: expected one of off, house, got false',
    ],
  },
];
