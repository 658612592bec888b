import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Board } from '../domain/board';
import type { ItemState } from '../domain/item-state';
import type { Plan } from '../domain/plan';
import type { Accepted } from '../workflows/messages';
import { LaunchError } from './errors';
import { callGateway, PAST_IT, TOLD_WITHIN_MS, whoAmI, type Call, type GatewayAccess } from './gateway-calls';
import { launchMissing, unknownItem } from './missing';
import type { Speaker, StartedAt, ToItem, ToLaunch, ToStart } from './speaker';
import { checked, withKey, type AnyCommand } from './tell';

/** Ids that can be in an address of the gateway; there is nothing by any other name. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** One page of the list; whoever has more that run names them. */
const MOST_LISTED = 200;
const OPERATOR = 'operator';

const accepted = z.looseObject({ text: z.string(), status: z.string() });
const started = z.object({ launch: z.string(), workflowId: z.string(), runId: z.string(), launchAt: z.string() });
const listed = z.object({ launches: z.array(z.object({ id: z.string(), running: z.boolean().nullable() })) });
/** What the rules' own types describe comes from the rules. */
const whole = z.looseObject({});

/** Who acts, by the token: its person, or whom the operator acts as. @throws LaunchError ACT_AS_REFUSED, BAD_INPUT */
async function actorOf(access: GatewayAccess): Promise<{ by: string; access: GatewayAccess }> {
  const { actAs: wanted, ...asked } = access;
  const { person, kind } = await whoAmI(asked);
  if (kind === OPERATOR) {
    if (wanted !== undefined) return { by: wanted, access };
    throw new LaunchError('BAD_INPUT', 'The operator says in whose name they act: --as PERSON, or set LAUNCH_AS.');
  }
  if (wanted !== undefined && wanted.toLowerCase() !== person.toLowerCase()) {
    const message = `this token is ${person}'s, so ${wanted} cannot act with it; leave --as (and LAUNCH_AS) out, or take ${wanted}'s own token`;
    throw new LaunchError('ACT_AS_REFUSED', message);
  }
  return { by: person, access: asked };
}

/** The body of a request: who says it, and under which key, is in its headers. */
function bodyOf({ by: _by, key: _key, ...rest }: AnyCommand & { key: string }): object {
  return rest;
}

class GatewaySpeaker implements Speaker {
  constructor(
    readonly by: string,
    private readonly access: GatewayAccess
  ) {}

  async start({ document, compile: _compile, key = randomUUID(), ...options }: ToStart): Promise<StartedAt> {
    const call: Call = { path: '/api/launches', body: { plan: document, ...options }, key, withinMs: TOLD_WITHIN_MS };
    try {
      return await callGateway(this.access, call, started);
    } catch (error) {
      if (!(error instanceof LaunchError) || error.code !== 'OPERATOR_ONLY') throw error;
      const message = `${this.by} cannot start a launch by the gateway: ${error.message}; ${PAST_IT}`;
      throw new LaunchError(error.code, message, error.details);
    }
  }

  async tell(launch: string, command: ToLaunch): Promise<Accepted> {
    return await this.say(`${pathOf(launch)}/commands`, command);
  }

  async tellItem(launch: string, item: string, command: ToItem): Promise<Accepted> {
    return await this.say(`${await this.itemPath(launch, item)}/commands`, command);
  }

  async board(launch: string): Promise<Board> {
    return await this.get<Board>(pathOf(launch));
  }

  async plan(launch: string): Promise<Plan> {
    return await this.get<Plan>(`${pathOf(launch)}/plan`);
  }

  async itemState(launch: string, item: string): Promise<ItemState> {
    return await this.get<ItemState>(`${await this.itemPath(launch, item)}/state`);
  }

  async running(): Promise<string[]> {
    const { launches } = await callGateway(this.access, { path: `/api/launches?limit=${MOST_LISTED}` }, listed);
    return launches.flatMap(({ id, running }) => (running ? [id] : []));
  }

  private async say(path: string, command: ToItem | ToLaunch): Promise<Accepted> {
    const said = withKey(checked({ ...command, by: this.by } as AnyCommand));
    const call: Call = { path, body: bodyOf(said), key: said.key, withinMs: TOLD_WITHIN_MS };
    return await callGateway<Accepted>(this.access, call, accepted as unknown as z.ZodType<Accepted>);
  }

  private async get<T extends object>(path: string): Promise<T> {
    return await callGateway<T>(this.access, { path }, whole as unknown as z.ZodType<T>);
  }

  private async itemPath(launch: string, item: string): Promise<string> {
    const path = pathOf(launch);
    if (ID.test(item)) return `${path}/items/${item}`;
    throw unknownItem(launch, item, (await this.board(launch)).items);
  }
}

function pathOf(launch: string): string {
  if (ID.test(launch)) return `/api/launches/${launch}`;
  throw launchMissing(launch);
}

/**
 * Whoever brings this token says things by a gateway; `actAs` is whom they mean to be.
 * @throws LaunchError UNREACHABLE, UNAUTHENTICATED, ACT_AS_REFUSED, BAD_INPUT
 */
export async function gatewaySpeaker(wanted: GatewayAccess): Promise<Speaker> {
  const { by, access } = await actorOf(wanted);
  return new GatewaySpeaker(by, access);
}
