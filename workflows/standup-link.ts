import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { digestOf } from '../domain/digest';
import type { LaunchState } from '../domain/launch-state';
import { planDirectory } from '../domain/routing';
import type { StandupSituation } from '../domain/standup-times';
import { standupsAreOver, standupTimes } from '../domain/standup-times';
import { standupSituationSignal, standupWorkflowId } from './messages';
import type { RunState } from './run-state';
import { launchIdAttribute } from './search-attributes';
import { standupWorkflow } from './standup';

/** Among the ids of items to which something was told; a colon cannot be in one. */
const STANDUPS = 'launch:standup';

/** A launch's tie to its standups: starts them where the plan has any, and tells them what they must know of it. */
export class StandupLink {
  private known?: Pick<LaunchState, 'plan' | 'launchAt'> & { isOver: boolean; digest: string };

  constructor(
    private readonly state: () => LaunchState,
    private readonly run: RunState
  ) {}

  hasNews(): boolean {
    const { plan } = this.state();
    if (this.isStarted()) return this.run.told[STANDUPS] !== this.digest();
    return plan.standup !== undefined && !standupsAreOver(this.state());
  }

  async tellNews(): Promise<void> {
    const isStarted = this.isStarted();
    this.run.told[STANDUPS] = this.digest();
    await (isStarted ? this.tell() : this.start());
  }

  private isStarted(): boolean {
    return Object.hasOwn(this.run.told, STANDUPS);
  }

  private situation(): StandupSituation {
    const { plan, launchAt } = this.state();
    return {
      launch: plan.id,
      times: standupTimes({ plan, launchAt }),
      directory: planDirectory(plan),
      trial: plan.trial ?? false,
      ended: standupsAreOver(this.state()),
    };
  }

  private digest(): string {
    const { plan, launchAt } = this.state();
    const isOver = standupsAreOver(this.state());
    const { known } = this;
    if (known?.plan === plan && known.launchAt === launchAt && known.isOver === isOver) return known.digest;
    const digest = digestOf(this.situation());
    this.known = { plan, launchAt, isOver, digest };
    return digest;
  }

  private async start(): Promise<void> {
    const { plan } = this.state();
    try {
      await startChild(standupWorkflow, {
        workflowId: standupWorkflowId(plan.id),
        args: [{ situation: this.situation() }],
        // The other policies end children at a continue-as-new of their launch.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: new TypedSearchAttributes(launchIdAttribute(plan.id)),
        staticSummary: `Standups of ${plan.title}`.slice(0, 200),
        staticDetails:
          'Holds the standups and reviews of the plan, sends and stores each digest; ends with the launch.',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  private async tell(): Promise<void> {
    try {
      const standups = getExternalWorkflowHandle(standupWorkflowId(this.state().plan.id));
      await standups.signal(standupSituationSignal, this.situation());
    } catch (error) {
      // Somebody has ended them in Temporal; the launch goes on without.
      log.warn('The standups could not be told what has changed', { error: String(error) });
    }
  }
}
