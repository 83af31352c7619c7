/** A disk as a configuration has it. */
export interface DiskConfiguration {
  /** As the vSphere Client shows it: `Hard disk 1`. */
  readonly label: string;
  readonly capacityBytes: number;
  /** In the server's words: `persistent`, `independent_persistent`. */
  readonly mode: string | undefined;
  readonly provisioning: 'thin' | 'thick' | 'raw' | undefined;
  /** What it hangs on: `SCSI controller 0`, and at which place. */
  readonly controller: string | undefined;
  /** File of its base, without the deltas that snapshots put on top: those differ between any two snapshots. */
  readonly file: string | undefined;
}

/** A network card as a configuration has it. */
export interface NetworkConfiguration {
  readonly label: string;
  /** Type of the card, in the server's words: `VirtualVmxnet3`. */
  readonly type: string;
  /** Network or port group. */
  readonly network: string | undefined;
  readonly macAddress: string | undefined;
  readonly connectedAtStart: boolean | undefined;
}

/** Any other device, in the server's words. */
export interface DeviceConfiguration {
  readonly label: string;
  readonly type: string;
  readonly summary: string;
}

/** How a VM is made up, now or when a snapshot was taken. */
export interface VmConfiguration {
  readonly name: string;
  readonly annotation: string;
  /** In the server's words: `vmx-19`. */
  readonly hardwareVersion: string;
  readonly guestName: string;
  readonly firmware: string | undefined;
  readonly cpus: number;
  readonly coresPerSocket: number | undefined;
  readonly memoryMb: number;
  readonly cpuHotAdd: boolean | undefined;
  readonly memoryHotAdd: boolean | undefined;
  readonly changeTracking: boolean | undefined;
  readonly disks: readonly DiskConfiguration[];
  readonly networks: readonly NetworkConfiguration[];
  readonly devices: readonly DeviceConfiguration[];
  /** Advanced options by name. */
  readonly options: ReadonlyMap<string, string>;
}
