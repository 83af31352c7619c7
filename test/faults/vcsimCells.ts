import { FaultProxy, type ProxyAction } from '../support/faults/faultProxy';
import { Govc } from '../support/peers/govc';
import { peerProgram } from '../support/peers/peerPrograms';
import { ScaledClock } from '../support/scaledClock';
import { Vcsim } from '../support/servers/vcsim';
import { type Announcement, type Deed, notStruck, type Verdict, writeMethods } from './judgement';
import type { Chapter } from './laboratory';
import { labAddress, timeFactor } from './lane';
import { LabWindow } from './labWindow';
import { until } from './until';

// What vcsim carries out as a real server does.
const vcsimDeeds = ['take', 'restore', 'delete'] as const satisfies readonly Deed[];

// The first VM of vcsim's own inventory.
const vmName = 'DC0_H0_VM0';

const html = '<html><body>Try later</body></html>';
const faults: readonly { readonly name: string; readonly where: string; readonly action: ProxyAction }[] = [
  ...[0, 60, 200, 350, 420].map((bytes) => ({
    name: 'reply cut off',
    where: `at byte ${bytes}`,
    action: { kind: 'cutReply' as const, bytes, how: 'end' as const },
  })),
  { name: 'connection reset in the reply', where: 'at byte 0', action: { kind: 'cutReply', bytes: 0, how: 'reset' } },
  { name: 'request cut off', where: 'at byte 300', action: { kind: 'cutRequest', bytes: 300 } },
  { name: 'connection refused', where: 'the write', action: { kind: 'refuse' } },
  { name: 'request swallowed', where: 'the write', action: { kind: 'silence', forward: false } },
  { name: 'reply withheld', where: 'the write', action: { kind: 'silence', forward: true } },
  { name: 'dripped', where: 'the write', action: { kind: 'drip' } },
  { name: 'byte flipped', where: 'at byte 300', action: { kind: 'corrupt', at: 300, xor: 0x15 } },
  { name: 'reply sent twice', where: 'the write', action: { kind: 'repeat' } },
  ...[false, true].map((forward) => ({
    name: 'gateway answers 502',
    where: forward ? 'after the server' : 'in place of the server',
    action: { kind: 'answer' as const, status: 502, body: html, contentType: 'text/html', forward },
  })),
];

/** Reading, taking, restoring and deleting on VMware's own simulator, a fresh process for each cell; govc is the judge. */
export async function vcsimCells({ isWanted, report }: Chapter): Promise<void> {
  const [vcsim, govc] = [peerProgram('vcsim'), peerProgram('govc')];
  if (vcsim === undefined || govc === undefined) {
    return;
  }
  for (const deed of vcsimDeeds) {
    for (const { name, where, action } of faults) {
      if (isWanted(`${deed} on vcsim: ${name} ${where}`)) {
        report({ operation: `${deed} on vcsim`, fault: name, where, ...(await strike(vcsim, govc, deed, action)) });
      }
    }
  }
  process.stderr.write('vcsim: done\n');
}

async function strike(program: string, govcProgram: string, deed: Deed, action: ProxyAction): Promise<Verdict> {
  const server = await Vcsim.start(program);
  const govc = new Govc(govcProgram, server);
  const target = new URL(server.url);
  const proxy = await FaultProxy.start({ host: target.hostname, port: Number(target.port) }, labAddress);
  const window = new LabWindow(new ScaledClock(timeFactor));
  try {
    for (const name of ['base', 'one']) {
      await govc.run('snapshot.create', '-vm', vmName, '-m=false', name);
    }
    await window.open({ host: labAddress, port: proxy.port, userName: server.user, password: server.password });
    await window.settle();
    const announcement = announcementFor(deed, window);
    const before = await govc.snapshotTree(vmName);
    const armed = proxy.arm({ method: writeMethods[deed], action });
    const { state, sentence } = await window.perform(announcement);
    if (!armed.fired) {
      return { outcome: 'wrong', note: notStruck };
    }
    const after = await govc.snapshotTree(vmName);
    const wanted = { take: 'base (one (new*))', restore: 'base* (one)', delete: 'one*' }[deed as 'take'];
    await window.settle();
    await until('the tree to show the truth', async () => window.draws(vmName) === (await govc.snapshotTree(vmName)));
    const truth = after === wanted ? 'done' : after === before ? 'not done' : `neither: ${after}`;
    const said = state === 'succeeded' ? 'done' : state === 'failed' || state === 'refused' ? 'not done' : state;
    return { outcome: truth === said ? 'survived' : 'wrong', note: `${truth}; person: ${state} ${sentence ?? ''}` };
  } catch (error) {
    return { outcome: 'wrong', note: `${String(error)}\n${window.log}` };
  } finally {
    await window.close();
    await proxy.stop();
    await server.stop();
  }
}

function announcementFor(deed: Deed, window: LabWindow): Announcement {
  const { vmId, snapshotId } = window.find(vmName, 'base');
  return { deed, vmId, vmName, snapshotId: deed === 'take' ? undefined : snapshotId, newName: 'new' };
}
