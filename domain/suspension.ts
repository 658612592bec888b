import type { LaunchFact } from './launch';
import { evolveLaunch } from './launch';
import type { LaunchState, SignOff } from './launch-state';
import { isGone } from './launch-state';
import type { Notice } from './notice';
import { signOffState } from './sign-off';
import { instantText } from './text';

function told(state: LaunchState, { by, at }: SignOff, fell: { item: string; at: number }): Notice {
  const { id, title, calendar, launch } = state.plan;
  const until = instantText(calendar, fell.at + launch.signOffGrace);
  return {
    key: `${id}:suspended:${by}:${at}:${fell.item}:${fell.at}`,
    to: [by],
    about: fell.item,
    subject: `Your sign-off of ${title} is suspended: ${fell.item} fell`,
    text: `Met again before ${until} it counts again. Later it is void, and you are told.`,
    urgent: true,
    keepsHead: true,
  };
}

/** The givers whose sign-offs this report suspends are told; where the grace has passed already they are void instead. */
export function suspensions(state: LaunchState, fact: LaunchFact & { type: 'reported' }): LaunchFact[] {
  if (isGone(state) || state.ended) return [];
  const { at, item } = fact;
  const before = new Map(state.signOffs.map((signOff) => [signOff.by, signOffState(signOff)]));
  return evolveLaunch(state, fact).signOffs.flatMap((signOff): LaunchFact[] => {
    const [fell] = signOff.fallen;
    const isNews = signOffState(signOff) === 'suspended' && before.get(signOff.by) === 'counts';
    if (!fell || !isNews || at >= fell.at + state.plan.launch.signOffGrace) return [];
    return [{ type: 'signOffSuspended', at, by: signOff.by, item, notice: told(state, signOff, fell) }];
  });
}
