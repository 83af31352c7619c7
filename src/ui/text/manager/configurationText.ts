import * as l10n from '@vscode/l10n';
import { clipEnd, compareNatural, formatBytes, oneLine } from '../../../common/text';
import type { VmConfiguration } from '../../../hypervisor/model/vmConfiguration';

// Values of options may be whole scripts. What differs shows, and nobody reads the rest here.
const valueLimit = 1_000;

/**
 * A configuration as lines of plain text, in a fixed order, so that an editor can show line by line what is different.
 *
 * @remarks Lines that are about one thing begin alike, and lists are sorted by what a person calls their items.
 */
export function configurationText(configuration: VmConfiguration): string {
  const { cpus, coresPerSocket, memoryMb, disks, networks, devices, options, annotation } = configuration;
  const sections: (readonly [title: string, lines: readonly Line[]])[] = [
    [
      l10n.t('General'),
      [
        [l10n.t('Name'), configuration.name],
        [l10n.t('Guest'), configuration.guestName],
        [l10n.t('Hardware version'), configuration.hardwareVersion],
        [l10n.t('Firmware'), configuration.firmware],
        [l10n.t('Changed block tracking'), onOff(configuration.changeTracking)],
      ],
    ],
    [
      l10n.t('CPU and memory'),
      [
        [l10n.t('CPUs'), String(cpus)],
        [l10n.t('Cores per socket'), coresPerSocket === undefined ? undefined : String(coresPerSocket)],
        [l10n.t('Memory'), formatBytes(memoryMb * 1024 ** 2)],
        [l10n.t('CPU hot add'), onOff(configuration.cpuHotAdd)],
        [l10n.t('Memory hot add'), onOff(configuration.memoryHotAdd)],
      ],
    ],
    ...[...disks]
      .sort((a, b) => compareNatural(a.label, b.label))
      .map(
        ({ label, capacityBytes, mode, provisioning, controller, file }) =>
          [
            oneLine(label),
            [
              [l10n.t('Capacity'), formatBytes(capacityBytes)],
              [l10n.t('Mode'), mode],
              [l10n.t('Provisioning'), provisioning],
              [l10n.t('Attached to'), controller],
              [l10n.t('File'), file],
            ],
          ] as const,
      ),
    ...[...networks]
      .sort((a, b) => compareNatural(a.label, b.label))
      .map(
        ({ label, type, network, macAddress, connectedAtStart }) =>
          [
            oneLine(label),
            [
              [l10n.t('Network'), network],
              [l10n.t('Adapter'), type],
              [l10n.t('MAC address'), macAddress],
              [l10n.t('Connect at power on'), onOff(connectedAtStart)],
            ],
          ] as const,
      ),
    [
      l10n.t('Other devices'),
      devices
        .map(({ label, type, summary }): Line => [
          oneLine(label),
          [type, summary].filter((part) => part !== '').join(', '),
        ])
        .sort(byName),
    ],
    [l10n.t('Options'), [...options].map(([key, value]): Line => [oneLine(key), value]).sort(byName)],
  ];
  const notes =
    annotation === '' ? [] : ['', `[${l10n.t('Notes')}]`, ...annotation.split(/\r\n?|\n/).map((line) => oneLine(line))];
  return [...sections.flatMap(([title, lines]) => section(title, lines)), ...notes, ''].join('\n').trimStart();
}

type Line = readonly [name: string, value: string | undefined];

function section(title: string, lines: readonly Line[]): string[] {
  const shown = lines.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}: ${clipEnd(oneLine(value), valueLimit)}`],
  );
  return shown.length === 0 ? [] : ['', `[${title}]`, ...shown];
}

function byName([a]: Line, [b]: Line): number {
  return compareNatural(a, b);
}

function onOff(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? l10n.t('on') : l10n.t('off');
}
