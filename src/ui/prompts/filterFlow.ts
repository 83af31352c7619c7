import * as vscode from 'vscode';
import type { InventoryFilter } from '../../hypervisor/filter/inventoryFilter';
import { filterChoices, valueProblem, valueQuestion, valuesOf, withTicks, withValue } from '../text/filterQuestions';
import type { Formats } from '../text/formats';
import { plain } from '../text/plain';
import { askText } from './askText';
import { pickMany } from './pickMany';

/**
 * Has a filter put together: what is to be ticked first, then the values that it takes.
 *
 * @throws CancelledError when the person gives up.
 */
export async function askFilter(
  present: InventoryFilter,
  isForSnapshots: boolean,
  formats: Formats,
): Promise<InventoryFilter> {
  let filter = present;
  for (;;) {
    filter = await askTicks(filter, isForSnapshots, formats);
    const answered = await askValues(filter);
    if (answered.went === 'next') {
      return answered.filter;
    }
    filter = answered.filter;
  }
}

async function askTicks(filter: InventoryFilter, isForSnapshots: boolean, formats: Formats): Promise<InventoryFilter> {
  const ticks = await pickMany({
    title: vscode.l10n.t('Filter'),
    placeholder: isForSnapshots
      ? vscode.l10n.t('Show only snapshots for which all of this is true')
      : vscode.l10n.t('Show only VMs for which all of this is true'),
    choices: filterChoices(filter, isForSnapshots, formats).map((choice) =>
      'divider' in choice
        ? choice
        : {
            id: choice.tick,
            label: choice.label,
            ...(choice.description !== undefined && { description: plain(choice.description) }),
            isTicked: choice.isTicked,
            value: choice.tick,
          },
    ),
  });
  return withTicks(filter, ticks);
}

async function askValues(
  ticked: InventoryFilter,
): Promise<{ readonly went: 'next' | 'back'; readonly filter: InventoryFilter }> {
  let filter = ticked;
  const values = valuesOf(filter);
  let at = 0;
  for (let value = values[at]; value !== undefined; value = values[at]) {
    const asked = value;
    const { went, value: typed } = await askText({
      title: vscode.l10n.t('Filter'),
      position: { step: at + 2, totalSteps: values.length + 1, canGoBack: true },
      ...valueQuestion(filter, asked),
      validate: (text) => {
        const message = valueProblem(asked, text);
        return message === undefined ? undefined : { severity: 'error', message };
      },
    });
    if (went === 'next' || valueProblem(asked, typed) === undefined) {
      filter = withValue(filter, asked, typed);
    }
    at += went === 'next' ? 1 : -1;
    if (at < 0) {
      return { went: 'back', filter };
    }
  }
  return { went: 'next', filter };
}
