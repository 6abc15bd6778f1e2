{{/*
What the configuration needs in the cluster: the same as `target-allocator rbac` prints, which a test of the repository holds
this to. It follows src/modules/cluster-rights/{discovery,custom-resource,needed}-rights.ts and role-manifests.ts.
*/}}

{{/* One right; the same one twice is one. Arguments: rights, namespace, group, resource, verbs, need, resourceName. */}}
{{- define "target-allocator.right" -}}
{{- $rights := index . 0 -}}
{{- $right := dict "namespace" (index . 1) "group" (index . 2) "resource" (index . 3) "verbs" (splitList "," (index . 4)) "need" (index . 5) "name" (index . 6) -}}
{{- $key := list $right.namespace $right.group $right.resource $right.name (index . 4) | join "\n" -}}
{{- $former := get $rights $key | default $right -}}
{{- if eq $former.need "always" -}}
{{- $_ := set $right "need" "always" -}}
{{- end -}}
{{- $_ := set $rights $key $right -}}
{{- end -}}

{{/* Arguments: rights, namespace, words of `group/resource`, need. */}}
{{- define "target-allocator.followed" -}}
{{- $args := . -}}
{{- range splitList " " (index . 2) -}}
{{- $kind := splitList "/" . -}}
{{- include "target-allocator.right" (list (index $args 0) (index $args 1) (index $kind 0) (index $kind 1) "list,watch" (index $args 3) "") -}}
{{- end -}}
{{- end -}}

{{/* Arguments: rights, config, collectors' namespace. */}}
{{- define "target-allocator.collectorRights" -}}
{{- $config := index . 1 -}}
{{- $source := $config.collector_source | default dict -}}
{{- $isPods := eq ($source.type | default "kubernetes") "kubernetes" -}}
{{- $isSelected := or (kindIs "map" (get $config "collector_selector")) (hasKey $source "selector") (hasKey $source "labelSelector") -}}
{{- if and $isPods $isSelected -}}
{{- include "target-allocator.followed" (list (index . 0) ($source.namespace | default (index . 2)) "/pods" "always") -}}
{{- end -}}
{{- end -}}

