"""Leads a VM's snapshots through their whole life with pyVmomi, VMware's SDK, and prints what it saw as JSON.

Standard input: {"host": ..., "port": ..., "user": ..., "password": ..., "vm": ...}. The server speaks plain HTTP.
"""

import json
import sys

from pyVim.connect import Disconnect, SmartConnect
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl


def tree(vm):
    """Names of the snapshots of a VM, each with its children; the current one has a star."""

    current = vm.snapshot.currentSnapshot._moId if vm.snapshot else None

    def draw(nodes):
        return [
            [node.name + ("*" if node.snapshot._moId == current else ""), draw(node.childSnapshotList)]
            for node in nodes
        ]

    return draw(vm.snapshot.rootSnapshotList) if vm.snapshot else []


def find(nodes, name):
    """The snapshot with a name, wherever it is."""

    for node in nodes:
        if node.name == name:
            return node
        found = find(node.childSnapshotList, name)
        if found is not None:
            return found
    return None


def names_by_filter(content, kind):
    """Names of all objects of a kind, read as VMware's own samples do: a view, a filter, one wait for updates."""

    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    collector = content.propertyCollector
    traversal = vmodl.query.PropertyCollector.TraversalSpec(type=vim.view.ContainerView, path="view", skip=False)
    spec = vmodl.query.PropertyCollector.FilterSpec(
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=kind, pathSet=["name"])],
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=view, skip=True, selectSet=[traversal])],
    )
    updates = collector.CreateFilter(spec, False)
    try:
        names, version, more = [], "", True
        while more:
            update = collector.WaitForUpdatesEx(version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=10))
            version, more = update.version, bool(update.truncated)
            for entry in update.filterSet:
                names += [change.val for change_set in entry.objectSet for change in change_set.changeSet]
        return sorted(names)
    finally:
        updates.Destroy()
        view.Destroy()


def fault_of(call):
    """Name of the fault with which a call ends; None when it ends well."""

    try:
        call()
    except vmodl.MethodFault as fault:
        return type(fault).__name__.split(".")[-1]
    return None


def lifecycle(session, vm_name):
    """Every step, in order, with what the server said and held afterwards."""

    content = session.RetrieveContent()
    seen = {
        "about": {"apiType": content.about.apiType, "version": content.about.version},
        "vms": names_by_filter(content, vim.VirtualMachine),
        "hosts": names_by_filter(content, vim.HostSystem),
    }
    view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
    vm = next(vm for vm in view.view if vm.name == vm_name)
    seen["config"] = {"memoryMB": vm.config.hardware.memoryMB, "disks": [
        device.capacityInBytes for device in vm.config.hardware.device if isinstance(device, vim.vm.device.VirtualDisk)
    ]}
    seen["start"] = tree(vm)

    WaitForTask(vm.CreateSnapshot_Task("running", "with memory", True, False))
    seen["created"] = tree(vm)
    node = find(vm.snapshot.rootSnapshotList, "running")
    seen["state"] = {"state": node.state, "quiesced": node.quiesced, "description": node.description}
    node.snapshot.RenameSnapshot(name="renamed", description="new words")
    seen["renamed"] = tree(vm)

    WaitForTask(find(vm.snapshot.rootSnapshotList, "base").snapshot.RevertToSnapshot_Task())
    seen["reverted"] = {"tree": tree(vm), "power": vm.runtime.powerState}
    WaitForTask(find(vm.snapshot.rootSnapshotList, "renamed").snapshot.RevertToSnapshot_Task())
    seen["revertedToMemory"] = {"tree": tree(vm), "power": vm.runtime.powerState}
    WaitForTask(vm.RevertToCurrentSnapshot_Task())

    WaitForTask(find(vm.snapshot.rootSnapshotList, "base").snapshot.RemoveSnapshot_Task(removeChildren=False))
    seen["removedOne"] = tree(vm)
    gone = find(vm.snapshot.rootSnapshotList, "renamed").snapshot
    WaitForTask(gone.RemoveSnapshot_Task(removeChildren=True, consolidate=True))
    seen["removedWithChildren"] = tree(vm)
    WaitForTask(vm.CreateSnapshot_Task("last", "", False, False))
    WaitForTask(vm.RemoveAllSnapshots_Task())
    seen["removedAll"] = tree(vm)
    WaitForTask(vm.ConsolidateVMDisks_Task())
    seen["consolidationNeeded"] = vm.runtime.consolidationNeeded

    seen["tasks"] = [[task.info.descriptionId, str(task.info.state)] for task in vm.recentTask]
    seen["faults"] = {
        "gone": fault_of(lambda: gone.RenameSnapshot(name="x")),
        "noSnapshot": fault_of(lambda: WaitForTask(vm.RevertToCurrentSnapshot_Task())),
        "emptyName": fault_of(lambda: WaitForTask(vm.CreateSnapshot_Task("", "", False, False))),
    }
    return seen


def main():
    wish = json.load(sys.stdin)
    session = SmartConnect(
        protocol="http", host=wish["host"], port=wish["port"], user=wish["user"], pwd=wish["password"]
    )
    try:
        json.dump(lifecycle(session, wish["vm"]), sys.stdout)
    finally:
        Disconnect(session)


main()
