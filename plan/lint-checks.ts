/** What a check asks for that it will never see. Warnings only. */
import type { Compiled } from './compile';
import { warning, type Finding, type Path } from './problem';
import { parseDuration } from './time';

/** Where checks say how long something may take. */
const LIMITS: { readonly [type: string]: Path } = {
  http: ['expect', 'latency', 'atMost'],
  tcp: ['within'],
};

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (inner as { [key: string]: unknown } | undefined)?.[part], value);
}

/** Limits that are over only when the check has been given up: then it is errored, never failed. */
export function limitsBeyondTimeout({ plan, paths }: Pick<Compiled, 'plan' | 'paths'>): Finding[] {
  return plan.items.flatMap(({ id: item, criteria }) =>
    criteria.flatMap(({ id, check, watch }) => {
      const where = check && LIMITS[check.type];
      const limit = where && valueAt(check, where);
      if (!watch || typeof limit !== 'string' || parseDuration(limit) <= watch.timeout) return [];
      const path = [...(paths.get(`${item}/${id}`) ?? paths.get(item) ?? []), 'check', ...where!];
      const timeout = `${watch.timeout / 1_000} s`;
      const message = `a run is given up after its timeout of ${timeout}, before ${limit} are over; lengthen timeout, or shorten this`;
      return [warning('LIMIT_BEYOND_TIMEOUT', path, { found: `'${limit}'`, expected: `at most ${timeout}`, message })];
    })
  );
}
