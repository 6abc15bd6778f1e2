package main

import (
	"encoding/json"

	"github.com/prometheus/prometheus/discovery/targetgroup"
	"go.yaml.in/yaml/v2"
)

type groupAnswer struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

type groupsAnswer struct {
	Problem string        `json:"problem,omitempty"`
	Groups  []groupAnswer `json:"groups"`
}

// answerGroups is what file_sd and http_sd make of decoded groups.
func answerGroups(groups []*targetgroup.Group, err error) any {
	if err != nil {
		return groupsAnswer{Problem: err.Error()}
	}
	answer := groupsAnswer{Groups: []groupAnswer{}}
	for _, group := range groups {
		if group == nil {
			return groupsAnswer{Problem: "nil target group item found"}
		}
		written := groupAnswer{Targets: []string{}, Labels: map[string]string{}}
		for _, target := range group.Targets {
			written.Targets = append(written.Targets, string(target["__address__"]))
		}
		for name, value := range group.Labels {
			written.Labels[string(name)] = string(value)
		}
		answer.Groups = append(answer.Groups, written)
	}
	return answer
}

func init() {
	// Target groups of a JSON or YAML text, given as base64.
	register("target-groups-json", on(func(body []byte) any {
		var groups []*targetgroup.Group
		err := json.Unmarshal(body, &groups)
		return answerGroups(groups, err)
	}))
	register("target-groups-yaml", on(func(body []byte) any {
		var groups []*targetgroup.Group
		err := yaml.UnmarshalStrict(body, &groups)
		return answerGroups(groups, err)
	}))
}
