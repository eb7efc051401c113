/** The catalog and the people of the town; ids are those of the fake's accounts. */
export const TOWN_YAML = `
jobs:
  backup:
    title: Back up the main database
    command: ["echo", "4.1 GB written, 12 tables, 0 skipped"]
  restart-web:
    title: Rolling restart of the web tier
    command: ["echo", "{env}", "{hosts}", "{drain}", "{note}"]
    params:
      env: { type: string, enum: [staging, prod], required: true }
      hosts: { type: integer, min: 1, max: 8, default: 1 }
      drain: { type: duration, default: 30s }
      note: { type: string, default: none }
  solo:
    title: May be approved by whoever asks
    command: ["echo", "done"]
    approval: { self: true }
  broken:
    title: Always fails
    command: ["sh", "-c", "echo first; echo no space left >&2; exit 28"]
  endless:
    title: Runs until it is stopped
    command: ["sleep", "600"]
  report:
    title: Weekly usage report
    command: ["echo", "42 users"]
    requesters: ["role:reporter"]
people:
  ana: { identities: ["telegram:1001"], roles: [operator] }
  bob: { identities: ["telegram:1002"], roles: [approver] }
  cho: { identities: ["telegram:1003"], roles: [approver] }
  eve: { identities: ["telegram:1004"], roles: [] }
  max: { identities: ["telegram:1005"], roles: [operator, approver, reporter] }
`;
