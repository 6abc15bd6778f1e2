package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"sync"

	ghodss "github.com/ghodss/yaml"
	commonconfig "github.com/prometheus/common/config"
	"github.com/prometheus/prometheus/config"
	_ "github.com/prometheus/prometheus/discovery/file"
	_ "github.com/prometheus/prometheus/discovery/http"
	_ "github.com/prometheus/prometheus/discovery/kubernetes"
	"gopkg.in/yaml.v2"
)

func init() {
	register("config", on(loadConfig))
	register("receiver", on(receiveConfig))
}

// Whether secrets are shown is a global switch of Prometheus' libraries.
var secretsSwitch sync.Mutex

type configAnswer struct {
	// Why the document is refused; empty when it is taken.
	Refused string `json:"refused"`
	// The jobs as the Go allocator serves them, by name.
	Masked   json.RawMessage `json:"masked,omitempty"`
	Revealed json.RawMessage `json:"revealed,omitempty"`
	// Why they cannot be served.
	Unrendered string `json:"unrendered,omitempty"`
}

// loadConfig loads a Prometheus document and renders its jobs.
func loadConfig(text string) any {
	loaded, err := config.Load(text, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return configAnswer{Refused: err.Error()}
	}
	jobs := map[string]*config.ScrapeConfig{}
	for _, job := range loaded.ScrapeConfigs {
		jobs[job.JobName] = job
	}
	answer := configAnswer{}
	if answer.Masked, err = render(jobs, false); err == nil {
		answer.Revealed, err = render(jobs, true)
	}
	if err != nil {
		return configAnswer{Unrendered: err.Error()}
	}
	return answer
}

// render goes the Go allocator's way: YAML, from it JSON, without the regex of rules that take none.
func render(jobs map[string]*config.ScrapeConfig, reveal bool) (json.RawMessage, error) {
	secretsSwitch.Lock()
	defer secretsSwitch.Unlock()
	commonconfig.MarshalSecretValue = reveal
	asYAML, err := yaml.Marshal(jobs)
	if err != nil {
		return nil, err
	}
	asJSON, err := ghodss.YAMLToJSON(asYAML)
	if err != nil {
		return nil, err
	}
	var served map[string]map[string]any
	if err := json.Unmarshal(asJSON, &served); err != nil {
		return nil, err
	}
	for _, job := range served {
		for _, key := range []string{"relabel_configs", "metric_relabel_configs"} {
			rules, _ := job[key].([]any)
			for _, rule := range rules {
				fields, _ := rule.(map[string]any)
				if fields["action"] == "keepequal" || fields["action"] == "dropequal" {
					delete(fields, "regex")
				}
			}
		}
	}
	return json.Marshal(served)
}

// receiveConfig reads served jobs as the OpenTelemetry Collector's Prometheus receiver does; the answer is why it
// refuses them, empty when it takes them.
func receiveConfig(served string) any {
	jobs := map[string]*config.ScrapeConfig{}
	if err := yaml.Unmarshal([]byte(served), &jobs); err != nil {
		return err.Error()
	}
	for _, job := range jobs {
		if err := job.Validate(config.DefaultGlobalConfig); err != nil {
			return err.Error()
		}
	}
	return ""
}
