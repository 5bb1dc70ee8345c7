//! Counters for the operator, in Prometheus' text format on an address of their own.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use prometheus::{Encoder, Histogram, HistogramOpts, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

/// What the portal counts. Clones count together.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: Option<IntCounterVec>,
    durations: Option<Histogram>,
    events: Option<IntCounterVec>,
    gateway: Option<IntGauge>,
    stuck: Option<IntGauge>,
}

impl Metrics {
    pub fn new() -> Metrics {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("kabinet_requests_total", "Answers by method and status"),
            &["method", "status"],
        )
        .ok();
        let durations = Histogram::with_opts(HistogramOpts::new(
            "kabinet_request_seconds",
            "Time from request to answer",
        ))
        .ok();
        let events = IntCounterVec::new(
            Opts::new("kabinet_events_total", "What happened: sign-ins, messages, refusals"),
            &["event"],
        )
        .ok();
        let gateway = IntGauge::new(
            "kabinet_gateway_is_asked",
            "1 while calls to the card gateway are made, 0 while it is left alone",
        )
        .ok();
        let stuck = IntGauge::new(
            "kabinet_checks_stuck",
            "Check charges whose money has not moved for an hour, or is late: see kabinet cards stuck",
        )
        .ok();
        let metrics = Metrics { registry, requests, durations, events, gateway, stuck };
        metrics.register();
        metrics
    }

    fn register(&self) {
        let mut parts: Vec<Box<dyn prometheus::core::Collector>> = Vec::new();
        parts.extend(self.requests.clone().map(boxed));
        parts.extend(self.durations.clone().map(boxed));
        parts.extend(self.events.clone().map(boxed));
        parts.extend(self.gateway.clone().map(boxed));
        parts.extend(self.stuck.clone().map(boxed));
        for part in parts {
            if let Err(error) = self.registry.register(part) {
                tracing::error!(%error, "a metric cannot be counted");
            }
        }
    }

    pub fn answered(&self, method: &str, status: u16, took: Duration) {
        let class = match status {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        if let Some(requests) = &self.requests {
            requests.with_label_values(&[method, class]).inc();
        }
        if let Some(durations) = &self.durations {
            durations.observe(took.as_secs_f64());
        }
    }

    /// One more of a named event, such as `sign_in_failed`.
    pub fn happened(&self, event: &'static str) {
        if let Some(events) = &self.events {
            events.with_label_values(&[event]).inc();
        }
    }

    /// Whether the card gateway is asked at present.
    pub fn gateway_is_asked(&self, is_asked: bool) {
        if let Some(gateway) = &self.gateway {
            gateway.set(i64::from(is_asked));
        }
    }

    pub fn money_is_stuck(&self, charges: i64) {
        if let Some(stuck) = &self.stuck {
            stuck.set(charges);
        }
    }

    fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "metrics cannot be written");
        }
        text
    }
}

fn boxed(part: impl prometheus::core::Collector + 'static) -> Box<dyn prometheus::core::Collector> {
    Box::new(part)
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

/// GET /metrics
pub async fn show(state: web::Data<super::State>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(state.metrics.text())
}
