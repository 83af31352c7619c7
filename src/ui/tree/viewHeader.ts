import * as vscode from 'vscode';
import { filterInWords } from '../text/filterText';
import type { Formats } from '../text/formats';
import { joinFacts } from '../text/rowContext';
import type { ServerDirectory } from './serverDirectory';
import type { ViewModel } from './viewModel';

/** What stands beside the title of the view, and in place of rows when there are none. */
export class ViewHeader {
  constructor(
    private readonly view: Pick<vscode.TreeView<unknown>, 'description' | 'message'>,
    private readonly model: ViewModel,
    private readonly directory: ServerDirectory,
    private readonly formats: Formats,
  ) {}

  /** Shows what is true now. */
  update(): void {
    const { view, model, directory, formats } = this;
    const hasDemo = directory.all().some(({ id }) => directory.facts(id)?.isDemo === true);
    const filter = model.isFiltered ? filterInWords(model.filter, formats) : undefined;
    // Properties that must not be set to undefined under exact optional types are cleared by an empty text.
    view.description = joinFacts(filter, hasDemo ? vscode.l10n.t('demo') : undefined);
    view.message = this.emptyMessage(filter) ?? '';
  }

  private emptyMessage(filter: string | undefined): string | undefined {
    const states = this.directory.all().map(({ state }) => state.kind);
    const isComing = states.some((state) => state === 'connecting' || state === 'loading');
    if (isComing || !states.includes('live') || !this.model.isEmpty) {
      return undefined;
    }
    if (this.model.layout !== 'snapshots') {
      return filter === undefined ? undefined : vscode.l10n.t('No VM matches "{0}".', filter);
    }
    return filter === undefined
      ? vscode.l10n.t('No snapshots on the connected servers.')
      : vscode.l10n.t('No snapshot matches "{0}".', filter);
  }
}
