package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/discovery/kubernetes"
	"github.com/prometheus/prometheus/discovery/targetgroup"
	"gopkg.in/yaml.v2"
)

// kubernetesQuestion asks what Prometheus discovers now, with each of the configurations, when it is started afresh.
type kubernetesQuestion struct {
	// Elements of kubernetes_sd_configs, as YAML.
	Configs []string `json:"configs"`
	// How long a discovery must have said nothing new.
	QuietMs int `json:"quiet_ms"`
}

type kubernetesGroup struct {
	Labels  model.LabelSet   `json:"labels"`
	Targets []model.LabelSet `json:"targets"`
}

// discovered are the groups with targets by their sources.
type discovered map[string]kubernetesGroup

func init() {
	register("kubernetes_sd", on(func(asked kubernetesQuestion) any {
		answers := make([]any, len(asked.Configs))
		var running sync.WaitGroup
		for i, text := range asked.Configs {
			running.Add(1)
			go func() {
				defer running.Done()
				found, err := discover(text, time.Duration(asked.QuietMs)*time.Millisecond)
				if err != nil {
					answers[i] = map[string]string{"oracle_error": err.Error()}
					return
				}
				answers[i] = found
			}()
		}
		running.Wait()
		return answers
	}))
}

func discover(text string, quiet time.Duration) (discovered, error) {
	var config kubernetes.SDConfig
	if err := yaml.UnmarshalStrict([]byte(text), &config); err != nil {
		return nil, err
	}
	metrics := config.NewDiscovererMetrics(prometheus.NewRegistry(), nil)
	discovery, err := kubernetes.New(slog.New(slog.DiscardHandler), metrics, &config)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	updates := make(chan []*targetgroup.Group)
	go discovery.Run(ctx, updates)
	found := discovered{}
	for {
		select {
		case groups := <-updates:
			found.take(groups)
		case <-time.After(quiet):
			return found, nil
		}
	}
}

func (found discovered) take(groups []*targetgroup.Group) {
	for _, group := range groups {
		if len(group.Targets) == 0 {
			delete(found, group.Source)
			continue
		}
		found[group.Source] = kubernetesGroup{Labels: group.Labels, Targets: group.Targets}
	}
}
