// Command vcsim serves VMware's vCenter simulator, the package of the govmomi module, on a loopback port. It prints one
// line of JSON, {"url": …}, and runs until it is told to end.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
)

// methodDelays maps a call or the name of a task to the milliseconds that it takes, as vcsim's own flag does.
type methodDelays map[string]int

func (d methodDelays) String() string { return fmt.Sprint(map[string]int(d)) }

func (d methodDelays) Set(text string) error {
	for _, entry := range strings.Split(text, ",") {
		name, value, found := strings.Cut(entry, ":")
		ms, err := strconv.Atoi(value)
		if !found || err != nil {
			return fmt.Errorf("%q is not NAME:ms", entry)
		}
		d[name] = ms
	}
	return nil
}

func main() {
	listen := flag.String("l", "127.0.0.1:0", "address to listen on")
	user := flag.String("username", "user", "the only account")
	password := flag.String("password", "pass", "its password")
	esx := flag.Bool("esx", false, "be an ESXi instead of a vCenter")
	useTLS := flag.Bool("tls", true, "serve https with the simulator's own certificate")
	machines := flag.Int("vm", 2, "VMs in each resource pool")
	delays := methodDelays{}
	flag.Var(delays, "method-delay", "how long tasks and calls take: NAME:ms,NAME:ms")
	load := flag.String("load", "", "directory with an inventory that govc object.save wrote")
	flag.Parse()

	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	}
	model.Machine = *machines
	model.DelayConfig.MethodDelay = delays
	simulator.TaskDelay.MethodDelay = delays
	var err error
	if *load == "" {
		err = model.Create()
	} else {
		err = model.Load(*load)
	}
	if err != nil {
		log.Fatal(err)
	}
	defer model.Remove()

	model.Service.Listen = &url.URL{Host: *listen, User: url.UserPassword(*user, *password)}
	if *useTLS {
		model.Service.TLS = new(tls.Config)
	}
	server := model.Service.NewServer()
	defer server.Close()

	// The person's name and password are part of the simulator's URL; this line is about the address alone.
	address := *server.URL
	address.User = nil
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"url": address.String()}); err != nil {
		log.Fatal(err)
	}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
}
