import { userInfo } from 'node:os';
import { command, type CommonOptions } from './command';
import { loadPlan, warningLines, type PlanOptions } from './plan-file';
import { acting, keyOf } from './say';
import { clean, count, instantIn } from './text';
import { hasOwnToken } from './way';
import { fromNow } from '../report/board-words';
import type { Command } from 'commander';

/** Who starts a launch where nobody is named: a start needs no office. */
export function starter(as: string | undefined): string {
  return as ?? process.env['LAUNCH_AS'] ?? userInfo().username;
}

/** Whose token it is, starts it; else whoever is named, or signed in to this machine. */
function starting<Options extends CommonOptions>(options: Options): Options {
  return !options.direct && hasOwnToken(options) ? options : { ...options, as: starter(options.as) };
}

export function withPlanOptions(made: Command): Command {
  return made
    .option('--launch-at <when>', 'the launch date, like +2d or "2025-11-03 14:00"; every date moves with it')
    .option('--speed <factor>', 'run that many times as fast: 360 makes an hour ten seconds')
    .option('--trial', 'run everything, send nothing')
    .option('--id <id>', "the launch's id; else the plan's");
}

export const start = () =>
  withPlanOptions(
    command<PlanOptions>(
      'start <plan>',
      {
        summary: 'start a launch of a plan, or of a Markdown document',
        examples: [
          'launch start plan.yaml',
          'launch start LAUNCH.md --launch-at "+7d 10:00"',
          'launch start plan.yaml --launch-at +30s --speed 360 --id rehearsal',
        ],
        says: true,
      },
      async ({ options, say, answer, style }, [file = '']) => {
        const loaded = await loadPlan(file, options);
        // Why it cannot be started is said before anything is reached.
        const plan = loaded.compile(Date.now());
        await acting(starting(options), async (speaker) => {
          const { document, compile, asked } = loaded;
          const started = await speaker.start({ document, compile, ...asked, ...keyOf(options) });
          const at = Date.parse(started.launchAt);
          for (const line of warningLines(loaded, style)) say(line);
          say(
            `${style.green('✓')} ${clean(plan.title)} has started as ${style.bold(started.launch)}: ${count(plan.items.length, 'item')}, ${count(plan.gates.must.length, 'must', 'musts')}`
          );
          say(`  Launch ${instantIn(plan.timezone, at)}, ${fromNow(at, Date.now())}`);
          say(`  Next: launch status ${started.launch}`);
          answer({
            ...started,
            items: plan.items.length,
            speed: plan.speed,
            warnings: loaded.warnings,
          });
        });
      }
    )
  );
