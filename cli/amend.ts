import type { Plan } from '../domain/plan';
import { inPlaceOf, isUnchanged, planChanges, type PlanChanges } from '../domain/plan-changes';
import { command, type Context } from './command';
import { CliError } from './failure';
import { loadPlan, warningLines } from './plan-file';
import { acting, keyOf } from './say';
import { clean, cleanLines, count, instantIn } from './text';

/**
 * The document as of the start of the launch, at its speed. Its dates move by the offset that leads its launch date to
 * the one that the launch was started for, as `--launch-at` did then.
 */
async function amendedPlan(file: string, running: Plan) {
  const { start, launch, speed, trial } = running;
  const factor = speed?.factor ?? 1;
  const launchAt = new Date(start + (launch.at - start) * factor).toISOString();
  const loaded = await loadPlan(file, { launchAt, speed: String(factor), trial, now: start });
  return { loaded, plan: loaded.compile(start) };
}

function changeLines({ added, removed, changed, parts }: PlanChanges): string[] {
  const criteria = changed.reduce((sum, each) => sum + each.criteria.length, 0);
  return [
    ...added.map((id) => `  + ${clean(id)}`),
    ...removed.map((id) => `  - ${clean(id)}: its work here is over`),
    ...changed.map((each) => {
      const which = each.criteria.length > 0 ? `: ${each.criteria.map(clean).join(', ')}` : '';
      return `  ~ ${clean(each.item)}${which}`;
    }),
    ...(parts.length > 0 ? [`  ~ ${parts.join(', ')}`] : []),
    ...(criteria > 0
      ? [
          `  ${count(criteria, 'criterion', 'criteria')} changed: what was known of ${criteria === 1 ? 'it' : 'them'} counts no more`,
        ]
      : []),
  ];
}

async function amendWith(context: Context<{ reason: string }>, launch: string, file: string): Promise<void> {
  const { options, say, answer, style } = context;
  await acting(options, async (speaker) => {
    const [running, board] = await Promise.all([speaker.plan(launch), speaker.board(launch)]);
    const { loaded, plan: written } = await amendedPlan(file, running);
    const accepted = board.reported.flatMap(({ id, review }) => (review?.accept ? [id] : []));
    const plan = inPlaceOf(running, written, accepted);
    const changes = planChanges(running, plan);
    if (isUnchanged(changes)) {
      throw new CliError('BAD_INPUT', `${clean(file)} is the plan that '${clean(launch)}' runs; nothing was amended`);
    }
    const accept = await speaker.tell(launch, { type: 'amend', plan, reason: options.reason, ...keyOf(options) });
    for (const line of warningLines(loaded, style)) say(line);
    say(`${style.green('✓')} ${cleanLines(accept.text)}`);
    for (const line of changeLines(changes)) say(line);
    say(`  The date is not moved: ${instantIn(board.timezone, board.launchAt)} (launch reschedule moves it)`);
    answer({ ...accept, changes, launchAt: board.launchAt, warnings: loaded.warnings });
  });
}

export const amend = () =>
  command<{ reason: string }>(
    'amend <launch> <plan>',
    {
      summary: 'put a changed plan in place; the date stays, and evidence of what did not change',
      examples: ['launch amend storefront-2 plan.yaml --reason "staging has moved" --as ana'],
      says: true,
    },
    async (context, [launch = '', file = '']) => amendWith(context, launch, file)
  ).requiredOption('--reason <text>', 'why; kept with the revision');
