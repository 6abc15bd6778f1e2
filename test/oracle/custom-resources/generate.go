package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/ghodss/yaml"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/operator"
	"github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	registry "github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
	kjson "sigs.k8s.io/json"
)

// question asks what one custom resource becomes.
type question struct {
	Kind       string          `json:"kind"`
	Resource   json.RawMessage `json:"resource"`
	Secrets    []values        `json:"secrets"`
	ConfigMaps []values        `json:"config_maps"`
	// The fields of a Prometheus resource that the allocator's administrator sets.
	Spec json.RawMessage `json:"spec"`
	// Where the allocator runs.
	Namespace string `json:"namespace"`
}

// verdict is the answer: the generated document, or why there is none.
type verdict struct {
	Accepted bool `json:"accepted"`
	// Who refused: "types" (the resource cannot be decoded), "spec" (the administrator's options are wrong), "selector" or
	// "generator".
	By     string `json:"by,omitempty"`
	Reason string `json:"reason,omitempty"`
	// The Prometheus document that the generator wrote, and what it says: YAML is read by the library that wrote it.
	Document string          `json:"document,omitempty"`
	Parsed   json.RawMessage `json:"parsed,omitempty"`
}

func refused(by string, reason any) verdict {
	return verdict{By: by, Reason: fmt.Sprint(reason)}
}

// cluster is what the selector may see.
type cluster struct {
	prom     *monitoringv1.Prometheus
	store    *assets.StoreBuilder
	selector *prometheus.ResourceSelector
}

// decode reads JSON as the Kubernetes clients do.
func decode(raw []byte, into any) error {
	return kjson.UnmarshalCaseSensitivePreserveInts(raw, into)
}

func administrated(asked question) (*monitoringv1.Prometheus, error) {
	role := monitoringv1.EndpointSliceRole
	prom := &monitoringv1.Prometheus{ObjectMeta: metav1.ObjectMeta{Namespace: asked.Namespace}}
	prom.Spec.ServiceDiscoveryRole = &role
	if err := decode(asked.Spec, &prom.Spec); err != nil {
		return nil, err
	}
	everything := &metav1.LabelSelector{}
	prom.Spec.ServiceMonitorSelector, prom.Spec.ServiceMonitorNamespaceSelector = everything, everything
	prom.Spec.PodMonitorSelector, prom.Spec.PodMonitorNamespaceSelector = everything, everything
	prom.Spec.ProbeSelector, prom.Spec.ProbeNamespaceSelector = everything, everything
	prom.Spec.ScrapeConfigSelector, prom.Spec.ScrapeConfigNamespaceSelector = everything, everything
	return prom, nil
}

func newCluster(asked question, prom *monitoringv1.Prometheus, namespace string) (*cluster, error) {
	namespaces := cache.NewSharedIndexInformer(&cache.ListWatch{}, &corev1.Namespace{}, 0, cache.Indexers{})
	if err := namespaces.GetStore().Add(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
		return nil, err
	}
	store, err := warmStore(asked)
	if err != nil {
		return nil, err
	}
	selector, err := prometheus.NewResourceSelector(
		slog.New(slog.DiscardHandler),
		prom,
		store,
		namespaces,
		operator.NewMetrics(registry.NewRegistry()),
		operator.NewFakeRecorder(10, prom),
	)
	return &cluster{prom: prom, store: store, selector: selector}, err
}

// warmStore has read all that is there. The Go allocator keeps one store for all resources, so that what one of them has
// read is there for the others, even where the selector forgot to read it; the answer must not depend on which came first.
func warmStore(asked question) (*assets.StoreBuilder, error) {
	store := assets.NewStoreBuilder(configMaps{asked.ConfigMaps}, secrets{asked.Secrets})
	for _, held := range asked.Secrets {
		if err := store.AddObject(held.secret()); err != nil {
			return nil, err
		}
	}
	for _, held := range asked.ConfigMaps {
		if err := store.AddObject(held.configMap()); err != nil {
			return nil, err
		}
	}
	return store, nil
}

