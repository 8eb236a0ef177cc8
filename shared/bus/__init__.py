"""The bus: the only place that knows nameko, kombu and py-amqp.

Nothing is lost and nothing is done twice: only the relay publishes, every message ends in an effect, a
retry or the park, and order is kept by version numbers (docs/architecture.md, ADR 0001–0004).
"""
