// One of everything that the page objects handle. What each command did can be read in the output channel "Probe".
'use strict';

const vscode = require('vscode');

// More than the rows that fit into the window, so that some exist only once they are scrolled to.
const itemCount = 200;

class Items {
  constructor() {
    this.marked = new Set();
    this.removed = new Set();
    this.emitter = new vscode.EventEmitter();
    this.onDidChangeTreeData = this.emitter.event;
  }

  getChildren(id) {
    const depth = id?.split('/').length ?? 0;
    if (depth === 0) {
      return ['Group A', 'Group B'];
    }
    if (depth === 1) {
      return Array.from({ length: itemCount }, (_, index) => `${id}/Item ${index}`).filter(
        (item) => !this.removed.has(item),
      );
    }
    return [`${id}/Leaf $(x) <b>`];
  }

  getTreeItem(id) {
    const path = id.split('/');
    const label = path.at(-1);
    const hasChildren = path.length === 1 || (path.length === 2 && label === 'Item 0');
    const item = new vscode.TreeItem(
      label,
      hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = id;
    item.contextValue = 'item';
    item.tooltip = new vscode.MarkdownString().appendText(`Tooltip of ${id}`);
    if (this.marked.has(id)) {
      item.description = 'marked';
      item.accessibilityInformation = { label: `${label}, marked` };
    }
    return item;
  }

  change() {
    this.emitter.fire(undefined);
  }
}

function targets(node, nodes) {
  return nodes ?? (node === undefined ? [] : [node]);
}

async function ask(log) {
  const color = await vscode.window.showQuickPick(
    [
      { label: 'Red', description: 'warm' },
      { label: 'Blue', description: 'cold' },
    ],
    { title: 'Ask (1/3)', placeHolder: 'Color' },
  );
  if (color === undefined) {
    log.info('asked: nothing');
    return;
  }
  const name = await vscode.window.showInputBox({
    title: 'Ask (2/3)',
    prompt: 'Name',
    validateInput: (value) => (value === '' ? 'Enter a name.' : undefined),
  });
  const secret = await vscode.window.showInputBox({ title: 'Ask (3/3)', prompt: 'Secret', password: true });
  log.info(`asked: ${color.label}, ${name}, ${secret === undefined ? 'none' : `${secret.length} characters`}`);
}

exports.activate = (context) => {
  const log = vscode.window.createOutputChannel('Probe', { log: true });
  const items = new Items();
  let count = 0;
  let hesitated = false;
  const commands = {
    'probe.count': () => {
      count++;
      log.info(`count: ${count}`);
    },
    'probe.ask': () => ask(log),
    'probe.notify': () => {
      for (let index = 1; index <= 5; index++) {
        void vscode.window.showInformationMessage(`Message ${index} of 5`, 'Note It').then((button) => {
          if (button !== undefined) {
            log.info(`noted: ${index}`);
          }
        });
      }
    },
    'probe.hesitate': async () => {
      if (hesitated) {
        await vscode.window.showInformationMessage('No longer.', { modal: true });
      } else {
        hesitated = true;
        void vscode.window.showWarningMessage('The row was just changing. Choose again.');
      }
    },
    'probe.fail': () => {
      throw new Error('It failed on purpose.');
    },
    'probe.mark': (node, nodes) => {
      for (const id of targets(node, nodes)) {
        items.marked.add(id);
      }
      log.info(`marked: ${targets(node, nodes).join(', ')}`);
      items.change();
    },
    'probe.remove': async (node, nodes) => {
      const ids = targets(node, nodes);
      const button = await vscode.window.showWarningMessage(
        `Remove ${ids.length} items?`,
        { modal: true, detail: 'They cannot be brought back.' },
        'Remove',
      );
      if (button === 'Remove') {
        for (const id of ids) {
          items.removed.add(id);
        }
        items.change();
      }
      log.info(`removed: ${button === 'Remove' ? ids.join(', ') : 'nothing'}`);
    },
  };
  context.subscriptions.push(
    log,
    vscode.window.createTreeView('probe.items', { treeDataProvider: items, canSelectMany: true }),
    vscode.window.registerTreeDataProvider('probe.empty', { getChildren: () => [], getTreeItem: () => undefined }),
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
};
