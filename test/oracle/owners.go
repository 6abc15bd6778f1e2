package main

import (
	"strconv"

	"github.com/buraksezer/consistent"
	"github.com/cespare/xxhash/v2"
	"github.com/prometheus/prometheus/model/labels"
)

type member string

func (m member) String() string { return string(m) }

type xxhasher struct{}

func (xxhasher) Sum64(data []byte) uint64 { return xxhash.Sum64(data) }

type ownersInput struct {
	Members   []string `json:"members"`
	Addresses []string `json:"addresses"`
}

// owners places addresses on a ring with the Go allocator's settings.
func owners(input ownersInput) any {
	members := make([]consistent.Member, len(input.Members))
	for i, name := range input.Members {
		members[i] = member(name)
	}
	ring := consistent.New(members, consistent.Config{
		PartitionCount:    1061,
		ReplicationFactor: 5,
		Load:              1.1,
		Hasher:            xxhasher{},
	})
	names := make([]string, len(input.Addresses))
	for i, address := range input.Addresses {
		names[i] = ring.LocateKey([]byte(address)).String()
	}
	return names
}

type targetHashInput struct {
	Labels map[string]string `json:"labels"`
	Job    string            `json:"job"`
}

// targetHash hashes a target's final labels as the Go allocator does: in the order of the label set, without meta labels,
// and then the job.
func targetHash(input targetHashInput) any {
	hash := xxhash.New()
	labels.NewBuilder(labels.FromMap(input.Labels)).Range(func(l labels.Label) {
		if len(l.Name) >= 7 && l.Name[:7] == "__meta_" {
			return
		}
		_, _ = hash.WriteString(l.Name + "\xff" + l.Value + "\xff")
	})
	_, _ = hash.WriteString(input.Job)
	return strconv.FormatUint(hash.Sum64(), 10)
}

func init() {
	register("owners", on(owners))
	register("target_hash", on(targetHash))
}
