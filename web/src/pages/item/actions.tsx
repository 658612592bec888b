import type { ReactNode } from 'react';
import type { ItemCommandName } from '../../../../domain/commands';
import { useItemCommand } from '../../api/queries';
import type { ItemAnswer, PossibleAction } from '../../api/types';
import { ITEM_FORMS } from '../../forms/item-form';
import { OpenedForm, useOpened } from '../../forms/opened';
import { useLaunch } from '../../live/use-launch';
import { ActionButton, refusalOfAction } from '../../parts/action-button';
import { RefusedBanner } from '../../parts/banner';
import { Section } from '../../parts/section';
import { Who } from '../../parts/who';

/** What a launch waits for most comes first; the first of them that is allowed is the first action of the page. */
const ORDER: readonly ItemCommandName[] = [
  'acknowledge',
  'decide',
  'attest',
  'resolve',
  'verifyNow',
  'assign',
  'waive',
  'reopen',
  'retract',
];

/** What can never be said of this item is not there; what cannot be said now is, with the reason. */
function isShown({ type, code }: PossibleAction, item: ItemAnswer): boolean {
  const isDecision = Boolean(item.decision);
  if (type === 'decide') return isDecision && code !== 'NOT_A_DECISION';
  if (type === 'verifyNow') return item.criteria.some(({ automatic }) => automatic);
  if (type === 'attest') return item.criteria.some(({ automatic }) => !automatic);
  if (type === 'waive') return item.criteria.length > 0;
  return true;
}

export function Actions({ item }: { item: ItemAnswer }): ReactNode {
  const { reader } = useLaunch();
  const { opened, open, close, said, answered } = useOpened<ItemCommandName>();
  const find = (type: ItemCommandName) => item.actions.find((action) => action.type === type);
  const shown = ORDER.flatMap((type) => {
    const action = find(type);
    return action && isShown(action, item) ? [action] : [];
  });
  // Refused ones after the others, as they stand.
  const sorted = [...shown.filter(({ allowed }) => allowed), ...shown.filter(({ allowed }) => !allowed)];
  const first = sorted[0]?.allowed ? sorted[0].type : undefined;
  const form = opened && ITEM_FORMS[opened];
  const action = opened && find(opened);
  return (
    <Section id="may" title="What you may do" count={reader.person !== null && <Who id={reader.person} />}>
      <ul className="actions">
        {sorted.map((each) => (
          <li key={each.type}>
            {each.type === 'verifyNow' ? (
              <VerifyNow item={item.id} action={each} first={first === each.type} answered={answered} />
            ) : (
              <ActionButton
                first={first === each.type}
                refused={refusalOfAction(each)}
                about={ITEM_FORMS[each.type as ItemCommandName]?.about}
                onClick={() => open(each.type as ItemCommandName)}
              >
                {ITEM_FORMS[each.type as ItemCommandName]?.button ?? each.type}
              </ActionButton>
            )}
          </li>
        ))}
      </ul>
      <OpenedForm said={said} title={form && action && `${form.button}: ${item.title}`} close={close}>
        {form && action && <form.Form item={item} action={action} close={close} />}
      </OpenedForm>
    </Section>
  );
}

interface VerifyProps {
  item: string;
  action: PossibleAction;
  first: boolean;
  answered: (text: string) => void;
}

/** Nothing is asked first: it measures, and says what it saw. */
function VerifyNow({ item, action, first, answered }: VerifyProps): ReactNode {
  const { launch } = useLaunch();
  const { saying, say } = useItemCommand(launch, item);
  const verify = async (): Promise<void> => {
    const accepted = await say({ type: 'verifyNow' });
    if (accepted) answered(accepted.text);
  };
  return (
    <>
      <ActionButton
        first={first}
        refused={refusalOfAction(action)}
        about="Runs its checks afresh."
        saying={saying}
        doing="Verifying"
        onClick={() => void verify()}
      >
        Verify now
      </ActionButton>
      {saying.state === 'refused' && <RefusedBanner refused={saying.refused} />}
    </>
  );
}
