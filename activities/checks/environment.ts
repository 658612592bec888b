import type { Secret } from '../../plan/schema/scalars';
import { envRefused, type Access, type Setting } from './access';
import { CannotRun, type CheckContext } from './result';

/** Of the worker's environment. */
export class NotSet extends CannotRun {}

function valueOf(name: string, env: CheckContext['env']): string {
  const value = env(name)?.trim();
  if (value) return value;
  throw new NotSet(`${name} is not set in the worker's environment; set it there and start the worker again`);
}

/**
 * The variable that a plan asks for with `{ env: NAME }`.
 * @throws CannotRun when the worker does not allow it, or does not have it
 */
export function fromEnvironment(name: string, { access, env }: Pick<CheckContext, 'access' | 'env'>): string {
  const refused = envRefused(access, name);
  if (refused) throw new CannotRun(refused);
  return valueOf(name, env);
}

/** A value of the worker's own configuration, which may read every variable. @throws CannotRun where it is not set */
export function settingOf(setting: Setting, { env }: Pick<CheckContext, 'env'>): string {
  return typeof setting === 'string' ? setting : valueOf(setting.env, env);
}

/** Why the variables among these values of a plan may not be read. */
export function secretsRefused(secrets: ReadonlyArray<Secret | undefined>, access: Access): string[] {
  return secrets.flatMap((secret) => {
    const refused = typeof secret === 'object' ? envRefused(access, secret.env) : undefined;
    return refused === undefined ? [] : [refused];
  });
}
