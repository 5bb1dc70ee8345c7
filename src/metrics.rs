//! Counters for the operator, in Prometheus' text format on an address of their own.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Names of labels with their values: both are words of the program, so nobody can fill the metrics with others.
type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Upper bounds in seconds.
const DURATIONS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What the portal counts. Clones count together.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Labels<2>, Counter>,
    durations: Histogram,
    events: Family<Labels<1>, Counter>,
    gateway: Gauge,
    stuck: Gauge,
    connections: Gauge,
}

impl Metrics {
    pub fn new() -> Metrics {
        let (requests, events) = (Family::default(), Family::default());
        let durations = Histogram::new(DURATIONS);
        let (gateway, stuck, connections) = (Gauge::default(), Gauge::default(), Gauge::default());
        // Counters are written with `_total` behind their names, help texts with a full stop.
        let mut registry = Registry::with_prefix("kabinet");
        registry.register("requests", "Answers by method and status", requests.clone());
        registry.register("request_seconds", "Time from request to answer", durations.clone());
        registry.register("events", "What happened: sign-ins, messages, refusals", events.clone());
        registry.register(
            "gateway_is_asked",
            "1 while calls to the card gateway are made, 0 while it is left alone",
            gateway.clone(),
        );
        registry.register(
            "verifications_stuck",
            "Verification charges whose money has not moved for an hour, or is late: see kabinet cards stuck",
            stuck.clone(),
        );
        registry.register("connections", "Connections to the portal that are open now", connections.clone());
        Metrics { registry: Arc::new(registry), requests, durations, events, gateway, stuck, connections }
    }

    pub fn answered(&self, method: &'static str, status: u16, took: Duration) {
        let class = match status {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&[("method", method), ("status", class)]).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// One more of a named event, such as `sign_in_failed`.
    pub fn count_event(&self, event: &'static str) {
        self.events.get_or_create(&[("event", event)]).inc();
    }

    /// Whether the card gateway is asked at present.
    pub fn gateway_is_asked(&self, is_asked: bool) {
        self.gateway.set(i64::from(is_asked));
    }

    pub fn money_is_stuck(&self, charges: i64) {
        self.stuck.set(charges);
    }

    pub(crate) fn connection_opened(&self) {
        self.connections.inc();
    }

    pub(crate) fn connection_closed(&self) {
        self.connections.dec();
    }

    /// All of them, as Prometheus reads them.
    pub fn render(&self) -> String {
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &self.registry) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dashboards and alerts of operators ask for these names.
    #[test]
    fn metrics_keep_their_names() {
        let metrics = Metrics::new();
        metrics.answered("GET", 200, Duration::from_millis(7));
        metrics.count_event("sign_in");
        metrics.gateway_is_asked(true);
        metrics.money_is_stuck(2);
        metrics.connection_opened();
        let text = metrics.clone().render();
        for line in [
            "# TYPE kabinet_requests_total counter",
            "kabinet_requests_total{method=\"GET\",status=\"2xx\"} 1",
            "# TYPE kabinet_request_seconds histogram",
            "kabinet_request_seconds_bucket{le=\"0.005\"} 0",
            "kabinet_request_seconds_bucket{le=\"0.01\"} 1",
            "kabinet_request_seconds_bucket{le=\"+Inf\"} 1",
            "kabinet_request_seconds_count 1",
            "kabinet_request_seconds_sum 0.007",
            "kabinet_events_total{event=\"sign_in\"} 1",
            "# TYPE kabinet_gateway_is_asked gauge",
            "kabinet_gateway_is_asked 1",
            "kabinet_verifications_stuck 2",
            "kabinet_connections 1",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }
}