{{/* Arguments: rights, config, own namespace. */}}
{{- define "target-allocator.discoveryRights" -}}
{{- $rights := index . 0 -}}
{{- $own := index . 2 -}}
{{- $kinds := dict "pod" "/pods" "service" "/services" "endpoints" "/endpoints /services /pods" "endpointslice" "discovery.k8s.io/endpointslices /services /pods" "ingress" "networking.k8s.io/ingresses" "node" "/nodes" -}}
{{- range ((index . 1).config | default dict).scrape_configs -}}
{{- range .kubernetes_sd_configs -}}
{{- if not (or .api_server .kubeconfig_file) -}}
{{- $role := .role -}}
{{- $attach := .attach_metadata | default dict -}}
{{- $where := .namespaces | default dict -}}
{{- $names := $where.names | default list -}}
{{- if $where.own_namespace }}{{ $names = append $names $own }}{{ end -}}
{{- if or (empty $names) (has "" $names) (eq $role "node") }}{{ $names = list "" }}{{ end -}}
{{- $hasPods := has $role (list "pod" "endpoints" "endpointslice") -}}
{{- range $names -}}
{{- include "target-allocator.followed" (list $rights . (get $kinds $role) "always") -}}
{{- if and $hasPods $attach.deployment }}{{ include "target-allocator.followed" (list $rights . "apps/replicasets" "always") }}{{ end -}}
{{- if and $hasPods $attach.cronjob }}{{ include "target-allocator.followed" (list $rights . "batch/jobs" "always") }}{{ end -}}
{{- end -}}
{{- if and $attach.namespace (ne $role "node") }}{{ include "target-allocator.followed" (list $rights "" "/namespaces" "always") }}{{ end -}}
{{- if and $hasPods $attach.node }}{{ include "target-allocator.followed" (list $rights "" "/nodes" "always") }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Arguments: rights, prometheus_cr, collectors' namespace. */}}
{{- define "target-allocator.customResourceRights" -}}
{{- $rights := index . 0 -}}
{{- $cr := index . 1 -}}
{{- $own := index . 2 -}}
{{- $secrets := $cr.secret_namespaces | default list -}}
{{- $slices := ternary "/endpoints" "discovery.k8s.io/endpointslices" (eq ($cr.service_discovery_role | default "") "Endpoints") -}}
{{- range $key, $resource := dict "service_monitor" "servicemonitors" "pod_monitor" "podmonitors" "probe" "probes" "scrape_config" "scrapeconfigs" -}}
{{- $isSelected := kindIs "map" (get $cr (print $key "_selector")) -}}
{{- $selector := get $cr (print $key "_namespace_selector") | default dict -}}
{{- $isByLabels := not (and (empty $selector.matchLabels) (empty $selector.matchlabels) (empty $selector.matchExpressions) (empty $selector.matchexpressions)) -}}
{{- $allowed := $cr.allow_namespaces | default list -}}
{{- $namespaces := list -}}
{{- range uniq $allowed -}}
{{- if not (has . ($cr.deny_namespaces | default list)) }}{{ $namespaces = append $namespaces . }}{{ end -}}
{{- end -}}
{{- if empty $allowed }}{{ $namespaces = list "" }}{{ end -}}
{{- range $namespace := $namespaces -}}
{{- include "target-allocator.followed" (list $rights . (print "monitoring.coreos.com/" $resource) (ternary "always" "sometimes" $isSelected)) -}}
{{- if $isSelected -}}
{{- if $isByLabels }}{{ include "target-allocator.right" (list $rights "" "" "namespaces" "list,watch" "always" .) }}{{ end -}}
{{- if eq $key "service_monitor" }}{{ include "target-allocator.followed" (list $rights . (print $slices " /services /pods") "always") }}{{ end -}}
{{- if eq $key "pod_monitor" }}{{ include "target-allocator.followed" (list $rights . "/pods" "always") }}{{ end -}}
{{- if eq $key "probe" }}{{ include "target-allocator.followed" (list $rights . "networking.k8s.io/ingresses" "sometimes") }}{{ end -}}
{{- if has $key (list "service_monitor" "pod_monitor") }}{{ include "target-allocator.followed" (list $rights "" "/nodes" "sometimes") }}{{ end -}}
{{- include "target-allocator.right" (list $rights . "" "configmaps" "get" "sometimes" "") -}}
{{- include "target-allocator.right" (list $rights . "" "events" "create" "sometimes" "") -}}
{{- if empty $secrets }}{{ include "target-allocator.right" (list $rights . "" "secrets" "get" "sometimes" "") }}{{ end -}}
{{- range ternary (list $own) $secrets (empty $secrets) -}}
{{- if and . (or (eq $namespace "") (eq $namespace .)) -}}
{{- if $secrets }}{{ include "target-allocator.right" (list $rights . "" "secrets" "get" "sometimes" "") }}{{ end -}}
{{- include "target-allocator.right" (list $rights . "" "secrets" "list,watch" "sometimes" "") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Those of `rights` that none of `granted` gives already. A dict: {kept: [...]}. Arguments: rights, granted. */}}
{{- define "target-allocator.uncovered" -}}
{{- $granted := index . 1 -}}
{{- $kept := list -}}
{{- range $right := index . 0 -}}
{{- $isCovered := false -}}
{{- range $granted -}}
{{- $isSame := and (eq .group $right.group) (eq .resource $right.resource) (eq .name "") -}}
{{- $isOther := or (ne .namespace $right.namespace) (ne .name $right.name) (ne (join "," .verbs) (join "," $right.verbs)) -}}
{{- $isLasting := or (eq .need "always") (eq $right.need "sometimes") -}}
{{- $missing := without $right.verbs "" -}}
{{- range .verbs }}{{ $missing = without $missing . }}{{ end -}}
{{- if and $isSame $isOther $isLasting (empty $missing) }}{{ $isCovered = true }}{{ end -}}
{{- end -}}
{{- if not $isCovered }}{{ $kept = append $kept $right }}{{ end -}}
{{- end -}}
{{- dict "kept" $kept | toJson -}}
{{- end -}}

{{/* JSON: {key: right}, all that the configuration needs. */}}
{{- define "target-allocator.rights" -}}
{{- $config := dict -}}
{{- if not .Values.existingConfigMap }}{{ $config = include "target-allocator.config" . | fromYaml }}
{{- else }}{{ $config = .Values.rbac.config }}{{ end -}}
{{- $collectors := include "target-allocator.collectorNamespace" . -}}
{{- $cr := $config.prometheus_cr | default dict -}}
{{- $rights := dict -}}
{{- include "target-allocator.collectorRights" (list $rights $config $collectors) -}}
{{- include "target-allocator.discoveryRights" (list $rights $config .Release.Namespace) -}}
{{- if or $cr.enabled (has "--enable-prometheus-cr-watcher" .Values.extraArgs) (has "--enable-prometheus-cr-watcher=true" .Values.extraArgs) -}}
{{- include "target-allocator.customResourceRights" (list $rights $cr $collectors) -}}
{{- end -}}
{{- if include "target-allocator.electsLeader" . -}}
{{- include "target-allocator.right" (list $rights .Release.Namespace "coordination.k8s.io" "leases" "create" "always" "") -}}
{{- include "target-allocator.right" (list $rights .Release.Namespace "coordination.k8s.io" "leases" "get,update" "always" (include "target-allocator.fullname" .)) -}}
{{- end -}}
{{- toJson $rights -}}
{{- end -}}

{{/*
Not empty: the pod gets the token of its service account. Also where that cannot be told: a configuration that is not the
chart's, plugins, further rules and flags, and a file of the service account that the configuration names itself.
*/}}
{{- define "target-allocator.needsToken" -}}
{{- $isUnknown := or .Values.existingConfigMap .Values.plugins .Values.rbac.extraRules .Values.rbac.extraClusterRules .Values.extraArgs -}}
{{- $isNamed := contains "secrets/kubernetes.io/serviceaccount" (toJson .Values.config) -}}
{{- if or $isUnknown $isNamed (include "target-allocator.rights" . | fromJson) }}true{{ end -}}
{{- end -}}

{{/* JSON: {roles: [{namespace, rights}]}, that of the whole cluster first, with an empty namespace. */}}
{{- define "target-allocator.roles" -}}
{{- $rights := include "target-allocator.rights" . | fromJson -}}
{{- $wide := list -}}
{{- $namespaces := list -}}
{{- range keys $rights | sortAlpha -}}
{{- $right := get $rights . -}}
{{- if eq $right.namespace "" }}{{ $wide = append $wide $right }}{{ else }}{{ $namespaces = append $namespaces $right.namespace }}{{ end -}}
{{- end -}}
{{- $granted := list -}}
{{- if not .Values.rbac.namespaceScoped }}{{ $granted = (include "target-allocator.uncovered" (list $wide $wide) | fromJson).kept }}{{ end -}}
{{- $roles := list -}}
{{- if $granted }}{{ $roles = append $roles (dict "namespace" "" "rights" $granted) }}{{ end -}}
{{- range $namespace := uniq $namespaces -}}
{{- $own := list -}}
{{- range keys $rights | sortAlpha }}{{ $right := get $rights . }}{{ if eq $right.namespace $namespace }}{{ $own = append $own $right }}{{ end }}{{ end -}}
{{- with (include "target-allocator.uncovered" (list $own $granted) | fromJson).kept -}}
{{- $roles = append $roles (dict "namespace" $namespace "rights" .) -}}
{{- end -}}
{{- end -}}
{{- dict "roles" $roles | toJson -}}
{{- end -}}
