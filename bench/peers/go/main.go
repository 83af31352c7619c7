// The job by govmomi, as its own examples do it: a ContainerView and one Retrieve.
package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"strings"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func flag(value bool) string {
	if value {
		return "1"
	}
	return "0"
}

func write(line *strings.Builder, list []types.VirtualMachineSnapshotTree, depth int) {
	for i := range list {
		s := &list[i]
		fmt.Fprintf(line, "|%d,%s,%d,%s,%s,%d,%s,%s", depth, s.Snapshot.Value, s.Id, s.Name, s.Description,
			s.CreateTime.UnixMilli(), s.State, flag(s.Quiesced))
		write(line, s.ChildSnapshotList, depth+1)
	}
}

func main() {
	ctx := context.Background()
	target, err := url.Parse(os.Args[1])
	check(err)
	target.User = url.UserPassword(os.Args[2], os.Args[3])
	client, err := govmomi.NewClient(ctx, target, true)
	check(err)
	manager := view.NewManager(client.Client)
	container, err := manager.CreateContainerView(ctx, client.ServiceContent.RootFolder, []string{"VirtualMachine"}, true)
	check(err)
	var vms []mo.VirtualMachine
	paths := []string{"name", "parent", "runtime.powerState", "runtime.host", "runtime.consolidationNeeded",
		"config.template", "snapshot"}
	check(container.Retrieve(ctx, []string{"VirtualMachine"}, paths, &vms))
	var sum uint32
	for i := range vms {
		vm := &vms[i]
		var line strings.Builder
		parent, host, current := "", "", ""
		if vm.Parent != nil {
			parent = vm.Parent.Value
		}
		if vm.Runtime.Host != nil {
			host = vm.Runtime.Host.Value
		}
		var roots []types.VirtualMachineSnapshotTree
		if vm.Snapshot != nil {
			roots = vm.Snapshot.RootSnapshotList
			if vm.Snapshot.CurrentSnapshot != nil {
				current = vm.Snapshot.CurrentSnapshot.Value
			}
		}
		consolidation := vm.Runtime.ConsolidationNeeded
		template := vm.Config != nil && vm.Config.Template
		fmt.Fprintf(&line, "%s|%s|%s|%s|%s|%s|%s|%s", vm.Self.Value, vm.Name, parent, vm.Runtime.PowerState, host,
			flag(consolidation), flag(template), current)
		write(&line, roots, 1)
		hash := fnv.New32a()
		hash.Write([]byte(line.String()))
		sum += hash.Sum32()
	}
	check(client.Logout(ctx))
	fmt.Printf("%d %08x\n", len(vms), sum)
}
