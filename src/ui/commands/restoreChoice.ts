import type { ConfirmationChoice } from '../text/confirmations';

/** As the argument of a restore: whether to take a snapshot first was chosen before, with the outcome drawn. */
export class RestoreChoice {
  constructor(readonly chosen: ConfirmationChoice) {}
}
