{{/* `config` with what the chart fills in, as YAML. */}}
{{- define "target-allocator.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $source := $config.collector_source | default dict -}}
{{- $isPods := eq ($source.type | default "kubernetes") "kubernetes" -}}
{{- $isSelected := or (kindIs "map" (get $config "collector_selector")) (hasKey $source "selector") (hasKey $source "labelSelector") -}}
{{- if and $isPods (not $isSelected) -}}
{{- $labels := dict "app.kubernetes.io/name" "opentelemetry-collector" -}}
{{- if .Values.collectors.kind -}}
{{- $labels = include "target-allocator.collectorLabels" . | fromYaml -}}
{{- end -}}
{{- $_ := set $config "collector_selector" (dict "matchLabels" $labels) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* Where the collectors are, as the allocator sees it. */}}
{{- define "target-allocator.collectorNamespace" -}}
{{- $config := ternary .Values.rbac.config .Values.config (ne .Values.existingConfigMap "") -}}
{{ .Values.collectorNamespace | default $config.collector_namespace | default .Release.Namespace }}
{{- end -}}
