package main

import (
	"strings"
	"unicode"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/relabel"
)

type relabelRule struct {
	SourceLabels []string `json:"source_labels"`
	Separator    *string  `json:"separator"`
	Regex        *string  `json:"regex"`
	// A string, because it is an unsigned 64-bit number.
	Modulus     uint64  `json:"modulus,string"`
	TargetLabel string  `json:"target_label"`
	Replacement *string `json:"replacement"`
	Action      *string `json:"action"`
}

// config is the rule as Prometheus reads it: absent fields are the defaults, the regex is compiled on its own, so that
// only the default one is the default (relabel.go compares pointers).
func (r relabelRule) config() (*relabel.Config, error) {
	config := relabel.DefaultRelabelConfig
	config.NameValidationScheme = model.UTF8Validation
	for _, name := range r.SourceLabels {
		config.SourceLabels = append(config.SourceLabels, model.LabelName(name))
	}
	if r.Separator != nil {
		config.Separator = *r.Separator
	}
	if r.Regex != nil {
		regex, err := relabel.NewRegexp(*r.Regex)
		if err != nil {
			return nil, err
		}
		config.Regex = regex
	}
	config.Modulus = r.Modulus
	config.TargetLabel = r.TargetLabel
	if r.Replacement != nil {
		config.Replacement = *r.Replacement
	}
	if r.Action != nil {
		config.Action = relabel.Action(*r.Action)
	}
	return &config, nil
}

type relabelInput struct {
	Rules  []relabelRule       `json:"rules"`
	Labels []map[string]string `json:"labels"`
}

// The answer to each label set: the labels, or null when it was dropped.
type relabelOutput struct {
	Error   string               `json:"error,omitempty"`
	Results []*map[string]string `json:"results,omitempty"`
}

func runRelabel(input relabelInput) any {
	configs := make([]*relabel.Config, 0, len(input.Rules))
	for _, rule := range input.Rules {
		config, err := rule.config()
		if err != nil {
			return relabelOutput{Error: err.Error()}
		}
		if err := config.Validate(model.UTF8Validation); err != nil {
			return relabelOutput{Error: err.Error()}
		}
		configs = append(configs, config)
	}
	results := make([]*map[string]string, len(input.Labels))
	for i, set := range input.Labels {
		builder := labels.NewBuilder(labels.FromMap(set))
		if relabel.ProcessBuilder(builder, configs...) {
			result := builder.Labels().Map()
			results[i] = &result
		}
	}
	return relabelOutput{Results: results}
}

type caseInput struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// mapCase lists the runes from From to To (exclusive) that strings.ToLower or strings.ToUpper change.
func mapCase(input caseInput) any {
	type change struct {
		Rune  int    `json:"rune"`
		Lower string `json:"lower"`
		Upper string `json:"upper"`
	}
	changes := []change{}
	for r := input.From; r < input.To; r++ {
		text := string(rune(r))
		lower, upper := strings.ToLower(text), strings.ToUpper(text)
		if lower != text || upper != text {
			changes = append(changes, change{r, lower, upper})
		}
	}
	return map[string]any{"unicode": unicode.Version, "changes": changes}
}

func init() {
	register("relabel", on(runRelabel))
	register("case", on(mapCase))
}
