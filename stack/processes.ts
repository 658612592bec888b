import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcess, untilReady, type ChildSpec, type Running } from './child-process';
import { reasonOf } from './errors';
import type { Guarded } from './guard';
import { compiled } from './paths';
import { endProcess, signalProcess } from './process-identity';
import { elapsed, type Report } from './report';

const FIRST_RESTART_AFTER_MS = 200;
const LONGEST_RESTART_AFTER_MS = 10_000;
/** A child that lived this long starts with the shortest wait again. */
const STEADY_AFTER_MS = 30_000;

export interface Child {
  readonly name: string;
  /** Of its present process; undefined between two. */
  pid(): number | undefined;
}

export interface SupervisorOptions {
  /** The folder for one log file per child. */
  logs: string;
  report: Report;
  /** Called when a process has started or ended, with all that live. */
  onChange: (living: Guarded[]) => void;
}

/**
 * Keeps child processes running. Should this process die without stopping them, a guard process does.
 */
export class Supervisor {
  private readonly children: SupervisedChild[] = [];
  private guard: ChildProcess;
  private closed = false;

  constructor(private readonly options: SupervisorOptions) {
    mkdirSync(options.logs, { recursive: true });
    this.guard = this.startGuard();
  }

  /**
   * Starts a child and returns when it is ready; from then on it is started again whenever it ends.
   * @throws StackError CHILD_FAILED with the end of its log
   */
  async start(spec: ChildSpec): Promise<Child> {
    if (this.closed) throw new Error(`${spec.name} is not started: the stack is stopping`);
    const child = new SupervisedChild(spec, this.options, () => this.changed());
    this.children.push(child);
    await child.start();
    return child;
  }

  /** Stops the children one after the other, the last started first, and leaves no process. */
  async stopAll(): Promise<void> {
    this.closed = true;
    for (const child of [...this.children].reverse()) await child.stop();
    if (this.guard.connected) this.guard.disconnect();
    if (!hasEnded(this.guard)) await new Promise((resolve) => this.guard.once('exit', resolve));
  }

  /** Ends everything at once, for a person who will not wait. */
  killAll(): void {
    this.closed = true;
    for (const child of this.children) child.kill();
    this.guard.kill('SIGKILL');
  }

  /** It is born with the list: this process may die before it can send a word. */
  private startGuard(): ChildProcess {
    const guard = fork(compiled('stack/guard.js'), [JSON.stringify(this.living())], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    guard.on('error', (error) => this.options.report(`The guard process: ${reasonOf(error)}`));
    guard.once('exit', () => void this.replaceGuard());
    return guard;
  }

  private async replaceGuard(): Promise<void> {
    await delay(FIRST_RESTART_AFTER_MS);
    if (this.closed) return;
    this.guard = this.startGuard();
  }

  private living(): Guarded[] {
    return this.children.flatMap((child) => child.guarded());
  }

  private changed(): void {
    const living = this.living();
    if (this.guard.connected) this.guard.send(living);
    this.options.onChange(living);
  }
}

class SupervisedChild implements Child {
  private running?: Running;
  private readonly stopping = new AbortController();

  constructor(
    private readonly spec: ChildSpec,
    private readonly options: SupervisorOptions,
    private readonly changed: () => void
  ) {}

  get name(): string {
    return this.spec.name;
  }

  pid(): number | undefined {
    return this.running?.identity?.pid;
  }

  guarded(): Guarded[] {
    const identity = this.running?.identity;
    return identity ? [{ ...identity, name: this.spec.name, stopSignal: this.spec.stopSignal }] : [];
  }

  async start(): Promise<void> {
    await this.startOnce();
    void this.keepRunning();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { running } = this;
    if (!running?.identity) return;
    await endProcess(running.identity, this.spec.stopSignal, this.spec.stopWithinMs);
    // Gone is not yet known to be gone: what is told about it must be told before the owner lets go of its folder.
    await running.ended;
  }

  kill(): void {
    this.stopping.abort();
    const identity = this.running?.identity;
    if (identity) signalProcess(identity, 'SIGKILL');
  }

  private async startOnce(): Promise<void> {
    await this.spec.prepare?.();
    if (this.stopping.signal.aborted) return;
    const log = join(this.options.logs, `${this.spec.name}.log`);
    const running = startProcess(this.spec, log);
    this.running = running;
    this.changed();
    void running.ended.then(() => {
      if (this.running === running) this.running = undefined;
      this.changed();
    });
    await untilReady(this.spec, running, log);
  }

  /** Starts it again until it is no longer wanted, waiting longer from one early end to the next. */
  private async keepRunning(): Promise<void> {
    const { name } = this.spec;
    const { report } = this.options;
    const { signal } = this.stopping;
    let restartAfterMs = FIRST_RESTART_AFTER_MS;
    for (let startedAt = Date.now(); ; startedAt = Date.now()) {
      const how = await this.running?.ended;
      if (signal.aborted) return;
      if (Date.now() - startedAt > STEADY_AFTER_MS) restartAfterMs = FIRST_RESTART_AFTER_MS;
      report(`${name} is down${how ? ` (${how})` : ''}; starting it again`);
      await delay(restartAfterMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      restartAfterMs = Math.min(restartAfterMs * 2, LONGEST_RESTART_AFTER_MS);
      const restartedAt = Date.now();
      await this.startOnce().then(
        () => report(`${name} is up again after ${elapsed(restartedAt)} (pid ${this.pid() ?? 'unknown'})`),
        (error: unknown) => signal.aborted || report(reasonOf(error))
      );
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
