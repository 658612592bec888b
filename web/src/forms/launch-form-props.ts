import type { PossibleAction } from '../api/types';

export interface LaunchFormProps {
  /** As the rules answered for the reader; `choices` are answers or reports. */
  action: PossibleAction;
  /** Called when it was given up, or with the answer where it was accepted. */
  close: (said?: string) => void;
}
