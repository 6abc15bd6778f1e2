/** The process' metrics as one scrape sees them. */
export abstract class MetricsText {
  /** Collects all metrics now; `contentType` is that of the Prometheus text format, with its version. */
  abstract text(): Promise<{ readonly contentType: string; readonly body: string }>;
}
