import type { WorkbenchSettings } from './userSettings';

/** Settings that leave a workbench without anything that moves, offers itself or reaches for the network. */
export const quietSettings: WorkbenchSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.reduceMotion': 'on',
  // Settings and the like open as a dialog otherwise, over everything that is to be looked at.
  'workbench.editor.useModal': 'off',
  'window.commandCenter': false,
  'window.menuBarVisibility': 'classic',
  'window.confirmBeforeClose': 'never',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'npm.fetchOnlinePackageInfo': false,
  'json.schemaDownload.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'remote.autoForwardPorts': false,
  // The file dialog of the workbench itself; the operating system's cannot be driven.
  'files.simpleDialog.enable': true,
  'editor.accessibilitySupport': 'off',
};