// generated is what the generator writes for the resources of the four kinds, of which at most one is there.
func (in *cluster) generated(
	serviceMonitors map[string]*monitoringv1.ServiceMonitor,
	podMonitors map[string]*monitoringv1.PodMonitor,
	probes map[string]*monitoringv1.Probe,
	scrapeConfigs map[string]*v1alpha1.ScrapeConfig,
) verdict {
	generator, err := prometheus.NewConfigGenerator(
		slog.New(slog.DiscardHandler), in.prom, prometheus.WithEndpointSliceSupport(), prometheus.WithInlineTLSConfig())
	if err != nil {
		return refused("spec", err)
	}
	document, err := generator.GenerateServerConfiguration(
		in.prom, serviceMonitors, podMonitors, probes, scrapeConfigs, in.store, nil, nil, nil, []string{})
	if err != nil {
		return refused("generator", err)
	}
	parsed, err := yaml.YAMLToJSON(document)
	if err != nil {
		return refused("generator", err)
	}
	return verdict{Accepted: true, Document: string(document), Parsed: parsed}
}

func listOnly(resource runtime.Object) prometheus.ListAllByNamespaceFn {
	return func(_ string, _ labels.Selector, add cache.AppendFunc) error {
		add(resource)
		return nil
	}
}

// selected gives the valid resources of a selection, and why one is not valid.
func selected[T operator.ConfigurationResource](
	selection operator.TypedResourcesSelection[T], err error,
) (map[string]T, error) {
	if err != nil {
		return nil, err
	}
	for _, resource := range selection {
		for _, condition := range resource.Conditions() {
			if condition.Status != monitoringv1.ConditionTrue {
				return nil, fmt.Errorf("%s", condition.Message)
			}
		}
	}
	return selection.ValidResources(), nil
}

func (in *cluster) answer(kind string, raw json.RawMessage) verdict {
	ctx := context.Background()
	switch kind {
	case "ServiceMonitor":
		resource := &monitoringv1.ServiceMonitor{}
		if err := decode(raw, resource); err != nil {
			return refused("types", err)
		}
		valid, err := selected(in.selector.SelectServiceMonitors(ctx, listOnly(resource)))
		if err != nil {
			return refused("selector", err)
		}
		return in.generated(valid, nil, nil, nil)
	case "PodMonitor":
		resource := &monitoringv1.PodMonitor{}
		if err := decode(raw, resource); err != nil {
			return refused("types", err)
		}
		valid, err := selected(in.selector.SelectPodMonitors(ctx, listOnly(resource)))
		if err != nil {
			return refused("selector", err)
		}
		return in.generated(nil, valid, nil, nil)
	case "Probe":
		resource := &monitoringv1.Probe{}
		if err := decode(raw, resource); err != nil {
			return refused("types", err)
		}
		valid, err := selected(in.selector.SelectProbes(ctx, listOnly(resource)))
		if err != nil {
			return refused("selector", err)
		}
		return in.generated(nil, nil, valid, nil)
	case "ScrapeConfig":
		resource := &v1alpha1.ScrapeConfig{}
		if err := decode(raw, resource); err != nil {
			return refused("types", err)
		}
		valid, err := selected(in.selector.SelectScrapeConfigs(ctx, listOnly(resource)))
		if err != nil {
			return refused("selector", err)
		}
		return in.generated(nil, nil, nil, valid)
	}
	return refused("types", "no kind is named "+kind)
}

// answer says what becomes of a custom resource. A panic of the operator is its answer, too.
func answer(asked question) (said any) {
	defer func() {
		if thrown := recover(); thrown != nil {
			said = refused("panic", thrown)
		}
	}()
	var named metav1.PartialObjectMetadata
	if err := decode(asked.Resource, &named); err != nil {
		return refused("types", err)
	}
	prom, err := administrated(asked)
	if err != nil {
		return refused("spec", err)
	}
	in, err := newCluster(asked, prom, named.Namespace)
	if err != nil {
		return refused("spec", err)
	}
	return in.answer(asked.Kind, asked.Resource)
}
