import { makeCertificate } from '../../src/simulator/devCertificates';
import { FaultProxy } from '../support/faults/faultProxy';
import { control, SimulatorProcess } from '../support/faults/simulatorProcess';
import { ScaledClock } from '../support/scaledClock';
import { type Cell, type Deed, deeds } from './judgement';
import { JudgeProcess } from './judgeProcess';
import type { Chapter } from './laboratory';
import { labAddress, timeFactor } from './lane';
import { LabWindow } from './labWindow';
import { until } from './until';

const certificateOf = async (): Promise<{ readonly key: string; readonly cert: string }> => {
  const { privateKey: key, certificate: cert } = await makeCertificate({ names: [labAddress] });
  return { key, cert };
};

/** The certificate changes in a live session: from then on not a byte may go to whoever has the new one. */
export async function trustCells({ isWanted, report }: Chapter): Promise<void> {
  const server = await SimulatorProcess.start(SimulatorProcess.program, '--vms', '1');
  const target = new URL(server.url);
  const judge = JudgeProcess.start(server.control);
  const [trusted, other] = await Promise.all([certificateOf(), certificateOf()]);
  const proxy = await FaultProxy.start({ host: target.hostname, port: Number(target.port) }, labAddress, {
    certificate: trusted,
  });
  const window = new LabWindow(new ScaledClock(timeFactor));
  const { user: userName, password } = server;
  try {
    await window.open({ host: labAddress, port: proxy.port, userName, password, useTls: true });
    for (const deed of deeds.filter((each) => isWanted(`${each}: certificate changed in a live session`))) {
      await window.settle();
      report(await strike(deed));
      proxy.replaceCertificate(trusted);
    }
  } finally {
    await window.close();
    await proxy.stop();
    judge.stop();
    await server.stop();
  }

  async function strike(deed: Deed): Promise<Cell> {
    const cell = { operation: deed, fault: 'certificate changed', where: 'in a live session' };
    const vmName = `t-${deed}`;
    const { id: vmId } = await control<{ readonly id: string }>(server.control, { command: 'addVm', name: vmName });
    const { id: snapshotId } = await control<{ readonly id: string }>(server.control, {
      command: 'takeSnapshot',
      vm: vmId,
      name: 'base',
    });
    const announcement = { deed, vmId, vmName, snapshotId, newName: 'new' };
    await judge.begin(announcement);
    proxy.countBytes();
    proxy.replaceCertificate(other);
    // Whatever still comes in over connections that are being broken was encrypted for the one who was trusted.
    await until('the window to notice', () => !window.isConnected);
    proxy.countBytes();
    const told = await window.perform(announcement);
    await until('a connection to be tried', () => window.isRefusedForCertificate);
    const bytes = proxy.countBytes();
    const verdict = await judge.end(vmId, {
      ...told,
      proxyFired: true,
      expectedOutcome: undefined,
      expectedTaskError: undefined,
    });
    return bytes === 0
      ? { ...cell, ...verdict }
      : { ...cell, outcome: 'wrong', note: `${bytes} bytes went to whoever has the other certificate` };
  }
}
