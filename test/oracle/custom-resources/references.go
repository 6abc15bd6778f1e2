package main

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// values are the values of a Secret or a ConfigMap, as text.
type values struct {
	Namespace string            `json:"namespace"`
	Name      string            `json:"name"`
	Data      map[string]string `json:"data"`
}

func (held values) meta() metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: held.Namespace, Name: held.Name}
}

func (held values) secret() *corev1.Secret {
	data := make(map[string][]byte, len(held.Data))
	for key, value := range held.Data {
		data[key] = []byte(value)
	}
	return &corev1.Secret{ObjectMeta: held.meta(), Data: data}
}

func (held values) configMap() *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: held.meta(), Data: held.Data}
}

func find(all []values, resource, namespace, name string) (values, error) {
	for _, held := range all {
		if held.Namespace == namespace && held.Name == name {
			return held, nil
		}
	}
	return values{}, errors.NewNotFound(schema.GroupResource{Resource: resource}, name)
}

// secrets is a client that can do the one thing that the selector asks of it.
type secrets struct{ all []values }

type namespacedSecrets struct {
	typedcorev1.SecretInterface
	secrets
	namespace string
}

func (of secrets) Secrets(namespace string) typedcorev1.SecretInterface {
	return namespacedSecrets{secrets: of, namespace: namespace}
}

func (of namespacedSecrets) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.Secret, error) {
	held, err := find(of.all, "secrets", of.namespace, name)
	if err != nil {
		return nil, err
	}
	return held.secret(), nil
}

// configMaps is a client that can do the one thing that the selector asks of it.
type configMaps struct{ all []values }

type namespacedConfigMaps struct {
	typedcorev1.ConfigMapInterface
	configMaps
	namespace string
}

func (of configMaps) ConfigMaps(namespace string) typedcorev1.ConfigMapInterface {
	return namespacedConfigMaps{configMaps: of, namespace: namespace}
}

func (of namespacedConfigMaps) Get(_ context.Context, name string, _ metav1.GetOptions) (*corev1.ConfigMap, error) {
	held, err := find(of.all, "configmaps", of.namespace, name)
	if err != nil {
		return nil, err
	}
	return held.configMap(), nil
}
