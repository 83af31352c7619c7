'use strict';

const vscode = require('vscode');

exports.activate = async () => {
  await vscode.commands.executeCommand('vsphereSnapshots.inventory.focus');
  await vscode.commands.executeCommand('vsphereSnapshots.exploreDemo');
};
