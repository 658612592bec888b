import type { ReactNode } from 'react';
import type { ItemCommandName } from '../../../domain/commands';
import { Acknowledge } from './acknowledge';
import { Assign } from './assign';
import { Attest } from './attest';
import { Decide } from './decide';
import type { ItemFormProps } from './item-form-props';
import { Reopen } from './reopen';
import { Resolve } from './resolve';
import { Retract } from './retract';
import { Waive } from './waive';

/** What people say to an item by a form in a dialog: its button, and the line beside it. */
export const ITEM_FORMS: {
  readonly [type in ItemCommandName]?: {
    button: string;
    about: string;
    Form: (props: ItemFormProps) => ReactNode;
  };
} = {
  acknowledge: { button: 'Acknowledge', about: 'You have seen it and are on it.', Form: Acknowledge },
  attest: { button: 'Attest', about: 'Your word that a criterion is met.', Form: Attest },
  decide: { button: 'Decide', about: 'Choose one of the options, and say why.', Form: Decide },
  resolve: { button: 'Resolve', about: 'It is done; its checks run before that is believed.', Form: Resolve },
  assign: { button: 'Assign', about: 'Change who holds it.', Form: Assign },
  waive: { button: 'Waive', about: 'Accept it unmet, with a reason and an expiry.', Form: Waive },
  reopen: { button: 'Reopen', about: 'It is not done after all.', Form: Reopen },
  retract: { button: 'Retract', about: 'Take your word, or your waiver, back.', Form: Retract },
};
