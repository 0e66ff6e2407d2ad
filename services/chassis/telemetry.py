"""Logs as JSON lines, traces carried through the outbox, metrics for Prometheus. Personal data is struck out by field name.

Log events are dotted facts with ids as fields (`queue.application.registered application_id=…`); a log never holds a name, an
IIN, an address, a phone, a body of a message or a signed document.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import orjson
import structlog
from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

STRUCK = "[struck out]"
_NAMES = re.compile(
    r"(^|_)(iin|bin|name|surname|given|patronymic|email|emails|phone|phones|address|password|secret|token|authorization|"
    r"xml|body|document|certificate|contacts?)($|_)"
)
_ALLOWED = frozenset({"event", "logger", "level", "topic", "service_name", "outbox_token"})
_propagator = TraceContextTextMapPropagator()

EventDict = MutableMapping[str, Any]


def strike_out(_: object, __: str, event: EventDict) -> EventDict:
    """Replaces the value of every field whose name says personal or secret, at any depth."""
    for name in list(event):
        if name not in _ALLOWED and _NAMES.search(name.lower()):
            event[name] = STRUCK
        elif isinstance(event[name], dict):
            event[name] = strike_out(None, "", dict(event[name]))
    return event


def add_trace(_: object, __: str, event: EventDict) -> EventDict:
    """Adds the ids of the trace a line belongs to."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = format(span.trace_id, "032x")
    return event


def _error_without_text(_: object, __: str, event: EventDict) -> EventDict:
    """An exception is logged by its type and place; its text may hold data of a person."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["error_at"] = _places(error)
    return event


def _places(error: BaseException) -> list[str]:
    places: list[str] = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{frame.tb_lineno}:{code.co_name}")
        frame = frame.tb_next
    return places[-6:]


def configure_logs(service: str, level: str) -> None:
    """One JSON line an event on standard output, for our own lines and those of libraries."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_trace,
        _error_without_text,
        strike_out,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(
                    serializer=lambda line, **_: orjson.dumps(line, default=str).decode()
                ),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("aiokafka", "httpx", "httpcore", "uvicorn.access", "pymongo", "twilio", "faststream"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL if noisy == "aiokafka" else logging.ERROR)
    structlog.contextvars.bind_contextvars(service=service)


def configure_traces(service: str) -> None:
    """Makes spans real; where they are sent is the operator's choice (an exporter added to the provider)."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider(resource=Resource.create({"service.name": service})))


def current_traceparent() -> str:
    """The W3C traceparent of the running span, or an empty text."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


@contextmanager
def traced(name: str, traceparent: str = "") -> Iterator[None]:
    """A span around a piece of work, continuing the trace that a request or a message brought."""
    parent = _propagator.extract({"traceparent": traceparent} if traceparent else {}, otel_context.get_current())
    with trace.get_tracer("zholdama").start_as_current_span(name, context=parent):
        yield


class Metrics:
    """The metrics of one service process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "http_server_request_duration_seconds",
            "time to answer a request",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.outbox_pending = Gauge(
            "outbox_pending", "aggregates with facts not yet published", ["collection"], registry=self.registry
        )
        self.outbox_oldest = Gauge(
            "outbox_oldest_age_seconds",
            "age of the oldest fact not yet published",
            ["collection"],
            registry=self.registry,
        )
        self.published = Counter("outbox_published_total", "facts published", ["topic"], registry=self.registry)
        self.heard = Counter("facts_heard_total", "messages handled", ["topic", "outcome"], registry=self.registry)
        self.retries = Counter(
            "facts_retried_total", "attempts that will be repeated", ["topic"], registry=self.registry
        )
        self.dead = Counter("dead_letters_total", "messages put aside", ["topic", "reason"], registry=self.registry)
        self.parked = Gauge("facts_parked", "messages waiting for their cause", registry=self.registry)
        self.parked_oldest = Gauge(
            "facts_parked_oldest_age_seconds", "age of the oldest waiting message", registry=self.registry
        )
        self.lag = Gauge(
            "kafka_consumer_lag",
            "messages behind the end of a partition",
            ["topic", "partition"],
            registry=self.registry,
        )
        self.due_failures = Counter(
            "due_work_failed_total", "due work to be repeated", ["work"], registry=self.registry
        )
