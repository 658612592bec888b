import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Launches } from '../client/launches';
import type { MetricsServer } from '../stack/metrics-server';
import type { RunningStack } from '../stack/up';
import { accessOptions, accessText, withChecksOptions, type ChecksOptions } from './checks-options';
import { command, DEFAULT_DATA, type Context } from './command';
import { loadPlan, warningLines, type LoadedPlan, type PlanOptions } from './plan-file';
import { CliError } from './failure';
import { aborted } from './interrupted';
import { serveLocally } from './metrics';
import { programName } from './program-name';
import { Screen } from './screen';
import { starter, withPlanOptions } from './start';
import { clean, cleanLines } from './text';

interface Options extends PlanOptions, ChecksOptions {
  example?: boolean;
  playground?: boolean;
}

const EXAMPLE = join('examples', 'production-launch.yaml');
const EXAMPLE_CONFIG = join('examples', 'launch-director.yaml');
const PLAYGROUND_CHECKS =
  "Checks    may ask this machine (127.0.0.1) and read the world's files, nothing else (--playground)";

async function planFile(file: string | undefined, { example, playground }: Options): Promise<string | undefined> {
  return file === undefined && (example || playground) ? await ofProject(EXAMPLE) : file;
}

async function ofProject(file: string): Promise<string> {
  const { projectRoot } = await import('../stack/paths.js');
  return join(projectRoot(), file);
}

/** What the worker's checks may reach, read before anything is started, and the line that says so. */
async function checksOf(options: Options): Promise<{ config?: string; allowLocal: boolean; said: string }> {
  const { file, allowLocal } = accessOptions(options);
  if (options.playground) {
    if (options.config === undefined) return { allowLocal, said: PLAYGROUND_CHECKS };
    throw new CliError('BAD_INPUT', '--playground says itself what checks may reach: leave --config out.');
  }
  const { readAccess, defaultConfig } = await import('../worker/access.js');
  const config = file ?? defaultConfig() ?? (options.example ? await ofProject(EXAMPLE_CONFIG) : undefined);
  const access = readAccess({ file: config, allowLocal });
  return { config, allowLocal, said: `Checks    ${accessText(access, config)}` };
}

/** Starts the plan, or attaches to the launch of it that runs already; says which. */
async function startOrAttach(
  launches: Launches,
  loaded: LoadedPlan,
  { by, say }: { by: string; say: (line: string) => void }
): Promise<string> {
  const running = await launches.running(loaded.id);
  if (running !== undefined) {
    say(`Attached  ${running} runs already; the plan's file is not looked at again`);
    return running;
  }
  const { launch } = await launches.start({ plan: loaded.compile(Date.now()), by });
  say(`Started   ${launch}: ${clean(loaded.title)}`);
  return launch;
}

function nextLines(launch: string | undefined, { data, playground }: { data: string; playground?: boolean }): string[] {
  const program = programName();
  const lines = ['Next      In another terminal:'];
  if (data !== DEFAULT_DATA) lines.push(`            export LAUNCH_DATA=${resolve(data)}`);
  if (playground)
    lines.push(`            ${program} playground          # what is broken out there, and how to fix it`);
  if (launch === undefined) return [...lines, `            ${program} start PLAN`];
  lines.push(`            ${program} status ${launch}`, `            ${program} todo ${launch} --as PERSON`);
  return [...lines, '          Everybody may act as anybody: --as is trusted, on this machine alone'];
}

/** The address that signs its page in is for a terminal; what is not one may be kept as a log. */
async function pageLine(url: string, data: string): Promise<string> {
  const { operatorTokenFile, readOperatorToken } = await import('../stack/operator-token.js');
  const file = operatorTokenFile(resolve(data));
  if (!process.stdout.isTTY) return `Page      ${url}/ (sign in with the operator's token, in ${file})`;
  return `Page      ${url}/#token=${readOperatorToken(file)}`;
}

async function show(
  context: Context<Options>,
  loaded: LoadedPlan | undefined,
  live: { running: RunningStack; screen: Screen; stopping: AbortSignal }
) {
  const { options, style } = context;
  const { running, screen, stopping } = live;
  const { temporal, worker } = running.stack();
  const { address, namespace } = temporal;
  const [{ connect }, { createLaunches }, { showLive }] = await Promise.all([
    import('../client/connection.js'),
    import('../client/launches.js'),
    import('./live-board.js'),
  ]);
  const given = running.stack().temporal.pid === null;
  const target = given ? { taskQueue: worker.taskQueue } : { address, namespace, taskQueue: worker.taskQueue };
  const connected = await connect(target);
  let metrics: MetricsServer | undefined;
  try {
    const launches = createLaunches(connected);
    metrics = await serveLocally(launches);
    const say = (line: string) => screen.line(line);
    say(`Metrics   ${metrics.url}`);
    const { gateway } = running.stack();
    if (gateway) say(await pageLine(gateway.url, options.data));
    const launch = loaded && (await startOrAttach(launches, loaded, { by: starter(options.as), say }));
    if (loaded) warningLines(loaded, style).forEach(say);
    nextLines(launch, options).forEach(say);
    say('ready');
    const taskQueue = worker.taskQueue;
    const urls = { metrics: metrics.url, gateway: gateway?.url ?? null };
    context.answer({ ready: true, launch: launch ?? null, temporal, taskQueue, ...urls });
    if (launch !== undefined) {
      await showLive({ launches, launch, screen, style }, stopping);
      if (!stopping.aborted) say('The launch has ended; the stack runs on until Ctrl-C');
    }
    await aborted(stopping);
  } finally {
    await metrics?.close();
    await connected.close();
  }
}

export const up = () =>
  withChecksOptions(
    withPlanOptions(
      command<Options>(
        'up [plan]',
        {
          summary: 'start everything on this machine, and a launch of a plan; Ctrl-C stops it all',
          examples: [
            'launch up',
            'launch up plan.yaml',
            'launch up LAUNCH.md --launch-at +2h',
            'launch up --example --speed 360',
            'launch up --playground',
          ],
          acts: true,
        },
        async (context, [given]) => {
          const { options } = context;
          const file = await planFile(given, options);
          const loaded = file === undefined ? undefined : await loadPlan(file, options);
          // Where a launch of it may run already, a plan that cannot be started any more is still attached to.
          if (!existsSync(options.data)) loaded?.compile(Date.now());
          const checks = await checksOf(options);
          const { runStack } = await import('../stack/run-stack.js');
          // With --json standard output stays free for the failure that may come.
          const screen = new Screen(options.json ? process.stderr : process.stdout);
          // Ready is said when the launch runs too, not as soon as the stack does.
          const report = (line: string): void => (line === 'ready' ? undefined : screen.line(cleanLines(line)));
          return await runStack(
            { data: options.data, report, checks, playground: options.playground },
            (running, stopping) => {
              screen.line(checks.said);
              return show(context, loaded, { running, screen, stopping });
            }
          );
        }
      )
        .option('--example', 'with the plan of examples/production-launch.yaml, unless a plan is named')
        .option('--playground', 'with stand-ins for the world of that plan; see: launch playground')
    )
  );
