package main

import (
	"net/url"
	"time"

	"github.com/alecthomas/units"
	"github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

func init() {
	register("url", on(readURL))
	register("label_selector", on(func(text string) any { _, err := labels.Parse(text); return err == nil }))
	register("field_selector", on(func(text string) any { _, err := fields.ParseSelector(text); return err == nil }))
	register("prometheus_duration", on(readPrometheusDuration))
	register("go_duration", on(readGoDuration))
	register("byte_size", on(readByteSize))
}

// textAnswer is the canonical form of a text, or that it is none.
type textAnswer struct {
	Taken     bool   `json:"taken"`
	Canonical string `json:"canonical"`
	// Of URLs, without the password.
	Redacted string `json:"redacted,omitempty"`
}

func readURL(text string) any {
	parsed, err := url.Parse(text)
	if err != nil {
		return textAnswer{}
	}
	return textAnswer{Taken: true, Canonical: parsed.String(), Redacted: parsed.Redacted()}
}

func readPrometheusDuration(text string) any {
	duration, err := model.ParseDuration(text)
	if err != nil {
		return textAnswer{}
	}
	return textAnswer{Taken: true, Canonical: duration.String()}
}

func readGoDuration(text string) any {
	duration, err := time.ParseDuration(text)
	if err != nil {
		return textAnswer{}
	}
	return textAnswer{Taken: true, Canonical: duration.String()}
}

func readByteSize(text string) any {
	size, err := units.ParseBase2Bytes(text)
	if err != nil {
		return textAnswer{}
	}
	return textAnswer{Taken: true, Canonical: size.String()}
}
