export const STORY_ID = 'production-launch';
export const STAGING = 'BLOCKER-STAGING-001';

/** The production launch in small: its blockers, its decision, its gates; `url` is what the check of staging asks. */
export const STORY_PLAN = (url: string): string => `
version: 1
id: ${STORY_ID}
title: Production launch
timezone: UTC
launch:
  at: +2d 14:00
  finalPoll: 20s
  authority: { roles: [ceo, manager], quorum: all, no: hold }
  announce: { lead: 20s, to: [everyone] }
people:
  - { id: chief, name: Chief executive, roles: [ceo] }
  - { id: manager, name: Manager }
  - { id: devops, name: DevOps }
  - { id: qa, name: QA }
defaults:
  sla: { respond: 4h }
  escalation: [{ after: 0m, to: manager }, { after: 1h, to: ceo, repeat: 4h }]
items:
  - id: ${STAGING}
    kind: blocker
    title: Staging answers 502
    impact: No user can test anything
    owners: [devops]
    reportedBy: [qa]
    priority: P0
    severity: critical
    deadline: T-28h
    acceptance:
      - { id: health, title: Its health checks are green, check: { type: http, url: "${url}", expect: { status: 200, json: [{ path: $.status, equals: ok }] } }, every: 1s, failureLimit: 2 }
      - { id: access, title: The pilot gets in to test, attest: { by: [devops] } }
  - id: BLOCKER-LANGFUSE-001
    kind: decision
    title: Where Langfuse runs
    owners: [manager]
    priority: P1
    deadline: T-20h
    decide: { by: [ceo, manager], quorum: any }
    options:
      - { id: fly-native, title: ClickHouse and MinIO on Fly.io, consequences: We run three more services, opens: [LANGFUSE-INFRASTRUCTURE] }
      - { id: cloud, title: Langfuse Cloud as a service, consequences: Traces leave the house, opens: [LANGFUSE-INFRASTRUCTURE] }
  - id: LANGFUSE-INFRASTRUCTURE
    title: Set Langfuse up as decided
    owners: [devops]
    priority: P1
    acceptance: [{ id: traces, title: A trace shows up in Langfuse, attest: { by: [devops] } }]
  - id: QA-AGENT-HANDOFFS-001
    title: Whole journeys pass
    owners: [devops]
    priority: P0
    after: [${STAGING}]
    acceptance: [{ id: journeys, title: All journeys pass on staging, attest: { by: [devops] } }]
  - id: VERIFY-IMAGE-SEARCH-001
    kind: verification
    title: Is image search complete
    owners: [manager]
    priority: P0
    acceptance: [{ id: complete, title: It is finished in fact, attest: { by: [manager] } }]
  - id: PILOT-USER-TESTING-001
    title: Users have tried it
    owners: [devops]
    priority: P1
    acceptance: [{ id: sessions, title: User sessions found nothing that stops us, attest: { by: [qa] } }]
gates:
  must:
    - { item: ${STAGING}, title: Staging works }
    - { item: QA-AGENT-HANDOFFS-001, title: Tests from end to end pass }
    - { item: VERIFY-IMAGE-SEARCH-001, title: Image search is complete }
  should:
    - { item: PILOT-USER-TESTING-001, title: User testing is complete }
  nice:
    - { item: LANGFUSE-INFRASTRUCTURE }
`;
