import type { Browser } from 'playwright-core';
import { openBrowser, openPage, tokenFor, type Opening, type Seen } from './browser';
import { operatorToken } from './gateway';
import { itemOf, target, testStack, type Target, type TestStack } from './test-stack';
import { until } from './until';

/** A launch of every kind of must, should and nice; `url` is what its check asks. */
export const WEB_PLAN = (id: string, url: string) => `
version: 1
id: ${id}
title: Launch of ${id}
timezone: UTC
launch: { at: +48h, finalPoll: 1m, authority: { roles: [ceo, manager], quorum: all } }
people:
  - { id: ceo, name: Clara }
  - { id: manager, name: Mia }
  - { id: devops, name: Dora }
  - { id: qa, name: Quin }
items:
  - id: STAGING
    kind: blocker
    title: Staging answers
    owners: [devops]
    deadline: +24h
    acceptance:
      - { id: health, title: Health is ok, check: { type: http, url: "${url}" }, every: 2s }
      - { id: usable, title: QA can use it, attest: { by: [qa] } }
  - { id: E2E, kind: task, title: End-to-end tests pass, owners: [qa], after: [STAGING], acceptance: [ { id: pass, title: All pass, attest: { by: [qa] } } ] }
  - { id: DOCS, kind: task, title: Docs are read, owners: [manager], acceptance: [ { id: read, title: They were read, attest: { by: [manager] } } ] }
  - { id: TRACING, kind: decision, title: Where traces go, owners: [manager], decide: { by: [manager] }, options: [ { id: cloud, title: Managed }, { id: self, title: Self-hosted } ] }
gates:
  must: [ { item: STAGING }, { item: E2E }, { item: DOCS } ]
  should: [ { title: All items resolved, check: { type: items, where: { kind: task }, atLeast: 95% } } ]
  nice: [ { item: TRACING } ]
`;

/** A stack, a browser, and people who open the page. */
export interface WebStack {
  stack: TestStack;
  browser: Browser;
  /** What the launch's check asks. */
  staging: Target;
  /** Starts a launch of WEB_PLAN and waits until its items are on the board. */
  start(id: string): Promise<void>;
  /** Somebody's page; the token is made once. */
  open(person: string, opening?: Omit<Opening, 'token'> & { kind?: string }): Promise<Seen>;
  /** The operator's, as the address that `launch up` prints opens it. */
  openOperator(path: string): Promise<Seen>;
  stop(): Promise<void>;
}

export async function webStack(): Promise<WebStack> {
  const staging = await target(502);
  const stack = await testStack();
  const browser = await openBrowser();
  const tokens = new Map<string, string>();
  const opened: Seen[] = [];
  const tokenOf = async (person: string, kind: string): Promise<string> => {
    const key = `${person} ${kind}`;
    const token = tokens.get(key) ?? (await tokenFor(stack, person, { kind }));
    tokens.set(key, token);
    return token;
  };
  return {
    stack,
    browser,
    staging,
    start: async (id) => {
      const { code, stderr } = await stack.run('start', stack.file(`${id}.yaml`, WEB_PLAN(id, staging.url)));
      if (code !== 0) throw new Error(stderr);
      await until(`${id} on the board`, async () => itemOf(await stack.board(id), 'STAGING').status === 'open');
    },
    open: async (person, { kind = 'person', ...opening } = {}) => {
      const seen = await openPage(browser, stack, { ...opening, token: await tokenOf(person, kind) });
      opened.push(seen);
      return seen;
    },
    openOperator: async (path) => {
      const seen = await openPage(browser, stack, { path, token: operatorToken(stack) });
      opened.push(seen);
      return seen;
    },
    stop: async () => {
      for (const seen of opened) await seen.close().catch(() => undefined);
      await browser.close();
      await stack.stop();
      await staging.close();
    },
  };
}
