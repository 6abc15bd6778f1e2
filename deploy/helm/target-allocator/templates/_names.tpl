{{- define "target-allocator.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* The release's name alone where it says what it is. 52 characters leave room for -collector. */}}
{{- define "target-allocator.fullname" -}}
{{- $name := include "target-allocator.name" . -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains $name .Release.Name -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{- define "target-allocator.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "target-allocator.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{- define "target-allocator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "target-allocator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: target-allocator
{{- end -}}

{{- define "target-allocator.collectorLabels" -}}
app.kubernetes.io/name: opentelemetry-collector
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: opentelemetry-collector
{{- end -}}

{{- define "target-allocator.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "target-allocator.labels" -}}
{{ include "target-allocator.selectorLabels" . }}
{{ include "target-allocator.commonLabels" . }}
{{- end -}}

{{- define "target-allocator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ printf "%s@%s" .repository .digest }}
{{- else -}}
{{ printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "target-allocator.tlsSecret" -}}
{{- if .Values.https.existingSecret -}}
{{ .Values.https.existingSecret }}
{{- else if .Values.https.certManager.enabled -}}
{{ include "target-allocator.fullname" . }}-server
{{- else -}}
{{ fail "https.enabled needs https.existingSecret or https.certManager.enabled" }}
{{- end -}}
{{- end -}}
