/** Who speaks, and who could: the parts of a refusal that name people. */
import { AGENT_COMMANDS } from './commands';
import type { Answer } from './people';
import { delegationOf, findPerson } from './people';
import type { Person, Plan } from './plan';
import type { Refusal } from './refusal';
import { refusal } from './refusal';
import { instantText } from './text';

/** "ana or carl", for a sentence that says who could. */
export function anyOf(ids: readonly string[]): string {
  return ids.length === 0
    ? 'nobody'
    : ids.length > 5
      ? `${ids.slice(0, 5).join(', ')} or ${ids.length - 5} others`
      : ids.join(' or ');
}

/** Why somebody who holds the role may not answer after all: they are away, and somebody else answers. */
export function awayText({ people, calendar }: Pick<Plan, 'people' | 'calendar'>, answer: Answer): string {
  const delegate = delegationOf(people, answer);
  return delegate
    ? `; until ${instantText(calendar, delegate.until)} ${delegate.to} answers instead of ${answer.by}`
    : '';
}

/** Nobody of the plan has this name; those who could be meant are named. */
export function unknownPerson(people: readonly Person[], name: string): Refusal {
  return refusal(
    'UNKNOWN_PERSON',
    `nobody is called '${name}' in this plan; it has ${anyOf(people.map(({ id }) => id))}`
  );
}

/** Refuses an agent what only people may say, and anybody the plan does not know. */
export function refuseSpeaker(
  command: { type: string; by: string; kind?: string },
  people: readonly Person[]
): Refusal | undefined {
  if (!findPerson(people, command.by)) return unknownPerson(people, command.by);
  return refuseKind(command);
}

/** What this kind of speaker may not say in any launch. */
export function refuseKind(command: { type: string; kind?: string }): Refusal | undefined {
  if (command.kind === 'observer') {
    return refusal('OBSERVER_MAY_NOT', `an observer reads and does not act; ${command.type} is for people and agents`);
  }
  if (command.kind === 'agent' && !AGENT_COMMANDS.includes(command.type)) {
    return refusal('AGENT_MAY_NOT', `an agent may not ${command.type}; a person must`);
  }
  return undefined;
}

/** Facts of a command that the operator gave in somebody's name say so. */
export function markVia<Fact extends { via?: 'operator' }>(facts: Fact[], { via }: { via?: 'operator' }): Fact[] {
  return via === undefined ? facts : facts.map((fact) => ({ ...fact, via }));
}

/** The command with its speaker's id as the plan writes it. */
export function spokenBy<Command extends { by: string }>(command: Command, people: readonly Person[]): Command {
  return { ...command, by: findPerson(people, command.by)?.id ?? command.by };
}
