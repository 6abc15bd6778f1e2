{{- define "target-allocator.podSpec" -}}
serviceAccountName: {{ include "target-allocator.serviceAccount" . }}
automountServiceAccountToken: {{ ternary true false (ne (include "target-allocator.needsToken" .) "") }}
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
  {{- include "target-allocator.topology" . | nindent 2 }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "target-allocator.pluginCopies" . }}
containers:
  - name: target-allocator
    image: {{ include "target-allocator.image" . | quote }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    args:
      {{- include "target-allocator.args" . | nindent 6 }}
    {{- include "target-allocator.env" . | nindent 4 }}
    ports:
      - { name: http, containerPort: 8080, protocol: TCP }
      {{- if .Values.https.enabled }}
      - { name: https, containerPort: 8443, protocol: TCP }
      {{- end }}
    startupProbe:
      httpGet: { path: /livez, port: http }
      {{- toYaml .Values.startupProbe | nindent 6 }}
    livenessProbe:
      httpGet: { path: /livez, port: http }
      {{- toYaml .Values.livenessProbe | nindent 6 }}
    readinessProbe:
      httpGet: { path: /readyz, port: http }
      {{- toYaml .Values.readinessProbe | nindent 6 }}
    securityContext:
      {{- toYaml .Values.securityContext | nindent 6 }}
    resources:
      {{- toYaml .Values.resources | nindent 6 }}
    volumeMounts:
      {{- include "target-allocator.mounts" . | nindent 6 }}
volumes:
  {{- include "target-allocator.volumes" . | nindent 2 }}
{{- end -}}

{{/* Not empty: one replica decides for all. Replaced pods of a Deployment overlap, so that there are two for a while. */}}
{{- define "target-allocator.electsLeader" -}}
{{- $config := ternary .Values.rbac.config .Values.config (ne .Values.existingConfigMap "") -}}
{{- $strategies := list $config.allocation_strategy $config.allocation_fallback_strategy -}}
{{- $isAlone := and (eq .Values.kind "StatefulSet") (le (int .Values.replicas) 1) -}}
{{- $isNeeded := and (has "least-weighted" $strategies) (not $isAlone) -}}
{{- if kindIs "bool" .Values.leaderElection.enabled | ternary .Values.leaderElection.enabled $isNeeded }}true{{ end -}}
{{- end -}}

{{- define "target-allocator.args" -}}
- --config-file=/conf/targetallocator.yaml
- --listen-addr=:8080
{{- if .Values.https.enabled }}
- --enable-https-server=true
- --listen-addr-https=:8443
- --https-ca-file=/tls/ca.crt
- --https-tls-cert-file=/tls/tls.crt
- --https-tls-key-file=/tls/tls.key
{{- end }}
{{- if .Values.warmRestart.enabled }}
- --state-dir=/state
{{- end }}
{{- if include "target-allocator.electsLeader" . }}
- --leader-elect=true
- --lease-name={{ include "target-allocator.fullname" . }}
{{- end }}
{{- if .Values.plugins }}
{{- $folders := list }}
{{- range .Values.plugins }}{{ $folders = append $folders (print "/plugins/" .name) }}{{ end }}
- --plugin-dir={{ join "," $folders }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{/* The environment wins over the file: it must not hide what the file says. */}}
{{- define "target-allocator.env" -}}
{{- $isInFile := or .Values.existingConfigMap .Values.config.collector_namespace -}}
{{- $env := .Values.extraEnv -}}
{{- if include "target-allocator.electsLeader" . -}}
{{- range $name, $path := dict "POD_IP" "status.podIP" "POD_NAME" "metadata.name" -}}
{{- $own := dict "fieldRef" (dict "apiVersion" "v1" "fieldPath" $path) -}}
{{- $env = prepend $env (dict "name" $name "valueFrom" $own) -}}
{{- end -}}
{{- end -}}
{{- if .Values.collectorNamespace -}}
{{- $env = prepend $env (dict "name" "OTELCOL_NAMESPACE" "value" .Values.collectorNamespace) -}}
{{- else if not $isInFile -}}
{{- $own := dict "fieldRef" (dict "apiVersion" "v1" "fieldPath" "metadata.namespace") -}}
{{- $env = prepend $env (dict "name" "OTELCOL_NAMESPACE" "valueFrom" $own) -}}
{{- end -}}
{{- with $env -}}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "target-allocator.mounts" -}}
- { name: config, mountPath: /conf, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- if .Values.warmRestart.enabled }}
- { name: state, mountPath: /state }
{{- end }}
{{- if .Values.https.enabled }}
- { name: tls, mountPath: /tls, readOnly: true }
{{- end }}
{{- range .Values.plugins }}
- name: plugin-{{ .name }}
  mountPath: /plugins/{{ .name }}
  readOnly: true
  {{- if eq (.mount | default "volume") "volume" }}
  subPath: {{ .from | default "/plugins" | trimPrefix "/" }}
  {{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "target-allocator.volumes" -}}
- name: config
  configMap:
    name: {{ .Values.existingConfigMap | default (include "target-allocator.fullname" .) }}
    items: [{ key: targetallocator.yaml, path: targetallocator.yaml }]
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- if .Values.warmRestart.enabled }}
- name: state
  emptyDir: { sizeLimit: {{ .Values.warmRestart.sizeLimit | quote }} }
{{- end }}
{{- if .Values.https.enabled }}
- name: tls
  secret:
    secretName: {{ include "target-allocator.tlsSecret" . }}
    # 0440; octal numbers are read differently by different readers of YAML.
    defaultMode: 288
{{- end }}
{{- range .Values.plugins }}
- name: plugin-{{ .name }}
  {{- if eq (.mount | default "volume") "volume" }}
  image: { reference: {{ .image | quote }}, pullPolicy: {{ .pullPolicy | default "IfNotPresent" }} }
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "target-allocator.pluginCopies" -}}
{{- $copies := list -}}
{{- range .Values.plugins }}{{ if eq (.mount | default "volume") "copy" }}{{ $copies = append $copies . }}{{ end }}{{ end -}}
{{- with $copies }}
initContainers:
  {{- range . }}
  - name: plugin-{{ .name }}
    image: {{ .image | quote }}
    imagePullPolicy: {{ .pullPolicy | default "IfNotPresent" }}
    command: [cp, -r, {{ .from | default "/plugins" | printf "%s/." | quote }}, /into]
    securityContext:
      {{- toYaml $.Values.securityContext | nindent 6 }}
    volumeMounts:
      - { name: plugin-{{ .name }}, mountPath: /into }
  {{- end }}
{{- end }}
{{- end -}}

{{- define "target-allocator.topology" -}}
{{- if .Values.topologySpreadConstraints -}}
{{- toYaml .Values.topologySpreadConstraints -}}
{{- else -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "target-allocator.selectorLabels" $ | nindent 6 }}
  {{- if eq $.Values.kind "Deployment" }}
  matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
{{- end -}}
{{- end -}}
