import { command } from './command';
import { EXIT } from './failure';
import { clean, pad } from './text';

const SERVICES: ReadonlySet<string> = new Set(['stack', 'temporal', 'worker', 'database']);

export const doctor = () =>
  command(
    'doctor',
    {
      summary: 'look at everything that a launch needs, and say what to do; exits 0 when all is ready',
      examples: ['launch doctor', 'launch doctor --json', 'launch doctor --data /srv/launch'],
    },
    async ({ options, say, answer, style }) => {
      const { diagnose } = await import('../stack/doctor.js');
      const { ready, checks, orphans } = await diagnose(options.data);
      for (const { name, ok, detail, fix } of checks) {
        say(`${ok ? style.green('✓ ok     ') : style.red('✗ missing')}  ${pad(name, 17)}  ${clean(detail)}`);
        if (fix) say(`             ${style.bold(clean(fix))}`);
      }
      for (const id of orphans)
        say(`! ${clean(id)} runs without its launch: temporal workflow terminate -w ${clean(id)}`);
      say(ready ? 'Ready.' : 'Not ready.');
      const error = {
        code: 'NOT_READY',
        message: 'the stack is not ready',
        details: { checks: checks.filter(({ ok }) => !ok) },
      };
      answer({ ready, checks, orphans, ...(ready ? {} : { error }) });
      if (ready) return EXIT.done;
      return checks.some(({ name, ok }) => !ok && SERVICES.has(name)) ? EXIT.unreachable : EXIT.refused;
    }
  );
