// Command vcsim serves VMware's vCenter simulator with as many VMs as the bench wants. vcsim's own start takes 40 ms for
// each VM, because it makes them one after the other by tasks that are polled; here it makes one, and the others are
// copies of it that are put into its registry. What serves them is vcsim unaltered.
//
//	vcsim VMS
package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

const (
	userName       = "administrator@vsphere.local"
	password       = "bench"
	vmsPerFolder   = 100
	snapshotsEvery = 5
	chainLength    = 3
)

// The same letters as in the bench's other servers.
var letters = []rune("abcdefghijklmnopqrstuvwxyz0123456789-_ äöüßéèñçøåłžабвгджзλμπ日本語データ測定中文字符한국어ğışİ&<>\"'😀🚀")

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// text is without blanks at its ends, which some parsers drop.
func text(random *rand.Rand, shortest, longest int) string {
	length := shortest + random.Intn(longest-shortest+1)
	var line strings.Builder
	for i := 0; i < length; i++ {
		line.WriteRune(letters[random.Intn(len(letters))])
	}
	return strings.TrimSpace(line.String())
}

func chain(random *rand.Rand, vm *mo.VirtualMachine, next *int) {
	var list []types.VirtualMachineSnapshotTree
	for depth := chainLength; depth > 0; depth-- {
		*next++
		ref := types.ManagedObjectReference{Type: "VirtualMachineSnapshot", Value: fmt.Sprintf("snapshot-%d", *next)}
		state := types.VirtualMachinePowerStatePoweredOff
		if random.Float64() < 0.3 {
			state = types.VirtualMachinePowerStatePoweredOn
		}
		description := ""
		if random.Float64() < 0.5 {
			description = text(random, 10, 80)
		}
		if depth == chainLength {
			vm.Snapshot = &types.VirtualMachineSnapshotInfo{CurrentSnapshot: &ref}
			vm.RootSnapshot = nil
		}
		list = []types.VirtualMachineSnapshotTree{{
			Snapshot: ref, Vm: vm.Self, Name: text(random, 4, 32), Description: description, Id: int32(depth),
			CreateTime: time.Date(2025, 1, 1, 0, 0, *next, *next%1000*1_000_000, time.UTC), State: state,
			Quiesced: random.Float64() < 0.2, ChildSnapshotList: list,
		}}
	}
	vm.Snapshot.RootSnapshotList = list
	vm.RootSnapshot = []types.ManagedObjectReference{list[0].Snapshot}
}

// fill puts copies of the only VM into folders of a hundred.
func fill(ctx *simulator.Context, count int) {
	random := rand.New(rand.NewSource(int64(count)))
	registry := ctx.Map
	template := registry.Any("VirtualMachine").(*simulator.VirtualMachine)
	folder := registry.Get(*template.Parent).(*simulator.Folder)
	host := registry.Get(*template.Runtime.Host).(*simulator.HostSystem)
	snapshots := 0
	var group *simulator.Folder
	for i := 0; i < count-1; i++ {
		if i%vmsPerFolder == 0 {
			made := folder.CreateFolder(ctx, &types.CreateFolder{This: folder.Self, Name: fmt.Sprintf("Group %d", i/vmsPerFolder+1)})
			group = registry.Get(made.(*methods.CreateFolderBody).Res.Returnval).(*simulator.Folder)
		}
		vm := new(simulator.VirtualMachine)
		vm.VirtualMachine = template.VirtualMachine
		vm.Self = types.ManagedObjectReference{}
		vm.Name = fmt.Sprintf("vm%d %s", i, text(random, 4, 24))
		config := *template.Config
		config.Name = vm.Name
		config.Template = random.Float64() < 0.02
		vm.Config = &config
		vm.Summary.Config.Name = vm.Name
		if random.Float64() < 0.15 {
			vm.Runtime.PowerState = types.VirtualMachinePowerStatePoweredOff
			vm.Summary.Runtime.PowerState = vm.Runtime.PowerState
		}
		registry.PutEntity(group, vm)
		if i%snapshotsEvery == 0 {
			chain(random, &vm.VirtualMachine, &snapshots)
		}
		group.ChildEntity = append(group.ChildEntity, vm.Self)
		host.Vm = append(host.Vm, vm.Self)
	}
}

func main() {
	started := time.Now()
	count, err := strconv.Atoi(os.Args[1])
	check(err)
	model := simulator.VPX()
	model.Host, model.Cluster, model.ClusterHost, model.Machine = 0, 1, 1, 1
	check(model.Create())
	defer model.Remove()
	fill(model.Service.Context, count)
	model.Service.Listen = &url.URL{Host: "127.0.0.2:0", User: url.UserPassword(userName, password)}
	model.Service.TLS = new(tls.Config)
	server := model.Service.NewServer()
	defer server.Close()
	address := *server.URL
	address.User = nil
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"url": address.String(), "user": userName, "password": password,
		"startMs": time.Since(started).Milliseconds(),
	}))
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
}
